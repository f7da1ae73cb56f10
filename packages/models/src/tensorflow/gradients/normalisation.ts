import type { GradConfig, Tensor, TensorFlow } from '../types.js';

/**
 * Local response normalisation over the last axis: y = x s^-beta, s = bias + alpha (window sum of x^2). The window sum
 * is a product with a symmetric band matrix, so the gradient is made of plain operations:
 * dx = dy s^-beta - 2 alpha beta x window(dy x s^(-beta-1)).
 */
export function normalisationGradients(tf: TensorFlow): GradConfig[] {
  return [
    {
      kernelName: tf.LRN,
      inputsToSave: ['x'],
      gradFunc: (dy, [x], attributes) => {
        const { depthRadius, bias, alpha, beta } = attributes as Record<
          'depthRadius' | 'bias' | 'alpha' | 'beta',
          number
        >;
        const channels = x.shape[x.rank - 1];
        return {
          x: () => {
            const ones = tf.ones([channels, channels]) as Tensor & { rank: 2 };
            const band = tf.linalg.bandPart(ones, depthRadius, depthRadius);
            const windowSum = (t: Tensor) => tf.reshape(tf.matMul(tf.reshape(t, [-1, channels]), band), t.shape);
            const s = tf.add(bias, tf.mul(alpha, windowSum(tf.square(x))));
            const direct = tf.mul(dy as Tensor, tf.pow(s, -beta));
            const through = windowSum(tf.mul(tf.mul(dy as Tensor, x), tf.pow(s, -beta - 1)));
            return tf.sub(direct, tf.mul(2 * alpha * beta, tf.mul(x, through)));
          },
        };
      },
    },
  ];
}
