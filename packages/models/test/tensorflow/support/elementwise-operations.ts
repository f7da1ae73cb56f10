import type { Tensor, Tensor1D, TensorFlow } from '../../../src/tensorflow/types.js';
import { elementwise, type Operation, positive, signs, small } from './operation.js';

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
