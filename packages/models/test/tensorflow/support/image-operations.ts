import { summedLoss } from '../../../src/tensorflow/kernels/output-losses.js';
import { runKernel } from '../../../src/tensorflow/kernels/own-kernels.js';
import type { Tensor, Tensor1D, Tensor4D, TensorFlow } from '../../../src/tensorflow/types.js';
import type { Operation } from './operation.js';

/** Up to 97 different numbers between -1.5 and 1.6 in no order: no window has two largest. */
const distinct = (count: number, phase = 1) =>
  Array.from({ length: count }, (_, i) => ((37 * (i + phase)) % 97) / 32 - 1.5);

/** Sixteenths between -2 and 2: exact in float32. */
const numbers = (count: number, phase = 1) =>
  Array.from({ length: count }, (_, i) => Math.round(32 * Math.sin(phase + 2.4 * i)) / 16);

type Shape = [number, number, number, number];
const sizeOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

/** Two tensors cut out of one vector. */
function pair(tf: TensorFlow, t: Tensor1D, first: Shape, second: Shape): [Tensor, Tensor] {
  const [n, m] = [sizeOf(first), sizeOf(second)];
  return [tf.reshape(tf.slice(t, [0], [n]), first), tf.reshape(tf.slice(t, [n], [m]), second)];
}

interface Geometry {
  readonly images: number;
  readonly input: readonly [number, number, number];
  readonly output: readonly [number, number, number];
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  /** Zeros above and left of the input. */
  readonly before: readonly [number, number];
}

/** All products x[n, y, x, c] w[ky, kx, c, k] of which y[n, oy, ox, k] is the sum, by their places in the three arrays. */
function forEachProduct(g: Geometry, visit: (x: number, w: number, y: number) => void): void {
  const [height, width, inputs] = g.input;
  const [rows, columns, outputs] = g.output;
  const [kernelHeight, kernelWidth] = g.kernel;
  for (let n = 0; n < g.images; n++)
    for (let oy = 0; oy < rows; oy++)
      for (let ox = 0; ox < columns; ox++)
        for (let ky = 0; ky < kernelHeight; ky++)
          for (let kx = 0; kx < kernelWidth; kx++) {
            const [iy, ix] = [oy * g.strides[0] + ky - g.before[0], ox * g.strides[1] + kx - g.before[1]];
            if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
            for (let c = 0; c < inputs; c++)
              for (let k = 0; k < outputs; k++)
                visit(
                  ((n * height + iy) * width + ix) * inputs + c,
                  ((ky * kernelWidth + kx) * inputs + c) * outputs + k,
                  ((n * rows + oy) * columns + ox) * outputs + k,
                );
          }
}

interface Case {
  readonly label: string;
  readonly geometry: Geometry;
  readonly pad: number | 'same' | 'valid' | [number, number][];
}

const cases: readonly Case[] = [
  {
    label: '3 x 3, padding 1',
    geometry: { images: 2, input: [4, 3, 2], output: [4, 3, 3], kernel: [3, 3], strides: [1, 1], before: [1, 1] },
    pad: 1,
  },
  {
    label: '3 x 3, padding 1, stride 2, a row and a column left over',
    geometry: { images: 2, input: [4, 6, 2], output: [2, 3, 2], kernel: [3, 3], strides: [2, 2], before: [1, 1] },
    pad: 1,
  },
  {
    label: '3 x 3, same, stride 2',
    geometry: { images: 1, input: [4, 5, 2], output: [2, 3, 2], kernel: [3, 3], strides: [2, 2], before: [0, 1] },
    pad: 'same',
  },
  {
    label: '1 x 1, stride 2',
    geometry: { images: 2, input: [4, 3, 2], output: [2, 2, 3], kernel: [1, 1], strides: [2, 2], before: [0, 0] },
    pad: 'valid',
  },
  {
    label: '1 x 1',
    geometry: { images: 2, input: [2, 3, 2], output: [2, 3, 3], kernel: [1, 1], strides: [1, 1], before: [0, 0] },
    pad: 'valid',
  },
  {
    label: '1 x 1, padding 1',
    geometry: { images: 1, input: [2, 2, 2], output: [4, 4, 2], kernel: [1, 1], strides: [1, 1], before: [1, 1] },
    pad: 1,
  },
  {
    label: '2 x 3, valid, stride 3, two rows left over',
    geometry: { images: 1, input: [7, 6, 1], output: [2, 2, 2], kernel: [2, 3], strides: [3, 3], before: [0, 0] },
    pad: 'valid',
  },
  {
    label: '5 x 4, uneven padding, stride 2',
    geometry: { images: 1, input: [5, 5, 1], output: [3, 3, 2], kernel: [5, 4], strides: [2, 2], before: [3, 2] },
    pad: [[0, 0], [3, 1], [2, 1], [0, 0]], // biome-ignore format: one padding
  },
];

