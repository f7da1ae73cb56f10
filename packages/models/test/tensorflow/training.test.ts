import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { expect, it } from 'vitest';
import { gaussianClusters } from '../../src/data/gaussian-clusters.js';
import { withOneHotTargets } from '../../src/dataset.js';
import { initialWeights, mlp } from '../../src/network.js';
import type { TrainingOptions } from '../../src/training/options.js';
import { resumeTraining, train } from '../../src/training/train.js';
import { DivergedError } from '../../src/training/training.js';
import { onEveryBackend } from './support/backends.js';
import { float32Rounding, relativeError } from './support/compare.js';

const library = await linearAlgebra();
const random = randomStream(11);
const clusters = withOneHotTargets(gaussianClusters({ count: 3, samples: 20, dimension: 6 }, random.stream('data')));

const steps = 20;
const sgd: TrainingOptions = { algorithm: 'sgd', batch: 7, steps, rate: 0.1, recordEvery: 8, recordAccuracy: true };
const runs: { name: string; options: TrainingOptions }[] = [
  { name: 'SGD', options: sgd },
  { name: 'SGD with momentum and weight decay', options: { ...sgd, momentum: 0.5, weightDecay: 0.01 } },
  { name: 'SGD with a falling rate', options: { ...sgd, schedule: { kind: 'step', epochs: [1], factor: 0.1 } } },
  { name: 'gradient descent', options: { algorithm: 'gd', steps, rate: 0.1 } },
];
const networks = [
  mlp([6, 5, 3], { activation: 'tanh' }),
  mlp([6, 5, 3], { activation: 'relu', loss: 'squared-error', bias: false }),
].map((network) => ({ network, start: initialWeights(network, random.stream('weights')) }));

onEveryBackend((backend) => {
  it.each(runs.flatMap((run) => networks.map((network) => ({ ...run, ...network, loss: network.network.loss }))))(
    '$name of $loss in float32 follows float64 through the first steps',
    async ({ options, network, start }) => {
      const exact = await train(network, start, clusters, options, random, { linearAlgebra: library });
      const single = await train(network, start, clusters, options, random, { backend: backend() });
      // Each gradient is known to some sixty roundings, and moves the weights by the rate times it, or with momentum by
      // the geometric series.
      const moved = (steps * options.rate) / (1 - (options.momentum ?? 0));
      const tolerance = 60 * float32Rounding * moved;
      expect(relativeError(single.weights, exact.weights)).toBeLessThan(tolerance);
      expect(relativeError(exact.weights, start)).toBeGreaterThan(1e3 * tolerance);
      expect([exact.gradientsFrom, single.gradientsFrom]).toEqual([library.library.identity, backend().identity]);

      expect(single.history.map(({ step }) => step)).toEqual(exact.history.map(({ step }) => step));
      const losses = (history: typeof exact.history) => history.map(({ loss }) => loss);
      expect(relativeError(losses(single.history), losses(exact.history))).toBeLessThan(tolerance);
      const accuracies = (history: typeof exact.history) => history.map(({ accuracy }) => accuracy);
      expect(accuracies(single.history)).toEqual(accuracies(exact.history));
    },
  );

  const [{ network, start }] = networks;

  it('a training that is resumed is, bit for bit, the one that was not interrupted', async () => {
    const context = { backend: backend() };
    const options = { ...sgd, momentum: 0.5 };
    const whole = await train(network, start, clusters, options, random, context);
    const half = await train(network, start, clusters, { ...options, steps: 9 }, random, context);
    const resumed = await resumeTraining(half, clusters, options, random, context);
    expect(resumed.weights).toEqual(whole.weights);
    expect(resumed.history).toEqual(whole.history);
  });

  it('leaves no tensor behind, whether it ends, diverges or is stopped', async () => {
    const { tf } = backend();
    const before = tf.memory().numTensors;
    await train(network, start, clusters, sgd, random, { backend: backend() });
    expect(tf.memory().numTensors).toBe(before);

    const [, squared] = networks;
    const steep = { ...sgd, rate: 1e3 };
    const diverging = train(squared.network, squared.start, clusters, steep, random, { backend: backend() });
    await expect(diverging).rejects.toBeInstanceOf(DivergedError);
    expect(tf.memory().numTensors).toBe(before);

    const long = { ...sgd, steps: 1e9 };
    const context = { backend: backend(), signal: AbortSignal.timeout(60) };
    await expect(train(network, start, clusters, long, random, context)).rejects.toThrow(/timeout/);
    expect(tf.memory().numTensors).toBe(before);
  });
});
