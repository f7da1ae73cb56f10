import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  ConvolutionalBatch,
  type ConvolutionalNetwork,
  type Dataset,
  type Layer,
  slice,
  statisticsBlocks,
} from '../../src/index.js';
import { constant } from '../support/hyper-dual.js';
import { naiveConvolutionalOutputs } from '../support/naive-convolutional.js';
import { plus, relativeError } from '../support/naive-network.js';

const library = await linearAlgebra({ threads: 1 });
const random = randomStream(6, 'convolutional batch');
const input = { height: 4, width: 4, channels: 2 };
const network = (name: string, layers: readonly Layer[], classes = 3): ConvolutionalNetwork => ({
  kind: 'convolutional',
  name,
  input,
  classes,
  loss: 'softmax-cross-entropy',
  layers,
});
const head: Layer = { kind: 'dense', name: 'head', outputs: 3, bias: true };
const convolution: Layer = {
  kind: 'convolution',
  name: 'convolution',
  outputs: 3,
  size: 3,
  stride: 1,
  padding: 1,
  bias: false,
};
const normalised = network('normalised', [
  convolution,
  { kind: 'batch-normalisation', name: 'norm1', epsilon: 1e-5 },
  { kind: 'relu' },
  { kind: 'average-pooling', size: 2, stride: 2 },
  { kind: 'batch-normalisation', name: 'norm2', epsilon: 1e-5 },
  head,
]);
const data: Dataset = {
  name: 'noise',
  count: 6,
  dimension: 32,
  classes: 3,
  inputs: random.stream('inputs').normals(6 * 32),
  labels: Uint8Array.of(0, 1, 2, 2, 1, 0),
  checksum: '',
  image: input,
};
const training = { mode: 'training' } as const;

