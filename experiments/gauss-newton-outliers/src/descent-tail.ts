import { initialWeights, mlp, parameterCount, train } from '@hessian-rmt/models';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { digits } from './digits.js';

export type DescentConfig = {
  readonly algorithm: 'gd' | 'sgd';
  /** Number of training digits, balanced over the classes. */
  readonly samples: number;
  /** Side of the images: 28, or 14 and 7 by averaging blocks. */
  readonly side: number;
  readonly hidden: readonly number[];
  /** Samples in a mini-batch; the number of samples for gd. */
  readonly batch: number;
  readonly rate: number;
  readonly steps: number;
  /** Steps from one record to the next. */
  readonly every: number;
};

/**
 * Training at a constant rate without a stopping condition (Sagun et al. 2017, footnote 3): loss, norm of its gradient
 * and accuracy over all samples, at every record. GD and SGD of a repetition start from the same weights and digits.
 */
export const descentTail = defineUnitKind<DescentConfig>({
  name: 'descent-tail',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { algorithm, samples, side, hidden, batch, rate, steps, every } = config;
    const data = await digits({ samples, side }, random.stream('data'));
    const network = mlp([side * side, ...hidden, 10], { activation: 'relu' });
    const options = { rate, steps, recordEvery: every, recordAccuracy: true };
    const { history } = await train(
      network,
      initialWeights(network, random.stream('initial weights')),
      data,
      algorithm === 'gd' ? { algorithm, ...options } : { algorithm, batch, ...options },
      random.stream('training'),
      { linearAlgebra, progress },
    );
    const column = (of: (record: (typeof history)[number]) => number) => ({
      shape: [history.length],
      data: Float64Array.from(history, of),
    });
    return {
      numbers: { parameters: parameterCount(network) },
      arrays: {
        step: column(({ step }) => step),
        loss: column(({ loss }) => loss),
        gradientNorm: column(({ gradientNorm }) => gradientNorm),
        accuracy: column(({ accuracy }) => accuracy!),
      },
      uses: { datasets: [{ name: data.name, checksum: data.checksum }] },
    };
  },

  cost({ side, hidden, batch, steps }) {
    return { flops: flopsOf.training(steps, batch, parameterCount(mlp([side * side, ...hidden, 10]))) };
  },
});
