import type { Tensor1D, TensorFlow } from '../../../src/tensorflow/types.js';
import { eight, elementwise, type Operation, signs, six } from './operation.js';

const rows = (x: readonly number[], columns: number) =>
  Array.from({ length: x.length / columns }, (_, i) => x.slice(i * columns, (i + 1) * columns));
const sum = (x: readonly number[]) => x.reduce((total, xi) => total + xi, 0);
const product = (x: readonly number[]) => x.reduce((total, xi) => total * xi, 1);
const columnOf = (x: readonly number[], columns: number, j: number) => rows(x, columns).map((row) => row[j]);

const matrix = (tf: TensorFlow, x: Tensor1D, ...shape: number[]) => tf.reshape(x, shape);

/** Products of a 2 x 4 with a 4 x 3 matrix, stored as they are or transposed, plain and in a batch of two. */
const matrixProducts: readonly Operation[] = [false, true].flatMap((transposeA) =>
  [false, true].flatMap((transposeB) =>
    [1, 2].map((batch): Operation => {
      const [m, k, n] = [2, 4, 3];
      const x = Array.from({ length: batch * (m * k + k * n) }, (_, i) => Math.round(16 * Math.sin(1 + 3 * i)) / 8);
      const lead = batch === 1 ? [] : [batch];
      const shapeA = [...lead, ...(transposeA ? [k, m] : [m, k])];
      const shapeB = [...lead, ...(transposeB ? [n, k] : [k, n])];
      return {
        kernel: 'BatchMatMul',
        label: `BatchMatMul, A ${shapeA.join(' x ')}, B ${shapeB.join(' x ')}`,
        x,
        tensor: (tf, t) => {
          const a = tf.reshape(tf.slice(t, [0], [batch * m * k]), shapeA);
          const b = tf.reshape(tf.slice(t, [batch * m * k], [batch * k * n]), shapeB);
          return tf.matMul(a, b, transposeA, transposeB);
        },
        plain: (xs) => {
          const result: number[] = [];
          for (let s = 0; s < batch; s++) {
            const a = xs.slice(s * m * k, (s + 1) * m * k);
            const b = xs.slice(batch * m * k + s * k * n, batch * m * k + (s + 1) * k * n);
            for (let i = 0; i < m; i++) {
              for (let j = 0; j < n; j++) {
                let dot = 0;
                for (let l = 0; l < k; l++) {
                  dot += a[transposeA ? l * m + i : i * k + l] * b[transposeB ? j * k + l : l * n + j];
                }
                result.push(dot);
              }
            }
          }
          return result;
        },
      };
    }),
  ),
);

function softmax(z: readonly number[]): number[] {
  const total = sum(z.map(Math.exp));
  return z.map((zi) => Math.exp(zi) / total);
}

function localResponse(x: readonly number[]): number[] {
  return rows(x, 4).flatMap((row) =>
    row.map((xi, i) => {
      const window = row.filter((_, j) => Math.abs(i - j) <= 1);
      return xi * (1.5 + 0.75 * sum(window.map((xj) => xj * xj))) ** -0.625;
    }),
  );
}

