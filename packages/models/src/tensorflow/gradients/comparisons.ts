import type { GradConfig, TensorFlow } from '../types.js';

/**
 * Comparisons and logic are piecewise constant: their gradient is zero. Stock tfjs gives most of them none, and throws
 * when a second derivative passes through the mask of a max, a leaky ReLU or a clip.
 */
export function comparisonGradients(tf: TensorFlow): GradConfig[] {
  const binary = [
    ...[tf.Equal, tf.NotEqual, tf.Greater, tf.GreaterEqual, tf.Less, tf.LessEqual],
    ...[tf.LogicalAnd, tf.LogicalOr],
  ].map(
    (kernelName): GradConfig => ({
      kernelName,
      inputsToSave: ['a', 'b'],
      gradFunc: (_dy, [a, b]) => ({ a: () => tf.zeros(a.shape), b: () => tf.zeros(b.shape) }),
    }),
  );
  const not: GradConfig = {
    kernelName: tf.LogicalNot,
    inputsToSave: ['x'],
    gradFunc: (_dy, [x]) => ({ x: () => tf.zeros(x.shape) }),
  };
  return [...binary, not];
}
