import { eigenvalues, fromMatvec, matrixOf } from '@hessian-rmt/curvature';
import {
  type ConvolutionalNetwork,
  convolutionalParameterCount,
  convolutionalSums,
  forwardFlops,
  initialConvolutionalWeights,
  objectiveOf,
  train,
} from '@hessian-rmt/models';
import { defineUnitKind } from '@hessian-rmt/replication';
import { digits } from './digits.js';

export type ConvnetConfig = {
  /** Number of training digits, balanced over the classes. */
  readonly samples: number;
  /** Side of the images: 28, or 14 and 7 by averaging blocks. */
  readonly side: number;
  /** Channels of the two convolutions. */
  readonly channels: readonly [number, number];
  readonly batch: number;
  readonly rate: number;
  readonly steps: number;
};

/** Two 3 x 3 convolutions, each with a bias, ReLU and 2 x 2 max pooling, and a dense layer: LeNet's form, at our size. */
export function smallConvnet({ side, channels }: Pick<ConvnetConfig, 'side' | 'channels'>): ConvolutionalNetwork {
  const geometry = { kind: 'convolution', size: 3, stride: 1, padding: 1, bias: true } as const;
  return {
    kind: 'convolutional',
    name: `convnet of ${channels.join(' and ')} channels`,
    input: { height: side, width: side, channels: 1 },
    classes: 10,
    loss: 'softmax-cross-entropy',
    layers: [
      ...channels.flatMap((outputs, i) => [
        { ...geometry, name: `conv${i + 1}`, outputs },
        { kind: 'relu' } as const,
        { kind: 'max-pooling', size: 2, stride: 2 } as const,
      ]),
      { kind: 'dense', name: 'dense', outputs: 10, bias: true },
    ],
  };
}

/**
 * Trains a small convolutional network for a number of steps and takes the whole spectrum of its exact Hessian, from one
 * product in float64 for each parameter (Sagun et al. 2017, sec. 3.3). Networks of a repetition share digits and start.
 */
export const convnetSpectrum = defineUnitKind<ConvnetConfig>({
  name: 'convnet-spectrum',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { samples, side, batch, rate, steps } = config;
    const data = await digits({ samples, side }, random.stream('data'));
    const network = smallConvnet(config);
    const training = await train(
      network,
      initialConvolutionalWeights(network, random.stream('initial weights')),
      data,
      { algorithm: 'sgd', batch, rate, steps, recordEvery: Math.ceil(steps / 50), recordAccuracy: true },
      random.stream('training'),
      { linearAlgebra, precision: 'float64', progress: (done, doing) => progress(0.4 * done, doing) },
    );
    const { loss, accuracy, gradientNorm } = training.history[training.history.length - 1];

    // No batch normalisation here: evaluation mode without statistics.
    const normalisation = { mode: 'evaluation', statistics: new Float64Array(0) } as const;
    const objective = objectiveOf(convolutionalSums(network, data, linearAlgebra, { normalisation }));
    const hessian = await matrixOf(
      fromMatvec(objective.parameters, (v) => objective.hessianVectorProduct(training.weights, v)),
      { progress: (done) => progress(0.4 + 0.5 * done, 'Hessian, a product a parameter') },
    );
    progress(0.9, 'eigenvalues');
    const { values, roundingFloor } = await eigenvalues(hessian, { linearAlgebra, overwrite: true });
    const column = (of: (record: (typeof training.history)[number]) => number) => ({
      shape: [training.history.length],
      data: Float64Array.from(training.history, of),
    });
    return {
      numbers: {
        parameters: objective.parameters,
        loss,
        accuracy: accuracy!,
        gradientNorm,
        roundingFloor,
        asymmetry: hessian.asymmetry,
      },
      arrays: {
        spectrum: { shape: [values.length], data: values },
        step: column(({ step }) => step),
        loss: column((record) => record.loss),
      },
      uses: { datasets: [{ name: data.name, checksum: data.checksum }] },
    };
  },

  cost(config) {
    const network = smallConvnet(config);
    const parameters = convolutionalParameterCount(network);
    const forward = forwardFlops(network);
    // Measured: so small convolutions run at a twelfth of the rate of large products, and gradients at half of that.
    const products = 12 * 8 * forward * parameters * config.samples;
    const gradients = 24 * 3 * forward * (config.steps * config.batch + 50 * config.samples);
    return {
      flops: products + gradients,
      memory: 8 * parameters ** 2,
    };
  },
});
