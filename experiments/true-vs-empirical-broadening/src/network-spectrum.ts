import { availableParallelism } from 'node:os';
import { lanczos, lanczosFiles } from '@hessian-rmt/curvature';
import { convolutionalParameterCount } from '@hessian-rmt/models';
import { defineUnitKind, type Results, type Unit } from '@hessian-rmt/replication';
import { networkHessian } from './network-hessian.js';
import { hessianSamples, type SamplesConfig } from './network-images.js';
import { costOfPasses, networkOf } from './networks.js';
import { stateOf, type TrainedNetworkConfig, trainingUnit } from './trained-network.js';

export type NetworkSpectrumConfig = {
  readonly training: TrainedNetworkConfig;
  /** Epochs trained, one of those that are kept. */
  readonly epoch: number;
  readonly samples: SamplesConfig;
  /** Batch normalisation by the statistics of mini-batches of so many samples; null: by those of the training. */
  readonly batch: number | null;
  /** Lanczos steps, m of the paper. */
  readonly steps: number;
  /** Of the products; the recurrence is in float64. */
  readonly precision: 'float32' | 'float64';
  /** How many threads share the samples: one, the unit's own, or a pool of workers, one a core. */
  readonly threads: 'one' | 'all';
};

/** Ritz values and weights of the Hessian of a trained network, from one random vector (sec. 5.1). */
export const networkSpectrum = defineUnitKind<NetworkSpectrumConfig>({
  name: 'network-spectrum',
  module: import.meta.url,

  async run(config, context) {
    const { repetition, random, linearAlgebra, progress } = context;
    const { training, epoch, batch, steps } = config;
    const { weights, statistics } = await stateOf(training, epoch, context);
    const samples = await hessianSamples(training.images, config.samples, repetition, random.stream('augmentation'));
    const hessian = await networkHessian(
      {
        network: networkOf(training.network, training.images),
        normalisation: batch === null ? { mode: 'evaluation', statistics } : { mode: 'training', batch },
        ...samples,
      },
      weights,
      { ...config, linearAlgebra },
    );
    try {
      progress(0, 'looking at the loss');
      const { loss, accuracy } = await hessian.loss();
      const found = await lanczos(hessian.operator, {
        linearAlgebra,
        steps,
        // Every spectrum of a repetition has the same start vector: what differs between them is then not the vector.
        start: { random: random.stream('start vector') },
        checkpoint: lanczosFiles(await context.scratch()),
        progress: (share) => progress(share, `Lanczos, ${Math.round(share * steps)} of ${steps} steps`),
      });
      const column = (data: Float64Array) => ({ shape: [data.length], data });
      const { size: parameters, asymmetry } = found;
      return {
        numbers: { parameters, samples: hessian.samples, loss, accuracy, steps: found.steps, asymmetry },
        arrays: {
          values: column(found.values),
          weights: column(found.weights),
          residuals: column(found.residuals),
          alpha: column(found.alpha),
          beta: column(found.beta),
        },
        uses: {
          datasets: [{ name: samples.data.name, checksum: samples.data.checksum }],
          ...(hessian.backend === undefined ? {} : { backend: hessian.backend }),
        },
      };
    } finally {
      await hessian.close();
    }
  },

  needs: ({ training }, repetition) => [trainingUnit(training, repetition)],

  cost({ training, samples, steps, threads }) {
    const network = networkOf(training.network, training.images);
    const count = samplesOf(training, samples);
    const parameters = convolutionalParameterCount(network);
    const { flops, seconds } = costOfPasses(network, 8 * (steps + 1) * count);
    return {
      flops,
      seconds: 2 + (threads === 'one' ? seconds : seconds / availableParallelism()),
      memory: 8 * parameters * steps + 4e8 + 8 * 60_000 * 3072,
    };
  },
});

const samplesOf = ({ images }: TrainedNetworkConfig, samples: SamplesConfig): number => {
  if (samples.kind === 'fresh') return samples.count;
  return samples.kind === 'augmented' ? samples.copies * images.training : images.training;
};

/** What Lanczos found of a Hessian, and where. */
export interface MeasuredSpectrum {
  /** P and N, and their ratio. */
  readonly parameters: number;
  readonly samples: number;
  readonly q: number;
  /** Of the network, over the samples of the Hessian. */
  readonly loss: number;
  readonly accuracy: number;
  /** Ritz values, ascending, their weights, and how far from an eigenvalue each is at most. */
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  readonly residuals: Float64Array;
  readonly smallest: number;
  readonly largest: number;
}

export function measuredSpectrum(results: Results, unit: Unit): MeasuredSpectrum {
  const { numbers, arrays } = results.of(unit);
  const [nodes, weights, residuals] = ['values', 'weights', 'residuals'].map(
    (name) => arrays[name].data as Float64Array,
  );
  const [parameters, samples] = [numbers.parameters as number, numbers.samples as number];
  return {
    parameters,
    samples,
    q: parameters / samples,
    loss: numbers.loss as number,
    accuracy: numbers.accuracy as number,
    nodes,
    weights,
    residuals,
    smallest: nodes[0],
    largest: nodes[nodes.length - 1],
  };
}
