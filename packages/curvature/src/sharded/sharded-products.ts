import { availableParallelism } from 'node:os';
import { checkFit, parametersOf } from '@hessian-rmt/models';
import { requireMemory } from '../memory.js';
import { callingThread } from './crew.js';
import { engineMemory } from './engine-memory.js';
import { shardsAhead } from './for-each-shard.js';
import { oneThreadEach } from './one-thread-each.js';
import { ProductsOfCrew, type ShardedProducts } from './products-of-crew.js';
import { defaultEngine, type Engine, type ShardedProblem } from './sharded-problem.js';
import { bytesToShare, sharedDataset, sharedNumbers } from './shared-data.js';
import { workerCrew } from './worker-crew.js';

export interface ShardedOptions {
  /**
   * Worker threads that compute; the calling thread only adds up and stays free for others. 0: the calling thread
   * computes, and others get their turn between two shards. Default: one a core; one for a tensor engine unless its
   * backend is named as wasm or cpu, as libtensorflow has threads or a device of its own.
   */
  readonly workers?: number;
  /**
   * Samples a shard, rounded up to whole mini-batches. Sums are taken shard after shard, so results depend on it in the
   * last bits. Default: by the work, about 0.01 to 1 s a product, and 32 shards between these (our choice).
   */
  readonly shard?: number;
}

/**
 * Opens a pool of worker threads, each with an engine of its own, for products over a data set that is split into
 * shards. Data and vectors lie in shared memory, and nothing is copied a product but the weights.
 *
 * A worker that dies or whose engine fails is replaced and its shard redone. Idle workers do not keep the process alive.
 *
 * With a BLAS, each worker computes on one thread. How many threads a BLAS takes is a setting of the whole process, so
 * products of the calling thread take one, too, until the pool is closed.
 *
 * @throws RangeError when network, data, normalisation and options do not fit each other
 * @throws InsufficientMemoryError when data and vectors do not fit into the memory
 */
export async function shardedProducts(problem: ShardedProblem, options: ShardedOptions = {}): Promise<ShardedProducts> {
  const { engine = defaultEngine } = problem;
  const { workers = defaultWorkers(engine) } = options;
  if (!Number.isSafeInteger(workers) || workers < 0) {
    throw new RangeError(`shardedProducts: workers must be an integer from 0, found ${workers}`);
  }
  if (options.shard !== undefined && !(Number.isSafeInteger(options.shard) && options.shard >= 1)) {
    throw new RangeError(`shardedProducts: shard must be a positive integer, found ${options.shard}`);
  }
  if (problem.data.count === 0) throw new RangeError(`shardedProducts: ${problem.data.name} has no samples`);
  checkFit(endsOf(problem), problem.data);
  requireMemory('shardedProducts', shardedMemory(problem, workers));
  const shared = { ...problem, data: sharedDataset(problem.data) };
  const parameters = parametersOf(problem.network);
  const point = { weights: sharedNumbers(parameters), vector: sharedNumbers(parameters) };
  const restoreThreads = engine.kind === 'native' ? await oneThreadEach(engine.library) : async () => {};
  try {
    // Node cannot start a thread from a TypeScript source, which is what the tests of the packages run.
    const alone = workers === 0 || import.meta.url.endsWith('.ts');
    const crew = alone
      ? await callingThread(shared, point)
      : await workerCrew(workers, new URL('./worker.js', import.meta.url), { problem: shared, point });
    return new ProductsOfCrew(crew, problem.network, point, options.shard, restoreThreads);
  } catch (error) {
    await restoreThreads();
    throw error;
  }
}

/**
 * Bytes that `shardedProducts` takes: the data, unless they are in shared memory already, the vectors, and what the
 * workers take for themselves, which is an estimate and rather too high.
 */
export function shardedMemory(problem: ShardedProblem, workers: number): number {
  const { data, network, engine = defaultEngine } = problem;
  const vectors = 2 + shardsAhead({ size: Math.max(workers, 1) }) + 1; // the point, the results of shards, their sum
  const shared = bytesToShare(data) + 8 * vectors * parametersOf(network);
  return shared + Math.max(workers, 1) * engineMemory(problem, engine);
}

function defaultWorkers(engine: Engine): number {
  const backend = engine.kind === 'tensor' ? (engine.backend ?? process.env.HESSIAN_RMT_BACKEND) : 'cpu';
  return backend === 'cpu' || backend === 'wasm' ? availableParallelism() : 1;
}

/** What goes into the network and what comes out, as of a dense one. */
function endsOf({ network }: ShardedProblem) {
  if (network.kind === 'dense') return network;
  const { input, classes, loss } = network;
  return { widths: [input.height * input.width * input.channels, classes], loss };
}
