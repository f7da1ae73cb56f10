export { barzilaiBorwein } from './critical-points/barzilai-borwein.js';
export { type DescendToLossOptions, descendToLoss } from './critical-points/descend-to-loss.js';
export {
  type CriticalPoint,
  type CriticalPointMethod,
  type CriticalPointOptions,
  criticalPointMethods,
  findCriticalPoint,
} from './critical-points/find-critical-point.js';
export { type GradientDescentOptions, gradientDescent } from './critical-points/gradient-descent.js';
export { type Criticality, criticality, halfSquaredGradient } from './critical-points/gradient-norm.js';
export { type LbfgsOptions, lbfgs } from './critical-points/lbfgs.js';
export {
  type HessianInto,
  type LevenbergMarquardtOptions,
  levenbergMarquardt,
} from './critical-points/levenberg-marquardt.js';
export type { Descent, DescentEnd, DescentOptions, SmoothFunction } from './critical-points/smooth-function.js';
export {
  type DeflatedHessian,
  type DeflationOptions,
  deflatedHessian,
  deflationEntries,
} from './deflation/deflated-hessian.js';
export { type DeflatedSpectrum, deflatedSpectrum, paddedWithZeros } from './deflation/deflated-spectrum.js';
export { type MeasuredRoundingFloor, measuredRoundingFloor } from './deflation/rounding-floor.js';
export type { StructuralZeros } from './deflation/structural-zeros.js';
export { type ExactHessianOptions, exactHessian } from './exact/exact-hessian.js';
export { type GaussNewtonDecomposition, gaussNewtonDecomposition } from './exact/gauss-newton-decomposition.js';
export { type MatrixOf, type MatrixOfOptions, matrixOf } from './exact/matrix-of.js';
export type { HessianPart } from './exact/unit-tangents.js';
export { type LanczosCheckpoint, lanczosFiles } from './lanczos/checkpoint.js';
export {
  type ExtremalEigenpairs,
  type ExtremalEigenpairsOptions,
  extremalEigenpairs,
} from './lanczos/extremal-eigenpairs.js';
export {
  type KanielPaigeSaadBound,
  type KanielPaigeSaadOptions,
  kanielPaigeSaadBound,
} from './lanczos/kaniel-paige-saad.js';
export { type LanczosOptions, type LanczosResult, lanczos } from './lanczos/lanczos.js';
export type { LanczosRecurrence } from './lanczos/recurrence.js';
export { type Extremes, type RitzPairs, ritzPairs } from './lanczos/ritz-pairs.js';
export type { RitzValues } from './lanczos/ritz-values.js';
export { type RandomVectorLaw, randomVector, randomVectorLaws, type StartVector } from './lanczos/start-vector.js';
export { type DisplacementShare, displacementShare } from './landscape/displacement-share.js';
export { type Barrier, type LossLine, type LossLineOptions, lossAlongLine } from './landscape/loss-along-line.js';
export type { LandscapeOptions, LossPoint } from './landscape/loss-points.js';
export {
  type LossPlane,
  type LossPlaneOptions,
  type LossSliceOptions,
  lossPlane,
  lossSlice,
} from './landscape/loss-slices.js';
export type { LossAt, SampleLosses } from './landscape/sample-losses.js';
export { availableMemory, InsufficientMemoryError } from './memory.js';
export type * from './operator.js';
export {
  denseOperator,
  fromMatvec,
  gaussNewtonOperator,
  hessianOperator,
  type OperatorOptions,
} from './operators.js';
export { countAbove, type Elbow, elbow } from './outliers/elbow.js';
export { type LargestGap, largestGap } from './outliers/largest-gap.js';
export { type LargestRatio, largestRatio } from './outliers/largest-ratio.js';
export { type RankReport, rankReport } from './outliers/rank-report.js';
export type { ScreeRange } from './outliers/scree.js';
export { namedParameters, type ParameterSelection, parametersMatching } from './parameters/parameters-matching.js';
export { restricted } from './parameters/restricted.js';
export { type BulkRange, type BulkSkewness, bulkSkewness } from './quadrature/bulk-skewness.js';
export { type SpectralMoment, spectralMoments } from './quadrature/moments.js';
export { type NegativeMass, negativeMass } from './quadrature/negative-mass.js';
export { integral, largestWeights, massUpTo, moment, pooled, type Quadrature } from './quadrature/quadrature.js';
export {
  kernelWidthGhorbani,
  kernelWidthPapyan,
  type SmoothedDensity,
  type SmoothedDensityOptions,
  smoothedDensity,
} from './quadrature/smoothed-density.js';
export {
  type StochasticLanczosQuadratureOptions,
  type StochasticQuadrature,
  stochasticLanczosQuadrature,
  type VectorQuadrature,
} from './quadrature/stochastic-lanczos-quadrature.js';
export type { PassOptions } from './sharded/for-each-shard.js';
export type { ShardedProducts } from './sharded/products-of-crew.js';
export type { Engine, NativeEngine, ShardedProblem, TensorEngine } from './sharded/sharded-problem.js';
export { type ShardedOptions, shardedMemory, shardedProducts } from './sharded/sharded-products.js';
export type { Shard } from './sharded/shards.js';
export { sharedDataset } from './sharded/shared-data.js';
export { type EigenvaluesOptions, eigenvalues, spectrumOf } from './spectrum.js';
export { type HutchPlusPlusOptions, hutchPlusPlus } from './trace/hutch-plus-plus-meyer-2021.js';
export { type HutchinsonOptions, hutchinson, squaredFrobeniusNorm } from './trace/hutchinson-1990.js';
export type { Estimate, TraceOptions } from './trace/trace-estimate.js';
export { type XTraceOptions, xtrace } from './trace/xtrace-epperly-2024.js';
