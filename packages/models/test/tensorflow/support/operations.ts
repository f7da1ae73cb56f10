import type { Tensor, Tensor1D, TensorFlow } from '../../../src/tensorflow/types.js';

/** One tfjs operation as a function of a vector, and the same in plain float64. */
export interface Operation {
  /** The tfjs kernel whose gradient is under test. */
  readonly kernel: string;
  readonly label?: string;
  /** Exact in float32 and away from kinks. */
  readonly x: readonly number[];
  readonly tensor: (tf: TensorFlow, x: Tensor1D) => Tensor;
  readonly plain: (x: readonly number[]) => readonly number[];
  /** Backends without a kernel that even the first derivative needs. */
  readonly missingOn?: readonly string[];
}

const signs = [-1.75, -0.5, 0.25, 1.5];
const positive = [0.25, 0.75, 1.5, 2.75];
const small = [-0.75, -0.25, 0.125, 0.5];

function elementwise(
  kernel: string,
  x: readonly number[],
  tensor: (tf: TensorFlow, x: Tensor1D) => Tensor,
  plain: (x: number) => number,
): Operation {
  return { kernel, x, tensor, plain: (xs) => xs.map((xi) => plain(xi)) };
}

/** Both arguments depend on x: its first and its second half. */
function binary(
  kernel: string,
  x: readonly number[],
  tensor: (tf: TensorFlow, a: Tensor, b: Tensor) => Tensor,
  plain: (a: number, b: number) => number,
): Operation {
  const half = x.length / 2;
  return {
    kernel,
    x,
    tensor: (tf, t) => tensor(tf, tf.slice(t, [0], [half]), tf.slice(t, [half], [half])),
    plain: (xs) => xs.slice(0, half).map((a, i) => plain(a, xs[half + i])),
  };
}

/** A 2 x 3 matrix (the first six elements) with a row of 3 (the last three), which is broadcast. */
function broadcast(
  kernel: string,
  x: readonly number[],
  tensor: (tf: TensorFlow, a: Tensor, b: Tensor) => Tensor,
  plain: (a: number, b: number) => number,
): Operation {
  return {
    kernel,
    label: `${kernel} of a matrix and a row`,
    x,
    tensor: (tf, t) => tensor(tf, tf.reshape(tf.slice(t, [0], [6]), [2, 3]), tf.slice(t, [6], [3])),
    plain: (xs) => xs.slice(0, 6).map((a, i) => plain(a, xs[6 + (i % 3)])),
  };
}

/** x^2 (1 + c(x)) for a comparison c: a piecewise constant factor that depends on x. */
function comparison(
  kernel: string,
  tensor: (tf: TensorFlow, x: Tensor1D) => Tensor,
  plain: (x: number) => boolean,
): Operation {
  return elementwise(
    kernel,
    signs,
    (tf, x) => tf.mul(tf.square(x), tf.add(1, tf.cast(tensor(tf, x), 'float32'))),
    (x) => x * x * (plain(x) ? 2 : 1),
  );
}

const rows = (x: readonly number[], columns: number) =>
  Array.from({ length: x.length / columns }, (_, i) => x.slice(i * columns, (i + 1) * columns));
const sum = (x: readonly number[]) => x.reduce((total, xi) => total + xi, 0);
const product = (x: readonly number[]) => x.reduce((total, xi) => total * xi, 1);
const columnOf = (x: readonly number[], columns: number, j: number) => rows(x, columns).map((row) => row[j]);
const six = [-1.75, 0.5, 2.25, 1.5, -0.625, 0.875];
const eight = [...six, -1.125, 2.5];
const nine = [...eight, 0.75];
const ninePositive = nine.map((x) => Math.abs(x));

