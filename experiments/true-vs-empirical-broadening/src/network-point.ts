import { type Dataset, type DenseNetwork, initialWeights, mlp, train, type Weights } from '@hessian-rmt/models';
import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import { type Generator, type GeneratorConfig, generator } from './generator.js';

/** A network on data of a known law. */
export type ModelConfig = {
  readonly generator: GeneratorConfig;
  /** Hidden units of each layer, tanh: with kinks the mean of the Hessians is not the Hessian of the mean. None: softmax regression. */
  readonly hidden: readonly number[];
};

/** SGD with momentum 0.9, the schedule of Eq. 11. */
export type TrainingConfig = { readonly epochs: number; readonly rate: number; readonly batch: number };

export function modelOf(config: ModelConfig, random: RandomStream): { network: DenseNetwork; source: Generator } {
  const source = generator(config.generator, random.stream('generator'));
  const activation = config.hidden.length === 0 ? 'identity' : 'tanh';
  return { source, network: mlp([source.dimension, ...config.hidden, config.generator.classes], { activation }) };
}

export const parametersOf = ({ generator: { signal, nuisance, classes }, hidden }: ModelConfig): number => {
  const widths = [signal + nuisance, ...hidden, classes];
  return widths.slice(1).reduce((sum, width, l) => sum + width * (widths[l] + 1), 0);
};

/** Weights after training on this data; the initial ones without a training. */
export async function weightsAt(
  network: DenseNetwork,
  training: TrainingConfig | null,
  data: Dataset,
  random: RandomStream,
  linearAlgebra: LinearAlgebra,
): Promise<Weights> {
  const start = initialWeights(network, random.stream('initial weights'));
  if (training === null) return start;
  const { epochs, rate, batch } = training;
  const { weights } = await train(
    network,
    start,
    data,
    {
      algorithm: 'sgd',
      batch: Math.min(batch, data.count),
      epochs,
      rate,
      momentum: 0.9,
      schedule: { kind: 'linear', from: epochs / 2, to: (9 * epochs) / 10, ratio: 0.01 },
      recordEvery: 1_000_000,
    },
    random.stream('training'),
    { linearAlgebra },
  );
  return weights;
}
