import { linearAlgebra, portableLinearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  type Dataset,
  DivergedError,
  denseObjective,
  gaussianClusters,
  initialWeights,
  mlp,
  rateAfter,
  resumeTraining,
  select,
  type TrainingOptions,
  train,
} from '../../src/index.js';
import { derivative, naiveLoss, plus, relativeError } from '../support/naive-network.js';

const library = await linearAlgebra();
const context = { linearAlgebra: library };
const random = randomStream(3);
const data = gaussianClusters({ count: 3, samples: 50, dimension: 6 }, random.stream('data'));
const network = mlp([6, 5, 3], { activation: 'tanh' });
const start = initialWeights(network, random.stream('weights'));
const sgd: TrainingOptions = { algorithm: 'sgd', batch: 16, steps: 100, rate: 0.1, recordEvery: 7 };

/** Descent as the options say it, every gradient from an objective of its own. */
function naiveTraining(options: TrainingOptions): Float64Array {
  const { batch = data.count, momentum = 0, weightDecay = 0, schedule = { kind: 'constant' } } = options;
  let weights = start.slice();
  let velocity = new Float64Array(weights.length);
  let step = 0;
  for (let epoch = 0; step < options.steps!; epoch++) {
    const order = random.stream('order').stream(`epoch-${epoch}`).permutation(data.count);
    for (let from = 0; from < data.count && step < options.steps!; from += batch, step++) {
      const samples = options.algorithm === 'gd' ? data : select(data, order.slice(from, from + batch));
      const gradient = new Float64Array(weights.length);
      denseObjective(network, samples, library).gradient(weights, gradient);
      velocity = velocity.map((v, i) => momentum * v + gradient[i] + weightDecay * weights[i]);
      weights = weights.map((w, i) => w - rateAfter(epoch, options.rate, schedule) * velocity[i]);
    }
  }
  return weights;
}

