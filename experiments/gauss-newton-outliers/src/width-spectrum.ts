import { deflatedSpectrum, paddedWithZeros } from '@hessian-rmt/curvature';
import { denseObjective, initialWeights, mlp, parameterCount, train } from '@hessian-rmt/models';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { digits } from './digits.js';

export type WidthConfig = {
  /** Number of training digits, balanced over the classes. */
  readonly samples: number;
  /** Side of the images: 28, or 14 and 7 by averaging blocks. */
  readonly side: number;
  readonly hidden: readonly number[];
  readonly batch: number;
  readonly rate: number;
  /** The stopping condition: training loss, looked at every ten epochs. */
  readonly lossBelow: number;
  /** Steps after which a network that has not met it is given up. */
  readonly atMost: number;
};

/**
 * Trains by SGD to a stopping condition, then takes the spectrum of the exact Hessian (Sagun et al. 2017, sec. 3.2), whose
 * structural zeros are taken out before the eigenproblem and put back after it. A network that did not meet the condition has `reached` false and no spectrum. All networks of a repetition see the
 * same digits.
 */
export const widthSpectrum = defineUnitKind<WidthConfig>({
  name: 'width-spectrum',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { samples, side, hidden, batch, rate, lossBelow, atMost } = config;
    const data = await digits({ samples, side }, random.stream('data'));
    const network = mlp([side * side, ...hidden, 10], { activation: 'relu' });
    const training = await train(
      network,
      initialWeights(network, random.stream('initial weights')),
      data,
      { algorithm: 'sgd', batch, rate, steps: atMost, stopping: { lossBelow } },
      random.stream('training'),
      { linearAlgebra, progress: (done, doing) => progress(0.5 * done, doing) },
    );
    const { loss, gradientNorm } = training.history[training.history.length - 1];
    const reached = training.stoppedBecause === 'loss';
    const common = {
      numbers: {
        parameters: parameterCount(network),
        reached,
        steps: training.steps,
        loss,
        gradientNorm,
        accuracy: denseObjective(network, data, linearAlgebra).accuracy(training.weights),
      },
      uses: { datasets: [{ name: data.name, checksum: data.checksum }] },
    };
    if (!reached) return { ...common, arrays: {} };

    // Border pixels are dark in all digits and some units dead: a fifth to a third of the eigenvalues are exact zeros.
    progress(0.5, 'Hessian and eigenvalues');
    const spectrum = await deflatedSpectrum(network, training.weights, data, { linearAlgebra });
    return {
      ...common,
      numbers: { ...common.numbers, roundingFloor: spectrum.roundingFloor, structuralZeros: spectrum.zeros.total },
      arrays: { spectrum: { shape: [spectrum.size], data: paddedWithZeros(spectrum) } },
    };
  },

  cost({ samples, side, hidden, batch, atMost }) {
    const parameters = parameterCount(mlp([side * side, ...hidden, 10]));
    // The condition is met after a tenth of the steps allowed, as a rule.
    const training = flopsOf.training(atMost / 10, batch, parameters);
    return {
      flops: training + flopsOf.hessian(samples, parameters) + flopsOf.eigenvalues(parameters),
      memory: 8 * parameters ** 2,
    };
  },
});