export const arrayOperations: readonly Operation[] = [
  {
    kernel: 'Max',
    x: six,
    tensor: (tf, x) => tf.max(matrix(tf, x, 2, 3), 1),
    plain: (x) => rows(x, 3).map((row) => Math.max(...row)),
  },
  {
    kernel: 'Min',
    x: six,
    tensor: (tf, x) => tf.min(matrix(tf, x, 2, 3), 0, true),
    plain: (x) => [0, 1, 2].map((j) => Math.min(...columnOf(x, 3, j))),
  },
  {
    kernel: 'Prod',
    label: 'Prod of columns with zeros',
    x: [-1.75, 0, 2.25, 1.5, 0, 0.875, 0.5, 1.25, 0],
    tensor: (tf, x) => tf.prod(matrix(tf, x, 3, 3), 0),
    plain: (x) => [0, 1, 2].map((j) => product(columnOf(x, 3, j))),
  },
  {
    kernel: 'Prod',
    label: 'Prod over the outer axes',
    x: eight,
    tensor: (tf, x) => tf.prod(matrix(tf, x, 2, 2, 2), [0, 2]),
    plain: (x) => [x[0] * x[1] * x[4] * x[5], x[2] * x[3] * x[6] * x[7]],
  },
  {
    kernel: 'Softmax',
    x: six,
    tensor: (tf, x) => tf.softmax(matrix(tf, x, 2, 3)),
    plain: (x) => rows(x, 3).flatMap(softmax),
  },
  {
    kernel: 'LRN',
    x: eight,
    tensor: (tf, x) => tf.localResponseNormalization(matrix(tf, x, 1, 1, 2, 4) as never, 1, 1.5, 0.75, 0.625),
    plain: localResponse,
  },
  { kernel: 'Cast', x: signs, tensor: (tf, x) => tf.cast(x, 'float32'), plain: (x) => x },
  elementwise(
    'ClipByValue',
    signs,
    (tf, x) => tf.clipByValue(x, -1, 1),
    (x) => Math.min(Math.max(x, -1), 1),
  ),
  {
    kernel: 'Concat',
    x: signs,
    tensor: (tf, x) => tf.concat([x, tf.square(x)]),
    plain: (x) => [...x, ...x.map((xi) => xi * xi)],
  },
  { kernel: 'ExpandDims', x: signs, tensor: (tf, x) => tf.expandDims(x, 1), plain: (x) => x },
  {
    kernel: 'GatherV2',
    x: signs,
    tensor: (tf, x) => tf.gather(x, tf.tensor1d([2, 0, 2], 'int32')),
    plain: (x) => [x[2], x[0], x[2]],
    missingOn: ['wasm'],
  },
  { kernel: 'Identity', x: signs, tensor: (tf, x) => tf.clone(x), plain: (x) => x },
  {
    kernel: 'Mean',
    x: six,
    tensor: (tf, x) => tf.mean(matrix(tf, x, 2, 3), 0),
    plain: (x) => [0, 1, 2].map((j) => sum(columnOf(x, 3, j)) / 2),
  },
  {
    kernel: 'Pack',
    x: signs,
    tensor: (tf, x) => tf.stack([tf.square(x), x], 1),
    plain: (x) => x.flatMap((xi) => [xi * xi, xi]),
  },
  { kernel: 'PadV2', x: signs, tensor: (tf, x) => tf.pad(x, [[1, 2]], 0.5), plain: (x) => [0.5, ...x, 0.5, 0.5] },
  { kernel: 'Reshape', x: six, tensor: (tf, x) => tf.reshape(x, [3, 2]), plain: (x) => x },
  { kernel: 'Reverse', x: signs, tensor: (tf, x) => tf.reverse(x), plain: (x) => [...x].reverse() },
  { kernel: 'Slice', x: six, tensor: (tf, x) => tf.slice(x, [1], [3]), plain: (x) => x.slice(1, 4) },
  {
    kernel: 'SplitV',
    x: six,
    tensor: (tf, x) => {
      const [a, b] = tf.split(x, [2, 4]);
      return tf.concat([tf.square(b), a]);
    },
    plain: (x) => [...x.slice(2).map((xi) => xi * xi), x[0], x[1]],
  },
  {
    kernel: 'Sum',
    x: six,
    tensor: (tf, x) => tf.sum(matrix(tf, x, 2, 3), 1),
    plain: (x) => rows(x, 3).map(sum),
  },
  { kernel: 'Tile', x: signs, tensor: (tf, x) => tf.tile(x, [2]), plain: (x) => [...x, ...x] },
  {
    kernel: 'Transpose',
    x: six,
    tensor: (tf, x) => tf.transpose(matrix(tf, x, 2, 3)),
    plain: (x) => [0, 1, 2].flatMap((j) => columnOf(x, 3, j)),
  },
  {
    kernel: 'Unpack',
    x: six,
    tensor: (tf, x) => {
      const [a, b] = tf.unstack(matrix(tf, x, 2, 3));
      return tf.mul(a, b);
    },
    plain: (x) => [0, 1, 2].map((j) => x[j] * x[3 + j]),
  },
  ...matrixProducts,
];
