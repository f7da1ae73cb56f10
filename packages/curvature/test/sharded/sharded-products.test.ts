import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  augmented,
  convolutionalSums,
  denseObjective,
  mlp,
  objectiveOf,
  slice,
  statisticsCount,
} from '@hessian-rmt/models';
import { linearAlgebra, portableLinearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type ShardedOptions,
  type ShardedProblem,
  type ShardedProducts,
  shardedMemory,
  shardedProducts,
  sharedDataset,
} from '../../src/index.js';
import { ProductsOfCrew } from '../../src/sharded/products-of-crew.js';
import type { Instruction } from '../../src/sharded/serve.js';
import { sharedNumbers } from '../../src/sharded/shared-data.js';
import { workerCrew } from '../../src/sharded/worker-crew.js';
import { randomData, randomWeights, relativeDifference } from '../examples.js';
import { convolutionalProblem, denseProblem, images, normalised } from './support/problems.js';

const la = await linearAlgebra();
const random = randomStream(5, 'sharded');

const pools: ShardedProducts[] = [];
async function opened(problem: ShardedProblem, options?: ShardedOptions): Promise<ShardedProducts> {
  const pool = await shardedProducts(problem, options);
  pools.push(pool);
  return pool;
}
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

// From TypeScript sources the calling thread computes; worker threads run the built package, if it is built.
const built = new URL('../../dist/index.js', import.meta.url);
const load = (): Promise<typeof import('../../src/index.js')> => import(built.href);

