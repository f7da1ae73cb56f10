export { empiricalCumulative } from './empirical-cumulative.js';
export { type GaussianOrthogonalParameters, gaussianOrthogonal } from './ensembles/gaussian-orthogonal.js';
export { type WishartParameters, wishart, wishartEigenvalues } from './ensembles/wishart.js';
export { type Histogram, type HistogramOptions, histogram } from './histogram.js';
export { type KernelDensityOptions, kernelDensity } from './kernel-density.js';
export { type KolmogorovSmirnovOptions, kolmogorovSmirnov, kolmogorovSmirnovBetween } from './kolmogorov-smirnov.js';
export type { Atom, Complex, Interval, Law, SpectralLaw } from './law.js';
export {
  type FreeCompoundPoisson,
  type FreeCompoundPoissonParameters,
  type FreeJump,
  freeCompoundPoisson,
} from './laws/free-compound-poisson.js';
export type { HessianLaw } from './laws/hessian-law.js';
export { type ImprovedHessianParameters, improvedHessian } from './laws/improved-hessian.js';
export { type LawOfDensityParameters, lawOfDensity } from './laws/law-of-density.js';
export { type MarchenkoPasturParameters, marchenkoPastur } from './laws/marchenko-pastur.js';
export { type ProductWishartParameters, productWishart } from './laws/product-wishart.js';
export { semicircle } from './laws/semicircle.js';
export { type WishartPlusWignerParameters, wishartPlusWigner } from './laws/wishart-plus-wigner.js';
export {
  type SpikedWishart,
  type SpikedWishartParameters,
  type SpikeImage,
  spikedWishart,
  spikeOfOutlier,
} from './spiked/spiked-wishart.js';
