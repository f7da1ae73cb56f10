import type { ConvolutionalNetwork, Dataset, Layer } from '../../src/index.js';
import { constant, exp, HyperDual, inverseRoot, log, relu, sumOf, tanh } from './hyper-dual.js';

/** An image of hyper-dual numbers: at(y, x, c). */
interface Image {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: readonly HyperDual[];
}

/** Reads parameters, and statistics where they are fixed, one after the other. */
interface Reader {
  parameter(): HyperDual;
  readonly statistic?: () => number;
  /** Called with the mean and variance of each channel that is normalised by its batch. */
  readonly saw?: (mean: number, variance: number) => void;
}

const image = (height: number, width: number, channels: number, at: (y: number, x: number, c: number) => HyperDual) => {
  const data: HyperDual[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) data.push(at(y, x, c));
  }
  return { height, width, channels, data };
};
const pixel = ({ height, width, channels, data }: Image, y: number, x: number, c: number) =>
  y < 0 || y >= height || x < 0 || x >= width ? constant(0) : data[(y * width + x) * channels + c];
const take = (count: number, next: () => HyperDual) => Array.from({ length: count }, next);
const windows = (length: number, size: number, stride: number, padding = 0) =>
  Math.floor((length + 2 * padding - size) / stride) + 1;

/** A layer of a whole batch, as its definition in network.ts has it. */
function run(layer: Layer, images: readonly Image[], read: Reader): Image[] {
  const [{ height, width, channels }] = images;
  switch (layer.kind) {
    case 'convolution': {
      const { size, stride, padding, outputs } = layer;
      const kernel = take(size * size * channels * outputs, read.parameter);
      const bias = layer.bias ? take(outputs, read.parameter) : undefined;
      return images.map((x) =>
        image(windows(height, size, stride, padding), windows(width, size, stride, padding), outputs, (oy, ox, o) => {
          let sum = bias ? bias[o] : constant(0);
          for (let ky = 0; ky < size; ky++) {
            for (let kx = 0; kx < size; kx++) {
              for (let c = 0; c < channels; c++) {
                const k = kernel[((ky * size + kx) * channels + c) * outputs + o];
                sum = sum.plus(k.times(pixel(x, oy * stride + ky - padding, ox * stride + kx - padding, c)));
              }
            }
          }
          return sum;
        }),
      );
    }
    case 'dense': {
      const rows = take(layer.outputs, () => constant(0)).map(() => ({
        weights: take(height * width * channels, read.parameter),
        bias: layer.bias ? read.parameter() : constant(0),
      }));
      return images.map((x) =>
        image(1, 1, layer.outputs, (_y, _x, o) =>
          sumOf(x.data.map((value, i) => value.times(rows[o].weights[i]))).plus(rows[o].bias),
        ),
      );
    }
    case 'batch-normalisation': {
      const scale = take(channels, read.parameter);
      const shift = take(channels, read.parameter);
      const means = take(channels, () => constant(read.statistic?.() ?? 0));
      const variances = take(channels, () => constant(read.statistic?.() ?? 0));
      if (!read.statistic) {
        const share = constant(1 / (images.length * height * width));
        for (let c = 0; c < channels; c++) {
          const values = images.flatMap(({ data }) => data.filter((_, i) => i % channels === c));
          means[c] = sumOf(values).times(share);
          const centred = values.map((value) => value.minus(means[c]));
          variances[c] = sumOf(centred.map((value) => value.times(value))).times(share);
          read.saw?.(means[c].a, variances[c].a);
        }
      }
      const factors = variances.map((variance) => inverseRoot(variance.plus(constant(layer.epsilon))));
      return images.map((x) =>
        image(height, width, channels, (y, column, c) =>
          pixel(x, y, column, c).minus(means[c]).times(factors[c]).times(scale[c]).plus(shift[c]),
        ),
      );
    }
    case 'relu':
      return images.map((x) => ({ ...x, data: x.data.map(relu) }));
    case 'tanh':
      return images.map((x) => ({ ...x, data: x.data.map(tanh) }));
    case 'average-pooling':
    case 'max-pooling': {
      const { size, stride } = layer;
      return images.map((x) =>
        image(windows(height, size, stride), windows(width, size, stride), channels, (oy, ox, c) => {
          const inside = take(size * size, () => constant(0)).map((_, i) =>
            pixel(x, oy * stride + Math.floor(i / size), ox * stride + (i % size), c),
          );
          return layer.kind === 'average-pooling'
            ? sumOf(inside).times(constant(1 / size ** 2))
            : inside.reduce((best, value) => (value.a > best.a ? value : best));
        }),
      );
    }
    case 'dropout':
      return [...images];
    case 'residual': {
      const branch = runAll(layer.branch, images, read);
      const shortcut = runAll(layer.shortcut, images, read);
      return branch.map((x, n) => ({ ...x, data: x.data.map((value, i) => value.plus(shortcut[n].data[i])) }));
    }
  }
}