describe('sums over shards', () => {
  const { problem, weights } = denseProblem;
  const network = problem.network as ReturnType<typeof mlp>;
  const objective = denseObjective(network, problem.data, la);
  const vector = random.stream('vector').normals(objective.parameters);

  it('are what an objective gives over all samples at once', async () => {
    const products = await opened(problem, { workers: 0, shard: 10 });
    expect(products.shards).toHaveLength(11);
    expect(products.shards[10]).toEqual({ from: 100, to: 103 });
    const expected = {
      hessian: objective.hessianVectorProduct(weights, vector),
      'gauss-newton': objective.gaussNewtonVectorProduct(weights, vector),
      'empirical-fisher': objective.empiricalFisherVectorProduct(weights, vector),
    };
    for (const kind of ['hessian', 'gauss-newton', 'empirical-fisher'] as const) {
      const product = await products.operator(kind, weights).matvec(vector);
      expect(relativeDifference(product, expected[kind]), kind).toBeLessThan(1e-12);
    }
    const gradient = new Float64Array(objective.parameters);
    const loss = objective.gradient(weights, gradient);
    const measured = await products.gradient(weights);
    expect(relativeDifference(measured.gradient, gradient)).toBeLessThan(1e-12);
    expect(Math.abs(measured.loss - loss)).toBeLessThan(1e-14);
    const { loss: alone, accuracy } = await products.loss(weights);
    expect(Math.abs(alone - loss)).toBeLessThan(1e-14);
    expect(accuracy).toBe(objective.accuracy(weights));
    expect(relativeDifference(await products.outputsOf(weights), objective.outputs(weights))).toBeLessThan(1e-14);
  });

  it('give the loss of each sample as if it were alone', async () => {
    const products = await opened(problem, { workers: 0, shard: 20 });
    const { losses, accuracy } = await products.sampleLosses(weights);
    const { data } = problem;
    const alone = Array.from({ length: data.count }, (_, n) =>
      denseObjective(network, slice(data, n, n + 1), la).loss(weights),
    );
    expect(relativeDifference(losses, alone)).toBeLessThan(1e-13);
    expect(accuracy).toBe(objective.accuracy(weights));
  });

  it('hold for regression, where nothing is correct', async () => {
    const regression = mlp([3, 2], { activation: 'identity', loss: 'squared-error' });
    const data = randomData(regression, 12);
    const at = randomWeights(regression);
    const products = await opened({ network: regression, data }, { workers: 0, shard: 5 });
    const { loss, accuracy } = await products.loss(at);
    expect(loss).toBeCloseTo(denseObjective(regression, data, la).loss(at), 13);
    expect(accuracy).toBeNaN();
    const { losses } = await products.sampleLosses(at);
    expect(losses.reduce((sum, x) => sum + x) / 12).toBeCloseTo(loss, 13);
  });

  it('wait for each other, so that weights and vectors are not mixed up', async () => {
    const products = await opened(problem, { workers: 0, shard: 10 });
    const other = weights.map((w) => -w);
    const operator = products.operator('hessian', weights);
    const [first, second, third] = await Promise.all([
      operator.matvec(vector),
      products.operator('hessian', other).matvec(vector),
      operator.matvec(vector),
    ]);
    expect(third).toEqual(first);
    expect(relativeDifference(second, objective.hessianVectorProduct(other, vector))).toBeLessThan(1e-12);
  });

  it('are taken over whole mini-batches of batch normalisation', async () => {
    const { problem, weights } = convolutionalProblem;
    const products = await opened(problem, { workers: 0, shard: 10 });
    expect(products.granule).toBe(8);
    expect(products.shards.map(({ from }) => from)).toEqual([0, 16, 32]);
    const sums = convolutionalSums(normalised, images, la, { normalisation: { mode: 'training', batch: 8 } });
    const v = random.stream('convolutional').normals(products.parameters);
    const expected = objectiveOf(sums).hessianVectorProduct(weights, v);
    expect(relativeDifference(await products.operator('hessian', weights).matvec(v), expected)).toBeLessThan(1e-12);
  });

  it('are in training mode with mini-batches of 32 where batch normalisation is left open', async () => {
    const { weights } = convolutionalProblem;
    const products = await opened({ network: normalised, data: images }, { workers: 0 });
    expect(products.granule).toBe(32);
    const sums = convolutionalSums(normalised, images, la, { normalisation: { mode: 'training', batch: 32 } });
    expect((await products.loss(weights)).loss).toBeCloseTo(objectiveOf(sums).loss(weights), 13);
  });

  it('run over augmented copies that are made on the spot', async () => {
    const { weights } = convolutionalProblem;
    const samples = augmented(images, { copies: 3, padding: 1 }, random.stream('copies'));
    const statistics = Float64Array.from({ length: statisticsCount(normalised) }, () => 1);
    const normalisation = { mode: 'evaluation', statistics } as const;
    const problem = { network: normalised, data: images, augmentation: samples.plan, normalisation };
    const products = await opened(problem, { workers: 0, shard: 50 });
    expect(products.count).toBe(132);
    const v = random.stream('augmented').normals(products.parameters);
    const objective = objectiveOf(convolutionalSums(normalised, samples, la, { normalisation }));
    const product = await products.operator('gauss-newton', weights).matvec(v);
    expect(relativeDifference(product, objective.gaussNewtonVectorProduct(weights, v))).toBeLessThan(1e-12);
    const { losses } = await products.sampleLosses(weights);
    expect(losses.reduce((sum, x) => sum + x) / 132).toBeCloseTo(objective.loss(weights), 13);
  });

  it('use the engine that is asked for', async () => {
    const portable = await opened({ ...problem, engine: { kind: 'native', library: 'portable' } }, { workers: 0 });
    expect(portable.identity).toContain(portableLinearAlgebra().library.identity);
    const single = { ...convolutionalProblem.problem, engine: { kind: 'native', precision: 'float32' } } as const;
    expect((await opened(single, { workers: 0 })).identity).toContain('float32');
    await expect(
      opened({ ...problem, engine: { kind: 'native', precision: 'float32' } }, { workers: 0 }),
    ).rejects.toThrow('dense networks are computed in float64, found float32');
  });

  it('are those of tfjs in float32 with a tensor engine', { timeout: 120_000 }, async () => {
    const engine = { kind: 'tensor', backend: 'cpu' } as const;
    for (const { problem, weights } of [denseProblem, convolutionalProblem]) {
      const products = await opened({ ...problem, engine }, { workers: 0, shard: 40 });
      const native = await opened(problem, { workers: 0, shard: 40 });
      expect(products.identity).toContain('float32');
      expect(products.shards).toEqual(native.shards);
      const v = random.stream('tensor').normals(weights.length);
      const [product, expected] = await Promise.all(
        [products, native].map((each) => each.operator('hessian', weights).matvec(v)),
      );
      expect(relativeDifference(product, expected)).toBeLessThan(1e-5); // some tens of 2^-24
    }
  });

  it('tell how far they are and stop when told to', async () => {
    const products = await opened(problem, { workers: 0, shard: 25 });
    const fractions: number[] = [];
    await products.loss(weights, { progress: (fraction) => fractions.push(fraction) });
    expect(fractions).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
    const controller = new AbortController();
    const stopped = products.operator('hessian', weights, {
      signal: controller.signal,
      progress: () => controller.abort(new Error('enough')),
    });
    await expect(stopped.matvec(vector)).rejects.toThrow('enough');
    // and go on with something else
    expect((await products.loss(weights)).loss).toBeCloseTo(objective.loss(weights), 13);
  });
});

