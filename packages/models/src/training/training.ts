import type { DenseNetwork, Weights } from '../network.js';
import type { Network } from '../networks.js';
import type { ResolvedOptions } from './options.js';

/**
 * Where training stands after `step` steps: of the mean loss over all data, without weight decay, dropout or augmentation.
 * Batch normalisation acts in training mode, on mini-batches of consecutive samples: the loss is then a function of the
 * weights alone, whatever the running statistics are.
 */
export interface TrainingRecord {
  readonly step: number;
  readonly loss: number;
  /** Euclidean norm of the gradient of this loss. */
  readonly gradientNorm: number;
  /** Share of training samples classified correctly, when it was asked for. */
  readonly accuracy?: number;
}

/**
 * What the mini-batches of an epoch gave while training went through it: with augmentation and dropout, and at weights
 * that moved on. Sums, so that an epoch can be interrupted; divided by `samples` they are the usual training curves.
 */
export interface EpochSums {
  readonly samples: number;
  readonly loss: number;
  /** Samples classified correctly. */
  readonly correct: number;
}

/** What training gave, with all it takes to go on. */
export interface Training<N extends Network = DenseNetwork> {
  readonly network: N;
  readonly weights: Weights;
  /** Mean of the iterates that `options.averaging` names; absent without it, and while none of them has come. */
  readonly averaged?: Weights;
  /**
   * Running means and variances of batch normalisation, in the layout of `statisticsBlocks`: what `weights` are evaluated
   * with. Absent for networks without. Those of `averaged` are not kept: see `evaluationStatistics`.
   */
  readonly statistics?: Float64Array;
  /** v of the last update: what momentum goes on with. */
  readonly velocity: Float64Array;
  /** Steps done. */
  readonly steps: number;
  /** At step 0, every `recordEvery` steps, and at the end; empty when it is `never`. */
  readonly history: readonly TrainingRecord[];
  /** Of convolutional networks trained by sgd: every epoch, the last maybe unfinished. Absent for dense networks. */
  readonly epochs?: readonly EpochSums[];
  /** `steps`: all were done. `loss`, `gradient`: this stopping condition held. */
  readonly stoppedBecause: 'steps' | 'loss' | 'gradient';
  readonly options: ResolvedOptions;
  /**
   * What the gradients came from: the identity of the linear algebra (float64 for dense networks, else with the precision)
   * or of the tfjs backend (float32), as it stands in manifests.
   */
  readonly gradientsFrom: string;
  /** Name of the random stream the order of the samples came from. */
  readonly random: string;
  /** What it was trained on; the checksum is the SHA-256 of the inputs, labels and targets themselves, as scaled and cut. */
  readonly data: { readonly name: string; readonly count: number; readonly checksum: string };
}

/** The loss left all bounds: there are no weights to look at. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';

  constructor(
    readonly step: number,
    readonly rate: number,
    readonly loss: number,
    bound: number,
  ) {
    super(`training diverged at step ${step}, rate ${rate}: expected a loss below ${bound}, found ${loss}`);
  }
}
