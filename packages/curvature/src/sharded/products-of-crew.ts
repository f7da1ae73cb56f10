import type { CurvatureKind, Network, Weights } from '@hessian-rmt/models';
import type { SampleLosses } from '../landscape/sample-losses.js';
import type { Operator } from '../operator.js';
import { fromMatvec } from '../operators.js';
import type { Crew } from './crew.js';
import { forEachShard, type PassOptions, shardsAhead } from './for-each-shard.js';
import type { ShardAnswer, ShardTask, SharedPoint, SumsDescription } from './shard-sums.js';
import { type Shard, shardSize, shardsOf } from './shards.js';
import { sharedNumbers } from './shared-data.js';

/**
 * Loss, gradient and products of a network over a data set, computed by several threads. Sums over the shards are added
 * in the shards' order: the same bytes on any number of workers. All are means over the samples.
 *
 * Passes over the data run one after the other, however they are called; until its promise settles, what a method was
 * given must not be written. Every method rejects with RangeError when a vector does not have `parameters` elements
 * (`operator` and its `matvec` throw it), with the signal's reason when stopped, and with an Error that names the samples
 * when a shard failed on two workers.
 */
export interface ShardedProducts extends SumsDescription {
  readonly workers: number;
  readonly shards: readonly Shard[];
  /** Products with the Hessian, the Gauss-Newton or the empirical Fisher matrix at these weights. */
  operator(kind: CurvatureKind, weights: Weights, options?: PassOptions): Operator;
  loss(weights: Weights, options?: PassOptions): Promise<{ readonly loss: number; readonly accuracy: number }>;
  gradient(
    weights: Weights,
    options?: PassOptions,
  ): Promise<{ readonly loss: number; readonly gradient: Float64Array }>;
  /** Outputs of the network (logits), count x outputs. */
  outputsOf(weights: Weights, options?: PassOptions): Promise<Float64Array>;
  /** The loss of each sample: for standard errors, paired between two points. */
  sampleLosses(weights: Weights, options?: PassOptions): Promise<SampleLosses>;
  /** Ends the workers; what is under way is rejected. */
  close(): Promise<void>;
}

/** One task for all shards. */
interface Pass {
  readonly task: ShardTask;
  readonly weights: Weights;
  readonly vector?: Float64Array | undefined;
  /** Shared memory for what a shard gives. */
  resultOf?(shard: number): Float64Array;
  finish(answer: ShardAnswer, shard: number): void;
}

/** Sums of a crew's shards, and means of them. */
export class ProductsOfCrew implements ShardedProducts {
  readonly parameters: number;
  readonly outputs: number;
  readonly count: number;
  readonly granule: number;
  readonly identity: string;
  readonly workers: number;
  readonly shards: readonly Shard[];

  /** Memory for the sums of shards, which goes round. */
  private readonly slots: readonly Float64Array[];
  /** The pass under way: weights and vector are there once, so the next one waits. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly crew: Crew,
    network: Network,
    private readonly point: SharedPoint,
    shard?: number,
    private readonly afterClose: () => Promise<void> = async () => {},
  ) {
    const { parameters, outputs, count, granule, identity } = crew.description;
    this.parameters = parameters;
    this.outputs = outputs;
    this.count = count;
    this.granule = granule;
    this.identity = identity;
    this.workers = crew.size;
    const size = shard === undefined ? shardSize(network, count, granule) : Math.ceil(shard / granule) * granule;
    this.shards = shardsOf(count, size);
    this.slots = Array.from({ length: shardsAhead(crew) }, () => sharedNumbers(parameters));
  }

  operator(kind: CurvatureKind, weights: Weights, options?: PassOptions): Operator {
    this.check('weights', weights);
    return fromMatvec(this.parameters, async (vector) => {
      const { sum } = await this.sum(kind, weights, vector, options);
      return sum;
    });
  }

  async gradient(weights: Weights, options?: PassOptions) {
    const { sum, loss } = await this.sum('gradient', weights, undefined, options);
    return { loss, gradient: sum };
  }

  async loss(weights: Weights, options?: PassOptions) {
    const total = new Total();
    await this.pass({ task: 'loss', weights, finish: total.add }, options);
    return total.mean(this.count);
  }

  async outputsOf(weights: Weights, options?: PassOptions): Promise<Float64Array> {
    const { values } = await this.ofEachSample('outputs', weights, this.outputs, options);
    return values;
  }

  async sampleLosses(weights: Weights, options?: PassOptions): Promise<SampleLosses> {
    const { values, accuracy } = await this.ofEachSample('sample losses', weights, 1, options);
    return { losses: values, accuracy };
  }

  async close(): Promise<void> {
    await this.crew.close();
    await this.afterClose();
  }

  /** Mean over the samples of what shards sum up in vectors. */
  private async sum(task: ShardTask, weights: Weights, vector: Float64Array | undefined, options?: PassOptions) {
    const sum = new Float64Array(this.parameters);
    const total = new Total();
    const slotOf = (shard: number) => this.slots[shard % this.slots.length];
    const finish = (answer: ShardAnswer, shard: number) => {
      const part = slotOf(shard);
      for (let i = 0; i < sum.length; i++) sum[i] += part[i];
      total.add(answer);
    };
    await this.pass({ task, weights, vector, resultOf: slotOf, finish }, options);
    for (let i = 0; i < sum.length; i++) sum[i] /= this.count;
    return { sum, loss: total.mean(this.count).loss };
  }

  /** `width` numbers a sample, in a vector that is not shared. */
  private async ofEachSample(task: ShardTask, weights: Weights, width: number, options?: PassOptions) {
    const values = sharedNumbers(this.count * width);
    const total = new Total();
    const rowsOf = (shard: number) => {
      const { from, to } = this.shards[shard];
      return values.subarray(from * width, to * width);
    };
    await this.pass({ task, weights, resultOf: rowsOf, finish: total.add }, options);
    return { values: values.slice(), accuracy: total.mean(this.count).accuracy };
  }

  /** Runs a pass over all shards when it is its turn. */
  private async pass({ task, weights, vector, resultOf, finish }: Pass, options?: PassOptions): Promise<void> {
    this.check('weights', weights);
    const pass = this.turn.then(async () => {
      this.point.weights.set(weights);
      if (vector) this.point.vector.set(vector);
      const order = (shard: number) => ({
        ...this.shards[shard],
        task,
        ...(resultOf && { result: resultOf(shard) }),
      });
      await forEachShard(this.crew, this.shards.length, order, finish, options);
    });
    this.turn = pass.catch(() => {});
    await pass;
  }

  private check(name: string, vector: Float64Array): void {
    if (vector.length === this.parameters) return;
    throw new RangeError(`${name}: expected ${this.parameters} parameters, found ${vector.length}`);
  }
}

/** What shards say of their samples, summed in their order. */
class Total {
  private loss = 0;
  private correct = 0;

  readonly add = ({ loss, correct }: ShardAnswer): void => {
    this.loss += loss;
    this.correct += correct;
  };

  mean(count: number): { loss: number; accuracy: number } {
    return { loss: this.loss / count, accuracy: this.correct / count };
  }
}
