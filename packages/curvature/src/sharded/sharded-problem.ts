import type {
  AugmentationPlan,
  BackendName,
  ConvolutionalNetwork,
  Dataset,
  DenseNetwork,
  Normalisation,
} from '@hessian-rmt/models';

/**
 * What to compute sums of, and with what: plain data throughout, for every thread opens the engine for itself.
 */
export interface ShardedProblem {
  readonly network: DenseNetwork | ConvolutionalNetwork;
  readonly data: Dataset;
  /** Augmented copies of the data take the place of the data; made where they are needed, never kept. */
  readonly augmentation?: AugmentationPlan;
  /** Default, of networks with batch normalisation: training mode, mini-batches of 32 samples. */
  readonly normalisation?: Normalisation;
  /** Default: native, in float64. */
  readonly engine?: Engine;
}

/** What a thread computes with. */
export type Engine = NativeEngine | TensorEngine;

/** Matrix products of a BLAS, on one thread each worker, or the portable ones where there is none. */
export interface NativeEngine {
  readonly kind: 'native';
  /** Of everything but the sums, which are float64. Default float64. */
  readonly precision?: 'float64' | 'float32';
  /** Path or name of a BLAS library, or `portable`. Default: the environment variable HESSIAN_RMT_BLAS, else what is found. */
  readonly library?: string;
}

/** tfjs in float32: each worker with a backend of its own. */
export interface TensorEngine {
  readonly kind: 'tensor';
  /** Default: the environment variable HESSIAN_RMT_BACKEND, else the first that loads. */
  readonly backend?: BackendName;
}
