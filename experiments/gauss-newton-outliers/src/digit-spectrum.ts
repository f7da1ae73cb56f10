import { deflatedSpectrum, paddedWithZeros } from '@hessian-rmt/curvature';
import { denseObjective, initialWeights, mlp, parameterCount, train } from '@hessian-rmt/models';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { digits } from './digits.js';

export type DigitConfig = {
  /** Number of training digits, balanced over the classes. */
  readonly samples: number;
  /** Side of the images: 28, or 14 and 7 by averaging blocks. */
  readonly side: number;
  readonly hidden: readonly number[];
  readonly rate: number;
  readonly steps: number;
};

/** Full spectrum of a small network on MNIST at the random start and after gradient descent (Sagun et al. 2017, Fig. 1). */
export const digitSpectrum = defineUnitKind<DigitConfig>({
  name: 'digit-spectrum',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { samples, side, hidden, rate, steps } = config;
    const data = await digits({ samples, side }, random.stream('data'));
    const network = mlp([side * side, ...hidden, 10], { activation: 'relu' });
    const start = initialWeights(network, random.stream('initial weights'));

    // A quarter of the pixels are dark in all digits: their weights give exact zeros, which need no eigenproblem.
    const spectrumAt = (weights: Float64Array, from: number, doing: string) => {
      progress(from, `Hessian and eigenvalues at the ${doing}`);
      return deflatedSpectrum(network, weights, data, { linearAlgebra });
    };

    const atStart = await spectrumAt(start, 0, 'start');
    const training = await train(network, start, data, { algorithm: 'gd', rate, steps }, random.stream('training'), {
      linearAlgebra,
      progress: (done, doing) => progress(0.35 + 0.3 * done, doing),
    });
    const atEnd = await spectrumAt(training.weights, 0.65, 'end');
    return {
      numbers: {
        parameters: atStart.size,
        loss: training.history[training.history.length - 1].loss,
        accuracy: denseObjective(network, data, linearAlgebra).accuracy(training.weights),
        roundingFloorStart: atStart.roundingFloor,
        roundingFloorEnd: atEnd.roundingFloor,
      },
      arrays: {
        start: { shape: [atStart.size], data: paddedWithZeros(atStart) },
        end: { shape: [atEnd.size], data: paddedWithZeros(atEnd) },
      },
      uses: { datasets: [{ name: data.name, checksum: data.checksum }] },
    };
  },

  cost({ samples, side, hidden, steps }) {
    const parameters = parameterCount(mlp([side * side, ...hidden, 10]));
    return {
      flops:
        flopsOf.training(steps, samples, parameters) +
        2 * (flopsOf.hessian(samples, parameters) + flopsOf.eigenvalues(parameters)),
      memory: 8 * parameters ** 2,
    };
  },
});