describe('a pool of worker threads', () => {
  it('refuses what does not fit, before a worker starts', async () => {
    const { problem, weights } = denseProblem;
    await expect(opened(problem, { workers: -1 })).rejects.toThrow('workers must be an integer from 0, found -1');
    await expect(opened(problem, { shard: 0 })).rejects.toThrow('shard must be a positive integer, found 0');
    await expect(opened({ ...problem, network: mlp([8, 4]) })).rejects.toThrow('expected 8 inputs a sample');
    const { layers } = normalised;
    const otherNetwork = { ...normalised, input: { height: 5, width: 5, channels: 2 }, layers };
    await expect(opened({ network: otherNetwork, data: images })).rejects.toThrow('expected 50 inputs a sample');
    const none = { ...problem.data, count: 0, inputs: new Float64Array(), labels: new Uint8Array() };
    await expect(opened({ ...problem, data: none })).rejects.toThrow(`${none.name} has no samples`);
    const short = { ...problem.data, inputs: problem.data.inputs.subarray(0, 700) };
    await expect(opened({ ...problem, data: short })).rejects.toThrow('expected 721 inputs of 103 samples, found 700');
    const products = await opened(problem, { workers: 0 });
    expect(() => products.operator('hessian', weights.subarray(1))).toThrow(
      'weights: expected 76 parameters, found 75',
    );
    await expect(products.loss(weights.subarray(1))).rejects.toThrow('weights: expected 76 parameters, found 75');
    expect(() => products.operator('hessian', weights).matvec(weights.subarray(1))).toThrow('length 76, found 75');
  });

  // The portable implementation has no setting of the process.
  it.skipIf(la.library.kind === 'portable')(
    'leaves the calling thread as many BLAS threads as it had, once the last pool is closed',
    async () => {
      const threads = async () => (await linearAlgebra()).library.threads;
      await linearAlgebra({ threads: 2 });
      const before = await threads(); // 1 where the library has no threads
      const both = [await opened(denseProblem.problem), await opened(denseProblem.problem)];
      for (const pool of both) {
        expect(await threads()).toBe(1);
        await pool.close();
        await pool.close();
      }
      expect(await threads()).toBe(before);
    },
  );

  it.skipIf(la.library.kind === 'portable')('does so, too, when pools were opened at one time', async () => {
    const threads = async () => (await linearAlgebra()).library.threads;
    await linearAlgebra({ threads: 2 });
    const before = await threads();
    const [first, second] = await Promise.all([opened(denseProblem.problem), opened(denseProblem.problem)]);
    await first.close();
    expect(await threads()).toBe(1);
    await second.close();
    expect(await threads()).toBe(before);
  });

  it('rejects what is under way on the calling thread when it is closed, and everything after that', async () => {
    const { problem, weights } = denseProblem;
    const products = await opened(problem, { workers: 0, shard: 1 });
    const running = expect(products.gradient(weights)).rejects.toThrow('this pool of workers is closed');
    await new Promise((resolve) => setImmediate(resolve));
    await products.close();
    await running;
    await expect(products.loss(weights)).rejects.toThrow('this pool of workers is closed');
  });

  it('says what it takes, and takes no data twice', () => {
    const { problem } = denseProblem;
    // 103 samples of 7 numbers and a label.
    const data = sharedDataset(problem.data);
    expect(shardedMemory(problem, 2) - shardedMemory({ ...problem, data }, 2)).toBe(103 * (7 * 8 + 1));
    expect(data.inputs.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(data.inputs).toEqual(problem.data.inputs);
    expect(data.labels).toEqual(problem.data.labels);
    expect(sharedDataset(data).inputs).toBe(data.inputs);
    // Weights and vector, 2 slots a worker, the sum, of 76 numbers each; the rest is the workers' own.
    const [one, two] = [1, 2].map((workers) => shardedMemory({ ...problem, data }, workers));
    expect(2 * one - two).toBe(8 * 76 * 3);
  });
});

describe.skipIf(!existsSync(built))('worker threads (skipped where the package is not built)', () => {
  it.each([
    { kind: 'a dense network', ...denseProblem },
    { kind: 'a convolutional network', ...convolutionalProblem },
    {
      kind: 'augmented images in float32',
      weights: convolutionalProblem.weights,
      problem: {
        ...convolutionalProblem.problem,
        augmentation: augmented(images, { copies: 2 }, random.stream('copies for workers')).plan,
        engine: { kind: 'native', precision: 'float32' },
      } as ShardedProblem,
    },
  ])('give the bytes of the calling thread for $kind, however many they are', async ({ problem, weights }) => {
    const { shardedProducts: onThreads } = await load();
    const vector = random.stream('bytes').normals(weights.length);
    const results = [];
    for (const open of [
      () => opened(problem, { workers: 0, shard: 8 }),
      ...[1, 2, 3].map((workers) => () => onThreads(problem, { workers, shard: 8 })),
    ]) {
      const products = await open();
      results.push({
        identity: products.identity,
        shards: products.shards,
        hessian: await products.operator('hessian', weights).matvec(vector),
        fisher:
          problem.network.kind === 'dense' && (await products.operator('empirical-fisher', weights).matvec(vector)),
        gradient: await products.gradient(weights),
        loss: await products.loss(weights),
        outputs: await products.outputsOf(weights),
        losses: await products.sampleLosses(weights),
      });
      await products.close();
    }
    for (const result of results.slice(1)) expect(result).toEqual(results[0]);
  });

  it('give the same bytes when one of them dies in the middle', async () => {
    const { problem, weights } = denseProblem;
    const shared = { ...problem, data: sharedDataset(problem.data) };
    const point = { weights: sharedNumbers(weights.length), vector: sharedNumbers(weights.length) };
    const times = new Int32Array(new SharedArrayBuffer(4));
    const mortal = { ...shared, death: { from: 40, times }, built: new URL('sharded/serve.js', built).href };
    const script = new URL('support/mortal-worker.js', import.meta.url);
    const crew = await workerCrew(2, script, { problem: mortal, point } as Instruction);
    const products = new ProductsOfCrew(crew, problem.network, point, 10);
    const vector = random.stream('death').normals(weights.length);
    const product = await products.operator('hessian', weights).matvec(vector);
    expect([...times]).toEqual([2]); // the second time it lived
    const alone = await opened(problem, { workers: 0, shard: 10 });
    expect(product).toEqual(await alone.operator('hessian', weights).matvec(vector));
    await products.close();
  });

  it('leave the calling thread alive, and do not keep the process when they are idle', () => {
    const script = `
      import { shardedProducts } from ${JSON.stringify(built.href)};
      const count = 4000;
      const data = { name: 'zeros', count, dimension: 50, classes: 2, inputs: new Float64Array(count * 50),
        labels: new Uint8Array(count), checksum: '' };
      const network = { kind: 'dense', widths: [50, 200, 2], activation: 'tanh', loss: 'softmax-cross-entropy', bias: true };
      const products = await shardedProducts({ network, data }, { workers: 1 });
      let turns = 0;
      const timer = setInterval(() => turns++, 1);
      const { loss } = await products.gradient(new Float64Array(products.parameters));
      clearInterval(timer);
      console.log(turns > 0, loss.toFixed(4));
    `;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
    expect(output).toBe(`true ${Math.LN2.toFixed(4)}\n`);
  });
});