function erf(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; n < 60; n++) {
    term *= -(x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const scale = 1.0507009873554805;
const alpha = 1.6732632423543772;

export const elementwiseOperations: readonly Operation[] = [
  elementwise('Abs', signs, (tf, x) => tf.abs(x), Math.abs),
  elementwise('Acos', small, (tf, x) => tf.acos(x), Math.acos),
  elementwise('Acosh', [1.5, 2, 3.25], (tf, x) => tf.acosh(x), Math.acosh),
  elementwise('Asin', small, (tf, x) => tf.asin(x), Math.asin),
  elementwise('Asinh', signs, (tf, x) => tf.asinh(x), Math.asinh),
  elementwise('Atan', signs, (tf, x) => tf.atan(x), Math.atan),
  elementwise('Atanh', small, (tf, x) => tf.atanh(x), Math.atanh),
  elementwise('Cos', signs, (tf, x) => tf.cos(x), Math.cos),
  elementwise('Cosh', signs, (tf, x) => tf.cosh(x), Math.cosh),
  elementwise(
    'Elu',
    [...signs, 100],
    (tf, x) => tf.elu(x),
    (x) => (x > 0 ? x : Math.expm1(x)),
  ),
  elementwise('Erf', signs, (tf, x) => tf.erf(x), erf),
  elementwise('Exp', signs, (tf, x) => tf.exp(x), Math.exp),
  elementwise('Expm1', signs, (tf, x) => tf.expm1(x), Math.expm1),
  elementwise(
    'LeakyRelu',
    signs,
    (tf, x) => tf.leakyRelu(x, 0.25),
    (x) => (x > 0 ? x : 0.25 * x),
  ),
  elementwise('Log', positive, (tf, x) => tf.log(x), Math.log),
  elementwise('Log1p', positive, (tf, x) => tf.log1p(x), Math.log1p),
  elementwise(
    'Neg',
    signs,
    (tf, x) => tf.neg(x),
    (x) => -x,
  ),
  elementwise(
    'Reciprocal',
    positive,
    (tf, x) => tf.reciprocal(x),
    (x) => 1 / x,
  ),
  elementwise(
    'Relu',
    signs,
    (tf, x) => tf.relu(x),
    (x) => Math.max(x, 0),
  ),
  elementwise(
    'Relu6',
    [...signs, 7],
    (tf, x) => tf.relu6(x),
    (x) => Math.min(Math.max(x, 0), 6),
  ),
  elementwise(
    'Rsqrt',
    positive,
    (tf, x) => tf.rsqrt(x),
    (x) => 1 / Math.sqrt(x),
  ),
  elementwise(
    'Selu',
    [...signs, 100],
    (tf, x) => tf.selu(x),
    (x) => scale * (x > 0 ? x : alpha * Math.expm1(x)),
  ),
  elementwise('Sigmoid', signs, (tf, x) => tf.sigmoid(x), sigmoid),
  elementwise('Sin', signs, (tf, x) => tf.sin(x), Math.sin),
  elementwise('Sinh', signs, (tf, x) => tf.sinh(x), Math.sinh),
  elementwise(
    'Softplus',
    signs,
    (tf, x) => tf.softplus(x),
    (x) => Math.log1p(Math.exp(x)),
  ),
  elementwise('Sqrt', positive, (tf, x) => tf.sqrt(x), Math.sqrt),
  elementwise(
    'Square',
    signs,
    (tf, x) => tf.square(x),
    (x) => x * x,
  ),
  elementwise('Tan', small, (tf, x) => tf.tan(x), Math.tan),
  elementwise('Tanh', signs, (tf, x) => tf.tanh(x), Math.tanh),
  // Piecewise constant, added to x lest the function be constant.
  elementwise(
    'Ceil',
    signs,
    (tf, x) => tf.add(x, tf.ceil(x)),
    (x) => x + Math.ceil(x),
  ),
  elementwise(
    'Floor',
    signs,
    (tf, x) => tf.add(x, tf.floor(x)),
    (x) => x + Math.floor(x),
  ),
  elementwise(
    'OnesLike',
    signs,
    (tf, x) => tf.add(x, tf.onesLike(x)),
    (x) => x + 1,
  ),
  elementwise(
    'Round',
    [-1.75, 0.25, 1.375],
    (tf, x) => tf.add(x, tf.round(x)),
    (x) => x + Math.round(x),
  ),
  elementwise(
    'Sign',
    signs,
    (tf, x) => tf.add(x, tf.sign(x)),
    (x) => x + Math.sign(x),
  ),
  elementwise(
    'Step',
    signs,
    (tf, x) => tf.add(x, tf.step(x, 0.5)),
    (x) => x + (x > 0 ? 1 : 0.5),
  ),
  elementwise(
    'ZerosLike',
    signs,
    (tf, x) => tf.add(x, tf.zerosLike(x)),
    (x) => x,
  ),
  comparison(
    'Equal',
    (tf, x) => tf.equal(x, 3),
    (x) => x === 3,
  ),
  comparison(
    'NotEqual',
    (tf, x) => tf.notEqual(x, 3),
    (x) => x !== 3,
  ),
  comparison(
    'Greater',
    (tf, x) => tf.greater(x, 0),
    (x) => x > 0,
  ),
  comparison(
    'GreaterEqual',
    (tf, x) => tf.greaterEqual(x, 0),
    (x) => x >= 0,
  ),
  comparison(
    'Less',
    (tf, x) => tf.less(x, 0),
    (x) => x < 0,
  ),
  comparison(
    'LessEqual',
    (tf, x) => tf.lessEqual(x, 0),
    (x) => x <= 0,
  ),
  comparison(
    'LogicalAnd',
    (tf, x) => tf.logicalAnd(tf.greater(x, -1), tf.less(x, 1)),
    (x) => x > -1 && x < 1,
  ),
  comparison(
    'LogicalOr',
    (tf, x) => tf.logicalOr(tf.less(x, -1), tf.greater(x, 1)),
    (x) => x < -1 || x > 1,
  ),
  comparison(
    'LogicalNot',
    (tf, x) => tf.logicalNot(tf.less(x, 0)),
    (x) => x >= 0,
  ),
];

export const binaryOperations: readonly Operation[] = [
  binary(
    'Add',
    six,
    (tf, a, b) => tf.add(a, b),
    (a, b) => a + b,
  ),
  binary(
    'AddN',
    six,
    (tf, a, b) => tf.addN([a, b]),
    (a, b) => a + b,
  ),
  binary('Atan2', six, (tf, a, b) => tf.atan2(a, b), Math.atan2),
  binary('Maximum', six, (tf, a, b) => tf.maximum(a, b), Math.max),
  binary('Minimum', six, (tf, a, b) => tf.minimum(a, b), Math.min),
  binary(
    'Multiply',
    six,
    (tf, a, b) => tf.mul(a, b),
    (a, b) => a * b,
  ),
  binary(
    'Pow',
    [0.5, 1.75, 2.25, -1.5, 0.75, 2.5],
    (tf, a, b) => tf.pow(a, b),
    (a, b) => a ** b,
  ),
  binary(
    'Prelu',
    six,
    (tf, a, b) => tf.prelu(a, b),
    (a, b) => (a > 0 ? a : a * b),
  ),
  binary(
    'RealDiv',
    six,
    (tf, a, b) => tf.div(a, b),
    (a, b) => a / b,
  ),
  binary(
    'Select',
    six,
    (tf, a, b) => tf.where(tf.greater(a, b), tf.mul(a, b), a),
    (a, b) => (a > b ? a * b : a),
  ),
  binary(
    'SquaredDifference',
    six,
    (tf, a, b) => tf.squaredDifference(a, b),
    (a, b) => (a - b) ** 2,
  ),
  binary(
    'Sub',
    six,
    (tf, a, b) => tf.sub(a, b),
    (a, b) => a - b,
  ),
  broadcast(
    'Add',
    nine,
    (tf, a, b) => tf.add(a, b),
    (a, b) => a + b,
  ),
  broadcast(
    'Multiply',
    nine,
    (tf, a, b) => tf.mul(a, b),
    (a, b) => a * b,
  ),
  broadcast(
    'Pow',
    ninePositive,
    (tf, a, b) => tf.pow(a, b),
    (a, b) => a ** b,
  ),
  broadcast(
    'RealDiv',
    nine,
    (tf, a, b) => tf.div(a, b),
    (a, b) => a / b,
  ),
  broadcast(
    'Sub',
    nine,
    (tf, a, b) => tf.sub(a, b),
    (a, b) => a - b,
  ),
  ...[1, 2, 3].map((power) => ({
    ...elementwise(
      'Pow',
      [-1.5, 0, 0.75],
      (tf, x) => tf.pow(x, power),
      (x) => x ** power,
    ),
    label: `Pow to the constant ${power}, at zero too`,
  })),
];

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
