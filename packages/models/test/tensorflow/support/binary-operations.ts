import type { Tensor, TensorFlow } from '../../../src/tensorflow/types.js';
import { elementwise, nine, type Operation, six } from './operation.js';

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

const ninePositive = nine.map((x) => Math.abs(x));

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
