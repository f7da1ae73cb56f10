import {
  type CurvatureKind,
  type Dataset,
  type SampleSource,
  type SampleSums,
  sampleLosses,
} from '@hessian-rmt/models';
import { openSums, samplesOfProblem } from './open-sums.js';
import type { ShardedProblem } from './sharded-problem.js';
import type { Shard } from './shards.js';

/** What can be asked of a shard. */
export type ShardTask = 'loss' | 'gradient' | 'outputs' | 'sample losses' | CurvatureKind;

/** One shard to compute. Weights and vector lie in memory that all threads share. */
export interface ShardOrder extends Shard {
  readonly task: ShardTask;
  /** Shared memory that takes a sum of `parameters` elements, or what there is of each sample; none for the loss alone. */
  readonly result?: Float64Array;
}

/** Sums over the samples of a shard, NaN where the task does not give them. */
export interface ShardAnswer {
  readonly loss: number;
  readonly correct: number;
}

/** Memory that all threads read: the point at which everything is computed, and the vector of a product. */
export interface SharedPoint {
  readonly weights: Float64Array;
  readonly vector: Float64Array;
}

/** How the samples are summed, once an engine is open. */
export type SumsDescription = Pick<SampleSums, 'parameters' | 'outputs' | 'count' | 'granule' | 'identity'>;

/** Computes shards on the thread that it is on. */
export class ShardSums {
  readonly description: SumsDescription;

  private constructor(
    private readonly sums: SampleSums,
    private readonly problem: ShardedProblem,
    private readonly samples: Dataset | SampleSource,
    private readonly point: SharedPoint,
  ) {
    const { parameters, outputs, count, granule, identity } = sums;
    this.description = { parameters, outputs, count, granule, identity };
  }

  static async open(problem: ShardedProblem, point: SharedPoint): Promise<ShardSums> {
    const samples = samplesOfProblem(problem);
    return new ShardSums(await openSums(problem, samples), problem, samples, point);
  }

  /** @throws RangeError when the problem's engine finds that something does not fit, Error when the engine fails */
  compute({ task, from, to, result }: ShardOrder): ShardAnswer {
    const { sums, point } = this;
    const { weights, vector } = point;
    switch (task) {
      case 'loss':
        return sums.loss(weights, from, to);
      case 'gradient':
        result!.fill(0);
        return { loss: sums.addGradient(weights, from, to, result!), correct: Number.NaN };
      case 'outputs':
        result!.set(sums.outputsOf(weights, from, to));
        return nothing;
      case 'sample losses':
        return this.sampleLosses(from, to, result!);
      default:
        result!.fill(0);
        sums.addProduct(task, weights, vector, from, to, result!);
        return nothing;
    }
  }

  dispose(): void {
    this.sums.dispose();
  }

  private sampleLosses(from: number, to: number, result: Float64Array): ShardAnswer {
    const { sums, samples, problem, point } = this;
    const { losses, correct } = sampleLosses(sums, problem.network.loss, samples, point.weights, from, to);
    result.set(losses);
    return { loss: losses.reduce((sum, loss) => sum + loss, 0), correct };
  }
}

const nothing: ShardAnswer = { loss: Number.NaN, correct: Number.NaN };