describe('training', () => {
  it.each<TrainingOptions & { name: string }>([
    { ...sgd, name: 'SGD' },
    { ...sgd, name: 'SGD with momentum and weight decay', momentum: 0.9, weightDecay: 0.01 },
    { ...sgd, name: 'SGD with a falling rate', schedule: { kind: 'linear', from: 5, to: 20, ratio: 0.1 } },
    { algorithm: 'gd', name: 'gradient descent', steps: 60, rate: 0.5 },
    { algorithm: 'gd', name: 'gradient descent with momentum', steps: 60, rate: 0.1, momentum: 0.5 },
  ])('by $name follows the updates written out', async ({ name: _, ...options }) => {
    const { weights, steps, stoppedBecause } = await train(network, start, data, options, random, context);
    expect(relativeError(weights, naiveTraining(options))).toBeLessThan(1e-12);
    expect([steps, stoppedBecause]).toEqual([options.steps, 'steps']);
  });

  it('visits every sample once an epoch: at a rate too small to matter, its steps add up to the gradient of all data', async () => {
    const rate = 1e-9;
    const options: TrainingOptions = { algorithm: 'sgd', batch: 10, epochs: 1, rate };
    const { weights, steps } = await train(network, start, data, options, random, context);
    expect(steps).toBe(5);
    const gradient = new Float64Array(start.length);
    denseObjective(network, data, library).gradient(start, gradient);
    const moved = weights.map((w, i) => (start[i] - w) / (5 * rate));
    // The weights, of order 1, hold a move of 1e-9 to about 1e-7 of itself.
    expect(relativeError(moved, gradient)).toBeLessThan(1e-5);
  });

  it.each(['identity', 'relu', 'tanh'] as const)(
    'of an autoencoder without biases, %s and squared error, descends the differences of the definition',
    async (activation) => {
      const autoencoder = mlp([6, 4, 6], { activation, loss: 'squared-error', bias: false });
      const own: Dataset = { ...data, targets: data.inputs };
      const first = initialWeights(autoencoder, random.stream('autoencoder'));
      expect(first).toHaveLength(48);
      const options: TrainingOptions = { algorithm: 'gd', steps: 1, rate: 0.05 };
      let weights = first;
      for (let step = 0; step < 5; step++) {
        const next = await train(autoencoder, weights, own, options, random, context);
        const moved = weights.map((w, i) => (w - next.weights[i]) / options.rate);
        const differences = moved.map((_, i) => {
          const direction = new Float64Array(moved.length);
          direction[i] = 1;
          return derivative((h) => naiveLoss(autoencoder, plus(weights, h, direction), own), 1e-4);
        });
        expect(relativeError(moved, differences)).toBeLessThan(1e-9);
        weights = next.weights;
      }
      const whole = await train(autoencoder, first, own, { ...options, steps: 5 }, random, context);
      expect(whole.weights).toEqual(weights);
    },
  );

  it('says what its gradients came from', async () => {
    const native = await train(network, start, data, sgd, random, context);
    expect(native.gradientsFrom).toBe(library.library.identity);
    const portable = portableLinearAlgebra();
    const other = await train(network, start, data, sgd, random, { linearAlgebra: portable });
    expect(other.gradientsFrom).toBe(portable.library.identity);
  });

  it('lowers the loss to where every sample is classified correctly', async () => {
    const options: TrainingOptions = { ...sgd, steps: 2000, recordEvery: 500, recordAccuracy: true };
    const { history } = await train(network, start, data, options, random, context);
    expect(history.map(({ step }) => step)).toEqual([0, 500, 1000, 1500, 2000]);
    const last = history[history.length - 1];
    expect(last.loss).toBeLessThan(0.1 * history[0].loss);
    expect(last.accuracy).toBe(1);
  });

  it('records loss, gradient norm and accuracy of all data as they are before the step', async () => {
    const options: TrainingOptions = { ...sgd, steps: 10, recordEvery: 4, recordAccuracy: true };
    const objective = denseObjective(network, data, library);
    const { history } = await train(network, start, data, options, random, context);
    expect(history.map(({ step }) => step)).toEqual([0, 4, 8, 10]);
    for (const { step, loss, gradientNorm, accuracy } of history) {
      const { weights } = await train(network, start, data, { ...options, steps: step }, random, context);
      const gradient = new Float64Array(weights.length);
      expect(loss).toBe(objective.gradient(weights, gradient));
      expect(gradientNorm).toBeCloseTo(Math.hypot(...gradient), 14);
      expect(accuracy).toBe(objective.accuracy(weights));
    }
  });

  it.each<TrainingOptions>([sgd, { algorithm: 'gd', steps: 30, rate: 0.3 }])(
    'goes the same way without records: $algorithm',
    async (options) => {
      const recorded = await train(network, start, data, options, random, context);
      const unrecorded: TrainingOptions = { ...options, recordEvery: 'never' };
      const silent = await train(network, start, data, unrecorded, random, context);
      expect(silent).toMatchObject({ weights: recorded.weights, steps: recorded.steps, history: [] });
      const half = await train(network, start, data, { ...unrecorded, steps: 13 }, random, context);
      expect(await resumeTraining(half, data, unrecorded, random, context)).toEqual(silent);
      const wild = { ...unrecorded, rate: 1e6 };
      const squared = { ...data, targets: random.normals(150) };
      const steep = mlp([6, 5, 3], { loss: 'squared-error' });
      await expect(train(steep, start, squared, wild, random, context)).rejects.toBeInstanceOf(DivergedError);
    },
  );

  it('converges to the least-squares solution, and stops by the norm of the gradient', async () => {
    // f(x) = w x + b through three points that lie on a line.
    const line: Dataset = {
      ...data,
      count: 3,
      dimension: 1,
      classes: 0,
      inputs: Float64Array.of(-1, 0, 1),
      labels: new Uint8Array(),
      targets: Float64Array.of(-1, 2, 5),
    };
    const linear = mlp([1, 1], { activation: 'identity', loss: 'squared-error' });
    const options: TrainingOptions = {
      algorithm: 'gd',
      steps: 10_000,
      rate: 0.5,
      stopping: { gradientNormBelow: 1e-10 },
    };
    const { weights, stoppedBecause, steps, history } = await train(
      linear,
      new Float64Array(2),
      line,
      options,
      random,
      context,
    );
    expect(stoppedBecause).toBe('gradient');
    expect(steps).toBeLessThan(200);
    expect(history[history.length - 1].gradientNorm).toBeLessThan(1e-10);
    expect(weights[0]).toBeCloseTo(3, 9);
    expect(weights[1]).toBeCloseTo(2, 9);
  });

  it('stops at the first record at which the loss is low enough', async () => {
    const options: TrainingOptions = { ...sgd, steps: 5000, stopping: { lossBelow: 0.3 } };
    const { history, stoppedBecause, steps } = await train(network, start, data, options, random, context);
    expect(stoppedBecause).toBe('loss');
    expect(history[history.length - 1].loss).toBeLessThan(0.3);
    expect(history.slice(0, -1).every(({ loss }) => loss >= 0.3)).toBe(true);
    expect(steps % 7).toBe(0);
  });

  it('throws what is known of a divergence instead of giving weights', async () => {
    for (const algorithm of ['gd', 'sgd'] as const) {
      const wild = train(
        mlp([6, 5, 3], { loss: 'squared-error', activation: 'identity' }),
        start,
        {
          ...data,
          targets: random.normals(150),
        },
        { algorithm, steps: 1000, rate: 10 },
        random,
        context,
      );
      await expect(wild).rejects.toBeInstanceOf(DivergedError);
      await expect(wild).rejects.toMatchObject({ rate: 10, step: expect.any(Number), loss: expect.any(Number) });
      await expect(wild).rejects.toThrow(/training diverged at step \d+, rate 10: expected a loss below .*, found /);
    }
    const broken = start.slice();
    broken[3] = Number.NaN;
    await expect(train(network, broken, data, sgd, random, context)).rejects.toMatchObject({
      step: 0,
      loss: Number.NaN,
    });
  });

  it('finds nothing wrong with a loss that grows a thousandfold from almost nothing', async () => {
    const trained = await train(network, start, data, { ...sgd, steps: 20_000, rate: 0.5 }, random, context);
    const shrinking = { ...sgd, steps: 500, weightDecay: 0.3 };
    const { history } = await train(network, trained.weights, data, shrinking, random, context);
    expect(history[history.length - 1].loss).toBeGreaterThan(1e3 * history[0].loss);
  });

  it('gives the same to the last bit when it is repeated, and leaves the starting weights alone', async () => {
    const before = start.slice();
    const [a, b] = [
      await train(network, start, data, sgd, random, context),
      await train(network, start, data, sgd, random, context),
    ];
    expect(b).toEqual(a);
    expect(start).toEqual(before);
    const other = await train(network, start, data, sgd, randomStream(4), context);
    expect(other.weights).not.toEqual(a.weights);
  });

  it('is the same with the portable library, up to rounding', async () => {
    const portable = await train(network, start, data, sgd, random, { linearAlgebra: portableLinearAlgebra() });
    const native = await train(network, start, data, sgd, random, context);
    expect(relativeError(portable.weights, native.weights)).toBeLessThan(1e-12);
  });

  it('lets the event loop live, tells how far it is, and stops at a signal', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    let turns = 0;
    const ticking = setInterval(() => turns++, 1);
    const endless = train(network, start, data, { ...sgd, steps: 1e9 }, random, {
      linearAlgebra: library,
      signal: stop.signal,
      progress: (fraction, doing) => {
        seen.push(fraction);
        expect(doing).toMatch(/^training, step \d+ of 1000000000, loss /);
        if (seen.length === 3) stop.abort(new Error('enough'));
      },
    });
    await expect(endless).rejects.toThrow('enough');
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(0);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it('names the option that is wrong', async () => {
    const cases: [Partial<TrainingOptions>, string][] = [
      [{ algorithm: 'adam' as never }, 'algorithm must be gd or sgd, found adam'],
      [{ algorithm: 'gd' }, 'gd takes the whole data set; found batch 16'],
      [{ batch: 51 }, 'batch must be an integer from 1 to 50, found 51'],
      [{ epochs: 3 }, 'expected steps or epochs, found both'],
      [{ steps: -1 }, 'steps must be an integer from 0, found -1'],
      [{ rate: 0 }, 'rate must be a positive number, found 0'],
      [{ momentum: 1 }, 'momentum must be from 0 to below 1, found 1'],
      [{ weightDecay: -1 }, 'weightDecay must be a number from 0, found -1'],
      [{ recordEvery: 0 }, 'recordEvery must be a positive integer or never, found 0'],
      [
        { recordEvery: 'never', stopping: { lossBelow: 1 } },
        'sgd stops early when a record is made; found recordEvery never',
      ],
      [{ schedule: { kind: 'linear', from: 5, to: 5, ratio: 1 } }, 'schedule: expected 0 <= from < to'],
      [{ schedule: { kind: 'cosine' } as never }, 'schedule: expected kind constant, step or linear'],
    ];
    for (const [change, message] of cases) {
      await expect(train(network, start, data, { ...sgd, ...change }, random, context)).rejects.toThrow(message);
    }
    const { steps: _, ...endless } = sgd;
    await expect(train(network, start, data, endless, random, context)).rejects.toThrow(
      'steps or epochs, found neither',
    );
    await expect(train(network, start.slice(1), data, sgd, random, context)).rejects.toThrow(
      'weights: expected 53 parameters',
    );
  });
});

describe('a resumed training', () => {
  it.each<TrainingOptions & { name: string; first: number }>([
    { ...sgd, name: 'SGD', first: 50 },
    { ...sgd, name: 'SGD, cut at a record', first: 49 },
    {
      ...sgd,
      name: 'SGD with momentum, decay and schedule',
      first: 33,
      momentum: 0.9,
      weightDecay: 0.01,
      schedule: { kind: 'step', epochs: [9], factor: 0.5 },
    },
    { algorithm: 'gd', name: 'gradient descent', steps: 30, first: 11, rate: 0.3, momentum: 0.5 },
  ])('is the uninterrupted one to the last bit: $name', async ({ name: _, first, ...options }) => {
    const whole = await train(network, start, data, options, random, context);
    const half = await train(network, start, data, { ...options, steps: first }, random, context);
    expect(half.weights).not.toEqual(whole.weights);
    expect(await resumeTraining(half, data, options, random, context)).toEqual(whole);
  });

  it('is refused when data, stream or options are not those it began with', async () => {
    const half = await train(network, start, data, { ...sgd, steps: 50 }, random, context);
    const cases: [Dataset, TrainingOptions, number, RegExp][] = [
      [{ ...data, inputs: data.inputs.map((x) => 2 * x) }, sgd, 3, /expected data .*, found .*checksum/],
      [data, { ...sgd, rate: 0.2 }, 3, /expected rate 0.1, found 0.2/],
      [data, { ...sgd, batch: 10 }, 3, /expected batch 16, found 10/],
      [data, sgd, 4, /expected random stream "3", found "4"/],
      [data, { ...sgd, steps: 40 }, 3, /expected at least the 50 steps done, found 40/],
    ];
    for (const [other, options, seed, message] of cases) {
      await expect(resumeTraining(half, other, options, randomStream(seed), context)).rejects.toThrow(message);
    }
  });
});
