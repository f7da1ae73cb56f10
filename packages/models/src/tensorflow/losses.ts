import type { Scalar, Tensor, TensorFlow } from './types.js';

/**
 * Mean over samples of the cross-entropy of softmax(logits): mean(logSumExp(z) - sum(y z)). In place of
 * `tf.losses.softmaxCrossEntropy`, whose second derivative is wrong in stock tfjs 4.22.0 and an error once mended.
 *
 * @param logits  samples x classes
 * @param targets samples x classes, rows that sum to one (one-hot labels)
 */
export function crossEntropy(tf: TensorFlow, logits: Tensor, targets: Tensor): Scalar {
  return tf.mean(tf.sub(tf.logSumExp(logits, 1), tf.sum(tf.mul(targets, logits), 1)));
}

/**
 * Mean over samples of 1/2 |f - y|^2.
 *
 * @param outputs samples x outputs
 * @param targets samples x outputs
 */
export function squaredError(tf: TensorFlow, outputs: Tensor, targets: Tensor): Scalar {
  return tf.mul(0.5 / outputs.shape[0], tf.sum(tf.square(tf.sub(outputs, targets))));
}
