export { andersonDarling } from './anderson-darling.js';
export { empiricalCumulative } from './empirical-cumulative.js';
export {
  type BetaHermiteParameters,
  betaHermite,
  betaHermiteEigenvalues,
  type TridiagonalMatrix,
} from './ensembles/beta-hermite.js';
export { type BetaLaguerreParameters, betaLaguerre, betaLaguerreEigenvalues } from './ensembles/beta-laguerre.js';
export { type ComplexMatrix, hermitianEigenvalues } from './ensembles/complex-matrix.js';
export { complexWishart } from './ensembles/complex-wishart.js';
export { type GaussianParameters, gaussianOrthogonal, gaussianUnitary } from './ensembles/gaussian.js';
export {
  type GaussianProcessHessianParameters,
  gaussianProcessHessian,
  type HessianCovariance,
  type HessianCovarianceOptions,
  hessianCovariance,
  type KernelAtZero,
} from './ensembles/gaussian-process-hessian.js';
export { haarUnitary } from './ensembles/haar-unitary.js';
export {
  type ProductWishartMatrixParameters,
  productWishartEigenvalues,
  productWishartMatrix,
} from './ensembles/product-wishart.js';
export { type WishartParameters, wishart, wishartEigenvalues } from './ensembles/wishart.js';
export { freeAdditiveConvolution } from './free/additive-convolution.js';
export { freeAdditivePower } from './free/additive-power.js';
export { type AffineImage, affineImage } from './free/affine-image.js';
export { discreteLaw, type EmpiricalLawOptions, empiricalLaw } from './free/discrete-law.js';
export { indexOf } from './free/index-of.js';
export { freeMultiplicativeConvolution } from './free/multiplicative-convolution.js';
export { type Histogram, type HistogramOptions, histogram } from './histogram.js';
export { type KernelDensityOptions, kernelDensity } from './kernel-density.js';
export { type KolmogorovSmirnovOptions, kolmogorovSmirnov, kolmogorovSmirnovBetween } from './kolmogorov-smirnov.js';
export type { Atom, Complex, FreeLevyTriple, Interval, Law, SpectralLaw } from './law.js';
export { berryRobnik } from './laws/berry-robnik.js';
export { brodyDistribution } from './laws/brody.js';
export {
  type FreeCompoundPoisson,
  type FreeCompoundPoissonParameters,
  freeCompoundPoisson,
} from './laws/free-compound-poisson.js';
export type { HessianLaw } from './laws/hessian-law.js';
export { type ImprovedHessianParameters, improvedHessian } from './laws/improved-hessian.js';
export { type LawOfDensityParameters, lawOfDensity } from './laws/law-of-density.js';
export { type MarchenkoPasturParameters, marchenkoPastur } from './laws/marchenko-pastur.js';
export { type ProductWishartParameters, productWishart } from './laws/product-wishart.js';
export { semicircle } from './laws/semicircle.js';
export { type DysonIndex, poissonSpacing, wignerSurmise } from './laws/spacing.js';
export { foldedPoissonRatio, foldedRatioSurmise, poissonRatio, ratioSurmise } from './laws/spacing-ratio.js';
export { tracyWidom } from './laws/tracy-widom.js';
export { type WishartPlusWignerParameters, wishartPlusWigner } from './laws/wishart-plus-wigner.js';
export { berryRobnikFit } from './spectra/berry-robnik-fit.js';
export { type BootstrapParameters, bootstrapInterval } from './spectra/bootstrap-interval.js';
export { brodyFit } from './spectra/brody-fit.js';
export { type DistanceEstimate, type DistanceParameters, distanceInterval } from './spectra/distance-interval.js';
export { type DistinctLevels, type DistinctLevelsOptions, distinctLevels } from './spectra/distinct-levels.js';
export { type GaussianBroadeningOptions, gaussianBroadening } from './spectra/gaussian-broadening.js';
export {
  goeReference,
  type LevelReferenceParameters,
  levelReference,
  type ReferenceParameters,
  type ReferenceSample,
} from './spectra/level-reference.js';
export type { LevelEnsemble, LongRangeParameters, LongRangePoint } from './spectra/long-range.js';
export {
  type MeanEstimate,
  type MeanOptions,
  meanWithStandardError,
} from './spectra/mean-with-standard-error.js';
export { numberVariance, numberVarianceOf } from './spectra/number-variance.js';
export { poissonLevels } from './spectra/poisson-levels.js';
export { polynomialUnfolding } from './spectra/polynomial-unfolding.js';
export type { ResampledEstimate } from './spectra/resampling.js';
export { smoothingSplineUnfolding } from './spectra/smoothing-spline-unfolding.js';
export type { SpacingFit, SpacingFitOptions } from './spectra/spacing-fit.js';
export { foldedSpacingRatios, spacingRatios } from './spectra/spacing-ratios.js';
export { nextNearestSpacings, spacings } from './spectra/spacings.js';
export { spectralRigidity, spectralRigidityOf } from './spectra/spectral-rigidity.js';
export {
  gaussianOrthogonalUnfolding,
  lawUnfolding,
  pooledUnfolding,
  type Unfolding,
} from './spectra/unfolding.js';
export type { SpikeImage } from './spiked/spike-image.js';
export {
  type Outlier,
  type SpikedLaw,
  type SpikedLawParameters,
  spikedLaw,
  spikeOfOutlier,
} from './spiked/spiked-law.js';
export {
  type SpikedWigner,
  type SpikedWignerParameters,
  spikedWigner,
  spikeOfWignerOutlier,
} from './spiked/spiked-wigner.js';
export {
  type SpikedWishart,
  type SpikedWishartParameters,
  spikedWishart,
  spikeOfWishartOutlier,
} from './spiked/spiked-wishart.js';
export { freeCumulants, momentsOfFreeCumulants } from './transforms/free-cumulants.js';
export { blueTransform, rTransform, sTransform } from './transforms/inverse.js';
export {
  momentTransform,
  type StieltjesInversionOptions,
  stieltjesInversion,
  stieltjesTransform,
} from './transforms/stieltjes.js';