function runAll(layers: readonly Layer[], images: readonly Image[], read: Reader): Image[] {
  return layers.reduce((x, layer) => run(layer, x, read), [...images]);
}

/** Outputs of the samples of one batch; with statistics in evaluation mode, without in training mode. */
export function naiveConvolutionalOutputs(
  network: ConvolutionalNetwork,
  parameters: readonly HyperDual[],
  data: Dataset,
  statistics?: ArrayLike<number>,
  saw?: Reader['saw'],
): HyperDual[][] {
  const { height, width, channels } = network.input;
  const images = Array.from({ length: data.count }, (_, n) => ({
    height,
    width,
    channels,
    data: Array.from(data.inputs.subarray(n * data.dimension, (n + 1) * data.dimension), constant),
  }));
  let nextParameter = 0;
  let nextStatistic = 0;
  const outputs = runAll(network.layers, images, {
    parameter: () => parameters[nextParameter++],
    ...(statistics ? { statistic: () => statistics[nextStatistic++] } : {}),
    ...(saw ? { saw } : {}),
  });
  if (nextParameter !== parameters.length) throw new Error(`read ${nextParameter} of ${parameters.length} parameters`);
  return outputs.map((output) => [...output.data]);
}

/** Loss of one sample with outputs z, as the definition has it. */
export function naiveSampleLoss(network: ConvolutionalNetwork, z: readonly HyperDual[], data: Dataset, n: number) {
  if (network.loss === 'softmax-cross-entropy') return log(sumOf(z.map(exp))).minus(z[data.labels[n]]);
  const squares = z.map((value, i) => value.minus(constant(data.targets![n * z.length + i])));
  return sumOf(squares.map((value) => value.times(value))).times(constant(0.5));
}

export interface NaiveDerivatives {
  readonly outputs: Float64Array;
  readonly loss: number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  readonly 'gauss-newton': Float64Array;
  readonly 'empirical-fisher': Float64Array;
}

/**
 * Sums over the samples of one batch: loss, gradient, and products of the three second-order matrices with a vector, one
 * coordinate after the other.
 */
export function naiveDerivatives(
  network: ConvolutionalNetwork,
  weights: Float64Array,
  vector: Float64Array,
  data: Dataset,
  statistics?: ArrayLike<number>,
): NaiveDerivatives {
  const at = (p: number) =>
    naiveConvolutionalOutputs(
      network,
      Array.from(weights, (weight, i) => new HyperDual(weight, Number(i === p), vector[i])),
      data,
      statistics,
    );
  const result = {
    gradient: new Float64Array(weights.length),
    hessian: new Float64Array(weights.length),
    'gauss-newton': new Float64Array(weights.length),
    'empirical-fisher': new Float64Array(weights.length),
  };
  // Derivatives of a sample's loss by its outputs z: moving z[i] by e1 and z[j] by e2.
  const byOutputs = (z: readonly HyperDual[], n: number, i: number, j: number) =>
    naiveSampleLoss(
      network,
      z.map(({ a }, k) => new HyperDual(a, Number(k === i), Number(k === j))),
      data,
      n,
    );
  const first = at(0);
  const slopes = first.map((z, n) => z.map((_, i) => byOutputs(z, n, i, i).b));
  const curvatures = first.map((z, n) => z.map((_, i) => z.map((__, j) => byOutputs(z, n, i, j).d)));
  weights.forEach((_, p) => {
    at(p).forEach((z, n) => {
      const loss = naiveSampleLoss(network, z, data, n);
      result.gradient[p] += loss.b;
      result.hessian[p] += loss.d;
      const dot = (left: readonly number[], right: readonly number[]) =>
        left.reduce((sum, value, i) => sum + value * right[i], 0);
      const [column, alongVector] = [z.map(({ b }) => b), z.map(({ c }) => c)];
      curvatures[n].forEach((row, i) => {
        result['gauss-newton'][p] += column[i] * dot(row, alongVector);
      });
      result['empirical-fisher'][p] += dot(slopes[n], column) * dot(slopes[n], alongVector);
    });
  });
  return {
    ...result,
    outputs: Float64Array.from(first.flat(), ({ a }) => a),
    loss: first.reduce((sum, z, n) => sum + naiveSampleLoss(network, z, data, n).a, 0),
  };
}
