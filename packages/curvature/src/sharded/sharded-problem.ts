import {
  type AugmentationPlan,
  type BackendName,
  type Dataset,
  type Network,
  type Normalisation,
  statisticsCount,
} from '@hessian-rmt/models';

/** What to compute sums of, and with what: plain data throughout, for every thread opens the engine for itself. */
export interface ShardedProblem {
  readonly network: Network;
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
  /** Of everything but the sums, which are float64. Default float64, which is all that dense networks have. */
  readonly precision?: 'float64' | 'float32';
  /** Path or name of a BLAS library, or `portable`. Default: the environment variable HESSIAN_RMT_BLAS, else what is found. */
  readonly library?: string;
  /** Samples at once where they are no mini-batches. Default: 32, of dense networks 1,024. */
  readonly chunk?: number;
}

/** tfjs in float32: each worker with a backend of its own, all with the one device if that is what there is. */
export interface TensorEngine {
  readonly kind: 'tensor';
  /** Default: the environment variable HESSIAN_RMT_BACKEND, else the first that loads. */
  readonly backend?: BackendName;
  /** Samples at once where they are no mini-batches. Default 64. */
  readonly chunk?: number;
}

export const defaultEngine: Engine = { kind: 'native' };

/** Granziol et al. 2020 take Hessians in training mode; mini-batches of 32 are our choice. */
export function normalisationOf({ network, normalisation }: ShardedProblem): Normalisation {
  if (normalisation) return normalisation;
  return network.kind === 'convolutional' && statisticsCount(network) > 0
    ? { mode: 'training', batch: 32 }
    : { mode: 'evaluation', statistics: new Float64Array() };
}

/** Samples that an engine computes with at once. */
export function batchSize(problem: ShardedProblem, engine: Engine): number {
  const { network, data, augmentation } = problem;
  const normalisation = normalisationOf(problem);
  const count = data.count * (augmentation?.copies ?? 1);
  if (network.kind === 'convolutional' && normalisation.mode === 'training')
    return Math.min(normalisation.batch, count);
  const chunk = engine.kind === 'tensor' ? 64 : network.kind === 'dense' ? 1024 : 32;
  return Math.min(engine.chunk ?? chunk, count);
}
