import { linearAlgebra, portableLinearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  type Convolution,
  type ConvolutionalNetwork,
  convolutionalParameterCount,
  convolutionalSums,
  curvatureKinds,
  type Dataset,
  denseSums,
  type Layer,
  type LossName,
  mlp,
  type Normalisation,
  objectiveOf,
  type SampleSums,
  samplesOf,
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

describe('sums over samples of a convolutional network', () => {
  const of = networks[4];
  const weights = weightsOf(of);
  const vector = vectorOf(of);

  it('of dense layers alone are those of a dense network with the same weights', () => {
    for (const loss of ['softmax-cross-entropy', 'squared-error'] as const) {
      const same = mlp([40, 6, 5, classes], { activation: 'tanh', loss });
      const layers = convolutionalSums(
        network('dense', [dense(6), tanh, dense(5), tanh, dense(classes)], loss),
        images,
        library,
        {
          normalisation: { mode: 'evaluation', statistics: new Float64Array(0) },
          chunk: 3,
        },
      );
      const dots = denseSums(same, images, library);
      expect(layers.parameters).toBe(dots.parameters);
      const at = random.stream('dense').normals(dots.parameters, 0.3);
      const along = random.stream('along').normals(dots.parameters);
      expect(layers.loss(at, 0, count).loss).toBeCloseTo(dots.loss(at, 0, count).loss, 13);
      expect(layers.loss(at, 0, count).correct).toBe(dots.loss(at, 0, count).correct);
      for (const kind of curvatureKinds) {
        expect(relativeError(product(layers, kind, at, along), product(dots, kind, at, along))).toBeLessThan(1e-13);
      }
    }
  });

  it('over ranges add up to the sum over all, in mini-batches and in chunks of any size', () => {
    const [training, evaluation] = modesOf(of);
    for (const { sums, cuts } of [
      { sums: convolutionalSums(of, images, library, { normalisation: training }), cuts: [0, 4, 7] },
      { sums: convolutionalSums(of, images, library, { normalisation: evaluation, chunk: 2 }), cuts: [0, 3, 4, 7] },
      {
        sums: convolutionalSums(of, samplesOf(images), library, { normalisation: evaluation, chunk: 50 }),
        cuts: [0, 2, 7],
      },
    ]) {
      for (const kind of curvatureKinds) {
        const parts = new Float64Array(sums.parameters);
        cuts.slice(1).forEach((to, i) => void sums.addProduct(kind, weights, vector, cuts[i], to, parts));
        expect(relativeError(parts, product(sums, kind, weights, vector))).toBeLessThan(1e-13);
      }
      const losses = cuts.slice(1).map((to, i) => sums.loss(weights, cuts[i], to));
      expect(losses.reduce((sum, { loss }) => sum + loss, 0)).toBeCloseTo(sums.loss(weights, 0, count).loss, 13);
      expect(losses.reduce((sum, { correct }) => sum + correct, 0)).toBe(sums.loss(weights, 0, count).correct);
      const outputs = cuts.slice(1).flatMap((to, i) => Array.from(sums.outputsOf(weights, cuts[i], to)));
      expect(relativeError(outputs, sums.outputsOf(weights, 0, count))).toBeLessThan(1e-13);
    }
  });

  it('give the same bytes again, whatever was computed in between', () => {
    const sums = convolutionalSums(of, images, library, { normalisation: { mode: 'training', batch: 4 } });
    const first = product(sums, 'hessian', weights, vector);
    product(sums, 'gauss-newton', vector, weights);
    sums.loss(vector, 4, 7);
    expect(product(sums, 'hessian', weights, vector)).toEqual(first);
  });

  it('are well again after weights that are not finite', () => {
    const sums = convolutionalSums(of, images, library, { normalisation: modesOf(of)[1], chunk: 4 });
    const before = product(sums, 'hessian', weights, vector);
    const broken = new Float64Array(weights.length).fill(Number.NaN);
    expect(sums.loss(broken, 0, count).loss).toBeNaN();
    product(sums, 'hessian', broken, vector);
    expect(product(sums, 'hessian', weights, vector)).toEqual(before);
  });

  it('have the empirical Fisher matrix of the gradients of single samples', () => {
    const sums = convolutionalSums(of, images, library, { normalisation: modesOf(of)[1] });
    const expected = new Float64Array(sums.parameters);
    for (let n = 0; n < count; n++) {
      const gradient = new Float64Array(sums.parameters);
      sums.addGradient(weights, n, n + 1, gradient);
      const slope = gradient.reduce((sum, value, i) => sum + value * vector[i], 0);
      for (let i = 0; i < expected.length; i++) expected[i] += slope * gradient[i];
    }
    expect(relativeError(product(sums, 'empirical-fisher', weights, vector), expected)).toBeLessThan(1e-12);
  });

  it('are the same with the portable library, to rounding', () => {
    const normalisation = modesOf(of)[0];
    const portable = convolutionalSums(of, images, portableLinearAlgebra(), { normalisation });
    const native = convolutionalSums(of, images, library, { normalisation });
    for (const kind of curvatureKinds) {
      expect(
        relativeError(product(portable, kind, weights, vector), product(native, kind, weights, vector)),
      ).toBeLessThan(1e-12);
    }
  });

  it('turn into means by objectiveOf', () => {
    const sums = convolutionalSums(of, images, library, { normalisation: modesOf(of)[0] });
    const objective = objectiveOf(sums);
    const gradient = new Float64Array(sums.parameters).fill(3);
    expect(objective.gradient(weights, gradient)).toBe(objective.loss(weights));
    expect(objective.loss(weights)).toBe(sums.loss(weights, 0, count).loss / count);
    expect(objective.accuracy(weights)).toBe(sums.loss(weights, 0, count).correct / count);
    const sum = new Float64Array(sums.parameters);
    sums.addGradient(weights, 0, count, sum);
    expect(gradient).toEqual(sum.map((value) => value / count));
    expect(objective.hessianVectorProduct(weights, vector)).toEqual(
      product(sums, 'hessian', weights, vector).map((value) => value / count),
    );
    expect(() => objective.loss(weights.subarray(1))).toThrow(RangeError);
    expect(() => objective.gaussNewtonVectorProduct(weights, vector.subarray(1))).toThrow(
      `vector: expected ${sums.parameters} parameters, found ${sums.parameters - 1}`,
    );
  });

  it('say what computes them', () => {
    const normalisation = modesOf(of)[0];
    expect(convolutionalSums(of, images, library, { normalisation }).identity).toBe(
      `${library.library.identity}, float64`,
    );
    expect(convolutionalSums(of, images, library, { normalisation, precision: 'float32' }).identity).toMatch(
      /, float32$/,
    );
  });

  it('refuse what does not fit', () => {
    const [training, evaluation] = modesOf(of);
    const sums = convolutionalSums(of, images, library, { normalisation: training });
    expect(sums.granule).toBe(4);
    expect(() => sums.loss(weights, 0, 3)).toThrow('0..3 does not begin and end at a mini-batch of 4 samples');
    expect(() => sums.loss(weights, 2, 7)).toThrow('does not begin and end');
    expect(() => sums.loss(weights, 4, 8)).toThrow('4..8 is not a range of samples inside 0..7');
    expect(() => sums.loss(weights.subarray(1), 0, 7)).toThrow(/expected weights of \d+ numbers/);
    expect(() => convolutionalSums(of, images, library, { normalisation: { mode: 'training', batch: 0 } })).toThrow(
      'batch must be a positive integer',
    );
    expect(() => convolutionalSums(of, images, library, { normalisation: evaluation, chunk: 0.5 })).toThrow('chunk');
    const statistics = new Float64Array(3);
    expect(() => convolutionalSums(of, images, library, { normalisation: { mode: 'evaluation', statistics } })).toThrow(
      'expected 26 statistics, found 3',
    );
    const turned = { ...images, image: { height: 4, width: 5, channels: 2 } };
    expect(() => convolutionalSums(of, turned, library, { normalisation: training }).loss(weights, 0, 7)).toThrow(
      'expected images of 5 x 4 x 2, found 4 x 5 x 2',
    );
    const flat = { ...images, dimension: 35, inputs: images.inputs.subarray(0, 35 * count) };
    expect(() => convolutionalSums(of, flat, library, { normalisation: training }).loss(weights, 0, 7)).toThrow(
      /expected 40 inputs a sample/,
    );
  });
});
