import { linearAlgebra, portableLinearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  type Convolution,
  type ConvolutionalNetwork,
  convolutionalParameterCount,
  convolutionalSums,
  curvatureKinds,
  type Dataset,
  denseObjective,
  type Layer,
  type LossName,
  mlp,
  type Normalisation,
  type SampleSums,
  slice,
  statisticsCount,
} from '../../src/index.js';
import { naiveDerivatives } from '../support/naive-convolutional.js';
import { relativeError } from '../support/naive-network.js';

const library = await linearAlgebra({ threads: 1 });
const random = randomStream(5, 'convolutional sums');
const classes = 3;

let names = 0;
const convolution = (outputs: number, size: number, options: Partial<Convolution> = {}): Convolution => ({
  kind: 'convolution',
  name: `layer${++names}`,
  outputs,
  size,
  stride: 1,
  padding: (size - 1) / 2,
  bias: false,
  ...options,
});
const normalisation = (): Layer => ({ kind: 'batch-normalisation', name: `layer${++names}`, epsilon: 1e-2 });
const dense = (outputs: number, bias = true): Layer => ({ kind: 'dense', name: `layer${++names}`, outputs, bias });
const relu: Layer = { kind: 'relu' };
const tanh: Layer = { kind: 'tanh' };

function network(
  name: string,
  layers: readonly Layer[],
  loss: LossName = 'softmax-cross-entropy',
): ConvolutionalNetwork {
  return { kind: 'convolutional', name, input: { height: 5, width: 4, channels: 2 }, classes, loss, layers };
}

const networks: readonly ConvolutionalNetwork[] = [
  network('convolutions with biases and ReLU', [
    convolution(3, 3, { bias: true }),
    relu,
    convolution(2, 1),
    tanh,
    dense(3),
  ]),
  network('strides, valid convolutions and a wide kernel', [
    convolution(3, 5),
    tanh,
    convolution(4, 3, { stride: 2 }),
    relu,
    convolution(4, 2, { padding: 0, bias: true }),
    tanh,
    dense(3, false),
  ]),
  network('overlapping pools', [
    convolution(3, 3),
    { kind: 'max-pooling', size: 3, stride: 1 },
    tanh,
    { kind: 'average-pooling', size: 2, stride: 1 },
    dense(4),
    relu,
    dense(3),
  ]),
  network('normalisation with and without ReLU, dropout that is off', [
    convolution(3, 3),
    normalisation(),
    relu,
    { kind: 'dropout', rate: 0.5 },
    convolution(2, 3),
    normalisation(),
    tanh,
    dense(4),
    normalisation(),
    relu,
    dense(3),
  ]),
  network('residual blocks with identity and projection', [
    convolution(3, 3),
    {
      kind: 'residual',
      branch: [normalisation(), relu, convolution(3, 3), normalisation(), relu, convolution(3, 3)],
      shortcut: [],
    },
    {
      kind: 'residual',
      branch: [normalisation(), relu, convolution(4, 3, { stride: 2 }), tanh, convolution(4, 3)],
      shortcut: [convolution(4, 1, { stride: 2 })],
    },
    normalisation(),
    relu,
    { kind: 'average-pooling', size: 2, stride: 2 },
    dense(3),
  ]),
  network(
    'squared error, blocks at the input and at the output',
    [
      { kind: 'residual', branch: [], shortcut: [normalisation()] },
      { kind: 'residual', branch: [convolution(2, 3)], shortcut: [] },
      { kind: 'residual', branch: [], shortcut: [tanh] },
      convolution(3, 4, { padding: 0 }),
      { kind: 'average-pooling', size: 1, stride: 2 },
      { kind: 'residual', branch: [convolution(3, 3)], shortcut: [] },
    ],
    'squared-error',
  ),
];

const count = 7;
const images: Dataset = {
  name: 'noise',
  count,
  dimension: 40,
  classes,
  inputs: random.stream('inputs').normals(count * 40),
  labels: Uint8Array.from({ length: count }, (_, n) => n % classes),
  targets: random.stream('targets').normals(count * classes),
  checksum: '',
  image: { height: 5, width: 4, channels: 2 },
};

const weightsOf = (of: ConvolutionalNetwork) => random.stream('weights').normals(convolutionalParameterCount(of), 0.4);
const vectorOf = (of: ConvolutionalNetwork) => random.stream('vector').normals(convolutionalParameterCount(of));
const modesOf = (of: ConvolutionalNetwork): readonly Normalisation[] => [
  { mode: 'training', batch: 4 },
  // Means and variances alike: positive numbers.
  {
    mode: 'evaluation',
    statistics: random
      .stream('statistics')
      .normals(statisticsCount(of))
      .map((x) => 0.3 + x * x),
  },
];
const product = (
  sums: SampleSums,
  kind: (typeof curvatureKinds)[number],
  weights: Float64Array,
  vector: Float64Array,
) => {
  const sum = new Float64Array(sums.parameters);
  sums.addProduct(kind, weights, vector, 0, sums.count, sum);
  return sum;
};

const cases = networks.flatMap((of) =>
  modesOf(of).map((mode) => ({ name: `${of.name}, ${mode.mode} mode`, of, mode })),
);

describe.each(cases)('a convolutional network with $name', ({ of, mode }) => {
  const weights = weightsOf(of);
  const vector = vectorOf(of);
  const sums = convolutionalSums(of, images, library, { normalisation: mode });
  // Mini-batches of 4 and 3, or one batch where statistics are fixed.
  const parts = mode.mode === 'training' ? [slice(images, 0, 4), slice(images, 4, 7)] : [images];
  const naive = parts.map((part) =>
    naiveDerivatives(of, weights, vector, part, mode.mode === 'training' ? undefined : mode.statistics),
  );
  const total = (what: 'gradient' | (typeof curvatureKinds)[number]) =>
    naive.map((part) => part[what]).reduce((sum, part) => sum.map((value, i) => value + part[i]));

  it('has the outputs, the loss and the gradient of the definition', () => {
    const outputs = naive.flatMap((part) => Array.from(part.outputs));
    expect(relativeError(sums.outputsOf(weights, 0, count), outputs)).toBeLessThan(1e-13);
    const loss = naive.reduce((sum, part) => sum + part.loss, 0);
    expect(sums.loss(weights, 0, count).loss / loss).toBeCloseTo(1, 13);
    const gradient = new Float64Array(sums.parameters);
    expect(sums.addGradient(weights, 0, count, gradient) / loss).toBeCloseTo(1, 13);
    expect(relativeError(gradient, total('gradient'))).toBeLessThan(1e-12);
  });

  it.each(curvatureKinds)('has the %s product of the definition, to rounding', (kind) => {
    expect(relativeError(product(sums, kind, weights, vector), total(kind))).toBeLessThan(1e-12);
  });

  it('computes in float32 what float32 can know', () => {
    const single = convolutionalSums(of, images, library, { normalisation: mode, precision: 'float32' });
    for (const kind of curvatureKinds) {
      expect(relativeError(product(single, kind, weights, vector), total(kind))).toBeLessThan(1e-5);
    }
  });
});
