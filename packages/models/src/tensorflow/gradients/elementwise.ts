import { constantOf, type Inputs, registerKernel, runKernel } from '../kernels/own-kernels.js';
import type { GradConfig, Tensor, TensorFlow } from '../types.js';

// Klambauer et al. 2017, equation 14, as tfjs has them.
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/**
 * Gradients of elementwise functions that tfjs builds from the saved OUTPUT (tanh' = 1 - y^2 and the like). Here they
 * save the input and compute the output anew, so that the tape of an outer gradient sees how they depend on the input.
 */
export function elementwiseGradients(tf: TensorFlow): GradConfig[] {
  const elementwise = (kernelName: string, derivative: (x: Tensor) => Tensor): GradConfig => ({
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => tf.mul(dy as Tensor, derivative(x)) }),
  });
  // exp(x) left of zero and 1 right of it. Unlike a choice between exp(x) and 1 it does not overflow for large x, where
  // the second derivative would be 0 times infinity.
  const expOfNegativePart = (x: Tensor) => tf.exp(tf.minimum(x, 0));

  return [
    elementwise(tf.Exp, (x) => tf.exp(x)),
    elementwise(tf.Tanh, (x) => tf.sub(1, tf.square(tf.tanh(x)))),
    elementwise(tf.Sigmoid, (x) => {
      const y = tf.sigmoid(x);
      return tf.mul(y, tf.sub(1, y));
    }),
    elementwise(tf.Elu, expOfNegativePart),
    // Stock saves the input, but multiplies by exp(x) on both sides of zero.
    elementwise(tf.Selu, (x) =>
      tf.mul(SELU_SCALE, tf.where(tf.greater(x, 0), tf.onesLike(x), tf.mul(SELU_ALPHA, expOfNegativePart(x)))),
    ),
    powerGradient(tf),
    {
      kernelName: tf.Relu,
      inputsToSave: ['x'],
      gradFunc: (dy, [x]) => ({ x: () => whereActive(tf, dy as Tensor, x) }),
    },
    {
      kernelName: WHERE_ACTIVE,
      inputsToSave: ['x'],
      gradFunc: (dy, [x]) => ({ t: () => whereActive(tf, dy as Tensor, x) }),
    },
  ];
}

const WHERE_ACTIVE = 'WhereActive';

/** t where x is positive, else 0. Stock tfjs multiplies by step(x), keeps this too, and in the second derivative adds zeros. */
function whereActive(tf: TensorFlow, t: Tensor, x: Tensor): Tensor {
  return runKernel(tf, WHERE_ACTIVE, { t, x: constantOf(tf, x) });
}

export function registerElementwiseKernels(tf: TensorFlow): void {
  registerKernel(tf, WHERE_ACTIVE, ({ t, x }: Inputs) => tf.mul(t, tf.step(x)));
}

/** a^b by both; where a is not positive, the derivative by b is 0, as in stock tfjs. */
function powerGradient(tf: TensorFlow): GradConfig {
  return {
    kernelName: tf.Pow,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => {
      const base = tf.cast(a, 'float32');
      const exponent = tf.cast(b, 'float32');
      const one = tf.scalar(1);
      // b a^(b-1) is 0 for b = 0, also at a = 0, where the power is infinite: take the power of 1 there instead. The
      // second derivative of x^1 at 0 needs this.
      const byBase = () => {
        const safeBase = tf.where(tf.equal(exponent, 0), one, base);
        return tf.mul(exponent, tf.pow(safeBase, tf.sub(exponent, 1)));
      };
      const byExponent = () => tf.mul(tf.pow(base, exponent), tf.log(tf.where(tf.greater(base, 0), base, one)));
      return {
        a: () => sumToShape(tf, tf.mul(dy as Tensor, byBase()), a.shape),
        b: () => sumToShape(tf, tf.mul(dy as Tensor, byExponent()), b.shape),
      };
    },
  };
}

/** The transpose of broadcasting `shape` to the shape of `x`. */
function sumToShape(tf: TensorFlow, x: Tensor, shape: number[]): Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, x.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(x, axes) : x, shape);
}