/** Shapes of input, kernel and output. */
const arrays = (g: Geometry) => {
  const x: Shape = [g.images, ...g.input] as Shape;
  const w: Shape = [...g.kernel, g.input[2], g.output[2]];
  const y: Shape = [g.images, ...g.output] as Shape;
  return { x, w, y };
};

const convolutions: readonly Operation[] = cases.flatMap(({ label, geometry, pad }): Operation[] => {
  const { x, w, y } = arrays(geometry);
  const attributes = { strides: geometry.strides as [number, number], pad, dataFormat: 'NHWC' };
  const [sizeX, sizeW, sizeY] = [x, w, y].map(sizeOf);
  /** What the first and the second of the arrays give of the third. */
  const plain = (resultSize: number, firstSize: number, places: (x: number, w: number, y: number) => number[]) => {
    return (values: readonly number[]) => {
      const result = new Array<number>(resultSize).fill(0);
      forEachProduct(geometry, (...at) => {
        const [first, second, into] = places(...at);
        result[into] += values[first] * values[firstSize + second];
      });
      return result;
    };
  };
  return [
    {
      kernel: 'Conv2D',
      label: `Conv2D, ${label}`,
      x: numbers(sizeX + sizeW),
      tensor: (tf, t) => {
        const [image, filter] = pair(tf, t, x, w);
        return tf.conv2d(image as never, filter as never, attributes.strides, pad as never);
      },
      plain: plain(sizeY, sizeX, (i, j, k) => [i, j, k]),
    },
    {
      kernel: 'Conv2DBackpropInput',
      label: `Conv2DBackpropInput, ${label}`,
      x: numbers(sizeY + sizeW),
      tensor: (tf, t) => {
        const [dy, filter] = pair(tf, t, y, w);
        return runKernel(tf, 'Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: x });
      },
      plain: plain(sizeX, sizeY, (i, j, k) => [k, j, i]),
    },
    {
      kernel: 'Conv2DBackpropFilter',
      label: `Conv2DBackpropFilter, ${label}`,
      x: numbers(sizeX + sizeY),
      tensor: (tf, t) => {
        const [image, dy] = pair(tf, t, x, y);
        return runKernel(tf, 'Conv2DBackpropFilter', { x: image, dy }, { ...attributes, filterShape: w });
      },
      plain: plain(sizeW, sizeX, (i, j, k) => [i, k, j]),
    },
  ];
});

const images: Shape = [2, 5, 4, 2];
const channels = images[3];
const pixels = sizeOf(images) / channels;

/** The places of each window of size x size in one channel of `images`. */
function windows(size: number, stride: number): number[][] {
  const [count, height, width, depth] = images;
  const places: number[][] = [];
  for (let n = 0; n < count; n++)
    for (let top = 0; top + size <= height; top += stride)
      for (let left = 0; left + size <= width; left += stride)
        for (let c = 0; c < depth; c++) {
          const offsets = Array.from({ length: size * size }, (_, i) => [Math.floor(i / size), i % size]);
          places.push(offsets.map(([y, x]) => ((n * height + top + y) * width + left + x) * depth + c));
        }
  return places;
}

const largest = (x: readonly number[], window: number[]) => window.reduce((best, i) => (x[i] > x[best] ? i : best));

const poolings: readonly Operation[] = [
  [2, 2],
  [2, 1],
  [3, 2],
].flatMap(([size, stride]): Operation[] => {
  const places = windows(size, stride);
  const attributes = { filterSize: size, strides: stride, pad: 'valid' };
  const label = `${size} x ${size}, stride ${stride}`;
  const pooled = (tf: TensorFlow) => tf.maxPool(tf.zeros(images) as Tensor4D, size, stride, 'valid').shape;
  const fixed = distinct(sizeOf(images), 5);
  const input = (tf: TensorFlow) => tf.tensor(fixed, images);
  return [
    {
      kernel: 'AvgPool',
      label: `AvgPool, ${label}`,
      x: numbers(sizeOf(images)),
      tensor: (tf, t) => tf.avgPool(tf.reshape(t, images) as never, size, stride, 'valid'),
      plain: (x) => places.map((window) => window.reduce((sum, i) => sum + x[i] / window.length, 0)),
    },
    {
      kernel: 'AvgPoolGrad',
      label: `AvgPoolGrad, ${label}`,
      x: numbers(places.length),
      tensor: (tf, t) => runKernel(tf, 'AvgPoolGrad', { dy: tf.reshape(t, pooled(tf)), input: input(tf) }, attributes),
      plain: (dy) => {
        const dx = new Array<number>(sizeOf(images)).fill(0);
        places.forEach((window, o) => {
          for (const i of window) dx[i] += dy[o] / window.length;
        });
        return dx;
      },
    },
    {
      kernel: 'MaxPool',
      label: `MaxPool, ${label}`,
      x: distinct(sizeOf(images)),
      tensor: (tf, t) => tf.maxPool(tf.reshape(t, images) as never, size, stride, 'valid'),
      plain: (x) => places.map((window) => x[largest(x, window)]),
    },
    {
      kernel: 'MaxPoolGrad',
      label: `MaxPoolGrad, ${label}`,
      x: numbers(places.length),
      tensor: (tf, t) => {
        const output = tf.maxPool(input(tf) as Tensor4D, size, stride, 'valid');
        return runKernel(tf, 'MaxPoolGrad', { dy: tf.reshape(t, output.shape), input: input(tf), output }, attributes);
      },
      plain: (dy) => {
        const dx = new Array<number>(sizeOf(images)).fill(0);
        places.forEach((window, o) => {
          dx[largest(fixed, window)] += dy[o];
        });
        return dx;
      },
    },
    {
      kernel: 'MaxPoolSelect',
      label: `MaxPoolSelect, ${label}`,
      x: numbers(sizeOf(images)),
      tensor: (tf, t) => runKernel(tf, 'MaxPoolSelect', { t: tf.reshape(t, images), input: input(tf) }, attributes),
      plain: (t) => places.map((window) => t[largest(fixed, window)]),
    },
  ];
});

const imageAndVector = (tf: TensorFlow, t: Tensor1D): [Tensor, Tensor] => [
  tf.reshape(tf.slice(t, [0], [sizeOf(images)]), images),
  tf.slice(t, [sizeOf(images)], [channels]),
];
const channelSums = (x: readonly number[]) =>
  Array.from({ length: channels }, (_, c) => x.reduce((sum, xi, i) => sum + (i % channels === c ? xi : 0), 0));

const channelOperations: readonly Operation[] = [
  {
    kernel: 'ChannelScale',
    x: numbers(sizeOf(images) + channels),
    tensor: (tf, t) => {
      const [x, a] = imageAndVector(tf, t);
      return runKernel(tf, 'ChannelScale', { x, a });
    },
    plain: (x) => x.slice(0, -channels).map((xi, i) => xi * x[sizeOf(images) + (i % channels)]),
  },
  {
    kernel: 'ChannelShift',
    x: numbers(sizeOf(images) + channels),
    tensor: (tf, t) => {
      const [x, b] = imageAndVector(tf, t);
      return runKernel(tf, 'ChannelShift', { x, b });
    },
    plain: (x) => x.slice(0, -channels).map((xi, i) => xi + x[sizeOf(images) + (i % channels)]),
  },
  {
    kernel: 'ChannelCentre',
    x: numbers(sizeOf(images)),
    tensor: (tf, t) => runKernel(tf, 'ChannelCentre', { x: tf.reshape(t, images) }),
    plain: (x) => x.map((xi, i) => xi - channelSums(x)[i % channels] / pixels),
  },
  {
    kernel: 'ChannelSum',
    x: numbers(sizeOf(images)),
    tensor: (tf, t) => runKernel(tf, 'ChannelSum', { x: tf.reshape(t, images) }, { shape: images }),
    plain: channelSums,
  },
  {
    kernel: 'ChannelSpread',
    x: numbers(channels),
    tensor: (tf, a) => runKernel(tf, 'ChannelSpread', { a }, { shape: images }),
    plain: (a) => Array.from({ length: sizeOf(images) }, (_, i) => a[i % channels]),
  },
  {
    kernel: 'ChannelDot',
    x: numbers(2 * sizeOf(images)),
    tensor: (tf, t) => {
      const [x, y] = pair(tf, t, images, images);
      return runKernel(tf, 'ChannelDot', { x, y });
    },
    plain: (x) => channelSums(x.slice(0, sizeOf(images)).map((xi, i) => xi * x[sizeOf(images) + i])),
  },
  {
    kernel: 'SumOfTwo',
    x: numbers(2 * sizeOf(images)),
    tensor: (tf, t) => {
      const [x, y] = pair(tf, t, images, images);
      return runKernel(tf, 'SumOfTwo', { x, y });
    },
    plain: (x) => x.slice(0, sizeOf(images)).map((xi, i) => xi + x[sizeOf(images) + i]),
  },
  {
    kernel: 'FusedBatchNorm',
    x: [...numbers(sizeOf(images) + channels), 0.75, 1.5, ...numbers(2 * channels, 3)],
    tensor: (tf, t) => {
      const from = (place: number) => tf.slice(t, [sizeOf(images) + place * channels], [channels]);
      const [x] = imageAndVector(tf, t);
      return tf.batchNorm(x, from(0), from(1), from(3), from(2), 0.25);
    },
    plain: (values) => {
      const at = (place: number, i: number) => values[sizeOf(images) + place * channels + (i % channels)];
      return values
        .slice(0, sizeOf(images))
        .map((x, i) => ((x - at(0, i)) / Math.sqrt(at(1, i) + 0.25)) * at(2, i) + at(3, i));
    },
  },
  {
    kernel: 'WhereActive',
    x: numbers(6),
    tensor: (tf, t) => runKernel(tf, 'WhereActive', { t, x: tf.tensor1d([1, -1, 0, 2, -3, 0.5]) }),
    plain: (t) => [t[0], 0, 0, t[3], 0, t[5]],
  },
];

const labels = Uint8Array.of(2, 0);
const targets = [0.5, -1, 2, 0.25, 1.5, -0.75];
const outputLosses: readonly Operation[] = [
  {
    kernel: 'SampleLosses',
    label: 'SampleLosses, cross-entropy',
    x: numbers(6),
    tensor: (tf, z) => {
      const wanted = { labels, targets: new Float64Array(0) };
      return summedLoss(tf, tf.reshape(z, [2, 3]), { loss: 'softmax-cross-entropy', wanted });
    },
    plain: (z) => {
      const rows = [z.slice(0, 3), z.slice(3)];
      const logSumExp = (row: readonly number[]) => Math.log(row.reduce((sum, zi) => sum + Math.exp(zi), 0));
      return [rows.reduce((sum, row, n) => sum + logSumExp(row) - row[labels[n]], 0)];
    },
  },
  {
    kernel: 'SampleLosses',
    label: 'SampleLosses, squared error',
    x: numbers(6),
    tensor: (tf, z) => {
      const wanted = { labels: new Uint8Array(0), targets: Float64Array.from(targets) };
      return summedLoss(tf, tf.reshape(z, [2, 3]), { loss: 'squared-error', wanted });
    },
    plain: (z) => [z.reduce((sum, zi, i) => sum + (zi - targets[i]) ** 2 / 2, 0)],
  },
];

export const imageOperations: readonly Operation[] = [
  ...convolutions,
  ...poolings,
  ...channelOperations,
  ...outputLosses,
];