describe('a batch of a convolutional network', () => {
  it('gives the mean and the variance of every normalisation, with the number of pixels', () => {
    const batch = new ConvolutionalBatch(normalised, library, 6);
    const weights = random.stream('weights').normals(batch.parameters);
    batch.load(data);
    batch.loss(weights, training);
    const { statistics, pixels } = batch.batchStatistics();
    const seen: { mean: number; variance: number }[] = [];
    naiveConvolutionalOutputs(normalised, Array.from(weights, constant), data, undefined, (mean, variance) =>
      seen.push({ mean, variance }),
    );
    const expected = statisticsBlocks(normalised).flatMap(({ channels }, block) => {
      const own = seen.slice(3 * block, 3 * block + channels);
      return [...own.map(({ mean }) => mean), ...own.map(({ variance }) => variance)];
    });
    expect(relativeError(statistics, expected)).toBeLessThan(1e-14);
    expect(pixels).toEqual([6 * 16, 6 * 4]);
  });

  it('keeps the digits of a variance whose mean is far from 0', () => {
    // A 1 x 1 convolution, so that a constant added to the inputs is a constant added to what is normalised.
    const pointwise = network('pointwise', [
      { kind: 'convolution', name: 'convolution', outputs: 3, size: 1, stride: 1, padding: 0, bias: false },
      { kind: 'batch-normalisation', name: 'norm', epsilon: 0 },
      head,
    ]);
    const batch = new ConvolutionalBatch(pointwise, library, 6);
    const weights = random.stream('weights').normals(batch.parameters);
    const far = { ...data, inputs: data.inputs.map((value) => value + 1e6) };
    const [near, moved] = [data, far].map((samples) => {
      batch.load(samples);
      batch.loss(weights, training);
      return batch.batchStatistics().statistics.slice(3);
    });
    // The inputs themselves lose 1e6 epsilon = 2e-10 each; the squares of the moved ones would lose 1e-4.
    expect(relativeError(moved, near)).toBeLessThan(1e-8);
  });

  it('has the gradient of the loss that it was loaded with, and adds it when asked to', () => {
    const batch = new ConvolutionalBatch(normalised, library, 4);
    const weights = random.stream('weights').normals(batch.parameters);
    const chosen = [5, 1, 3, 0];
    batch.load(data, chosen);
    const gradient = new Float64Array(batch.parameters).fill(Number.NaN);
    const sum = batch.gradient(weights, gradient, training);
    expect(sum).toEqual(batch.loss(weights, training));

    const direction = random.stream('direction').normals(batch.parameters);
    const lossAt = (step: number) => batch.loss(plus(weights, step, direction), training).loss;
    // Richardson: error h^4. Steps small enough that no ReLU changes its side.
    const slope = (8 * (lossAt(1e-5) - lossAt(-1e-5)) - (lossAt(2e-5) - lossAt(-2e-5))) / 12e-5;
    const along = gradient.reduce((total, value, i) => total + value * direction[i], 0);
    expect(along / slope).toBeCloseTo(1, 8);

    const twice = gradient.slice();
    batch.gradient(weights, twice, training, 1);
    expect(twice).toEqual(gradient.map((value) => value + value));
  });

  it('gives in evaluation mode, with the statistics of the batch, what training mode gives', () => {
    const batch = new ConvolutionalBatch(normalised, library, 6);
    const weights = random.stream('weights').normals(batch.parameters);
    batch.load(data);
    const outputs = batch.outputs(weights, training);
    const { statistics } = batch.batchStatistics();
    expect(relativeError(batch.outputs(weights, { mode: 'evaluation', statistics }), outputs)).toBeLessThan(1e-14);
    expect(() => batch.batchStatistics()).toThrow('no batch has been run in training mode');
  });

  it('drops each entry with the rate of its layer, by the masks of the stream, forward and back', () => {
    const rate = 0.3;
    const dropping = network('dropping', [{ kind: 'dropout', rate }, convolution, { kind: 'dropout', rate }, head]);
    const batch = new ConvolutionalBatch(dropping, library, 6);
    const weights = random.stream('weights').normals(batch.parameters);
    batch.load(data);
    const at = (stream: string, w = weights) => batch.outputs(w, { mode: 'training', dropout: random.stream(stream) });
    expect(at('a')).toEqual(at('a'));
    expect(at('a')).not.toEqual(at('b'));
    expect(batch.outputs(weights, training)).toEqual(
      batch.outputs(weights, { mode: 'evaluation', statistics: new Float64Array(0) }),
    );

    // The mask is that of the stream, so that the loss is a smooth function of the weights, whose slope the gradient is.
    const mode = () => ({ mode: 'training', dropout: random.stream('a') }) as const;
    const gradient = new Float64Array(batch.parameters);
    batch.gradient(weights, gradient, mode());
    const direction = random.stream('direction').normals(batch.parameters);
    const lossAt = (step: number) => batch.loss(plus(weights, step, direction), mode()).loss;
    const slope = (8 * (lossAt(1e-3) - lossAt(-1e-3)) - (lossAt(2e-3) - lossAt(-2e-3))) / 12e-3;
    const along = gradient.reduce((total, value, i) => total + value * direction[i], 0);
    expect(along / slope).toBeCloseTo(1, 8);
  });

  it('keeps the mean under dropout: entries that stay are divided by 1 - rate', () => {
    // One dense layer that sums 32 ones: the output of a sample is (kept / 32) / (1 - rate), of mean 1.
    const rate = 0.25;
    const layers: Layer[] = [
      { kind: 'dropout', rate },
      { kind: 'dense', name: 'sum', outputs: 1, bias: false },
    ];
    const ones = { ...data, classes: 1, inputs: new Float64Array(6 * 32).fill(1 / 32), labels: new Uint8Array(6) };
    const batch = new ConvolutionalBatch(network('sums', layers, 1), library, 6);
    batch.load(ones);
    const weights = new Float64Array(32).fill(1);
    const outputs = Array.from({ length: 200 }, (_, i) => [
      ...batch.outputs(weights, { mode: 'training', dropout: random.stream(`draw-${i}`) }),
    ]).flat();
    const mean = outputs.reduce((sum, value) => sum + value, 0) / outputs.length;
    // Variance of one output: rate / (1 - rate) / 32; five standard errors of the mean of 1,200.
    expect(Math.abs(mean - 1)).toBeLessThan(5 * Math.sqrt(rate / (1 - rate) / 32 / outputs.length));
    for (const value of outputs) expect(value * 32 * (1 - rate)).toBeCloseTo(Math.round(value * 32 * (1 - rate)), 10);
  });

  it('takes the first of equal inputs of a maximum, and shows NaN', () => {
    // Outputs are 1 x 1 x 2: the maxima of both channels. The input is constant, so a convolution makes it a function of weights.
    const layers: Layer[] = [
      { kind: 'convolution', name: 'identity', outputs: 2, size: 1, stride: 1, padding: 0, bias: true },
      { kind: 'max-pooling', size: 4, stride: 4 },
    ];
    const maxima = new ConvolutionalBatch(network('maxima', layers, 2), library, 1);
    const labels = Uint8Array.of(0);
    const inputs = new Float64Array(32).fill(-1);
    // Channel 0 has its maximum at pixels 5 and 9; channel 1 is 3 and 4 there, its own maximum is at pixel 2.
    [inputs[10], inputs[18]] = [7, 7];
    [inputs[11], inputs[19], inputs[5]] = [3, 4, 8];
    maxima.load({ ...data, count: 1, classes: 2, inputs, labels });
    const weights = Float64Array.of(1, 0, 0, 1, 0, 0);
    const evaluation = { mode: 'evaluation', statistics: new Float64Array(0) } as const;
    expect([...maxima.outputs(weights, evaluation)]).toEqual([7, 8]);
    const gradient = new Float64Array(6);
    maxima.gradient(weights, gradient, evaluation);
    // dl/dz_0 = -p_1: the input that passes is pixel 5, of channels (7, 3).
    const slope = -1 / (1 + Math.exp(-1));
    expect(gradient[0] / slope).toBeCloseTo(7, 12);
    expect(gradient[2] / slope).toBeCloseTo(3, 12);
    inputs[31] = Number.NaN;
    inputs[1] = Number.NaN;
    maxima.load({ ...data, count: 1, classes: 2, inputs, labels });
    expect(maxima.loss(weights, evaluation).loss).toBeNaN();
  });

  it('refuses too many samples, and data or vectors that do not fit', () => {
    const batch = new ConvolutionalBatch(normalised, library, 4);
    expect(() => batch.load(data)).toThrow('expected at most 4 samples at once, found 6');
    expect(() => batch.load({ ...slice(data, 0, 4), labels: Uint8Array.of(0, 1, 2, 3) })).toThrow('no class 3');
    batch.load(slice(data, 0, 4));
    const weights = new Float64Array(batch.parameters);
    expect(() => batch.gradient(weights, weights.subarray(1), training)).toThrow(RangeError);
    expect(() => batch.outputs(weights, { mode: 'evaluation', statistics: new Float64Array(1) })).toThrow(
      'normalised: expected statistics of 12 numbers, found 1',
    );
    expect(() => new ConvolutionalBatch(normalised, library, 0)).toThrow('capacity must be a positive integer');
  });
});
