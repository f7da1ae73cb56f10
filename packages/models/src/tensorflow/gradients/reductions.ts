import type { GradConfig, Tensor, TensorFlow } from '../types.js';

/** Gradients of prod and softmax from saved inputs; first derivatives equal those of stock tfjs. */
export function reductionGradients(tf: TensorFlow): GradConfig[] {
  return [
    productGradient(tf),
    {
      kernelName: tf.Softmax,
      inputsToSave: ['logits'],
      gradFunc: (dy, [logits], { dim }) => ({
        logits: () => {
          const y = tf.softmax(logits, dim as number);
          const weighted = tf.mul(dy as Tensor, y);
          return tf.sub(weighted, tf.mul(tf.sum(weighted, [dim as number], true), y));
        },
      }),
    },
  ];
}

/**
 * d prod(x) / dx_i is the product of the others, again through Prod, so it can be differentiated to any order and is
 * right where entries are zero. Stock tfjs takes cumulative products, which have no gradient. For k factors this needs
 * k^2 numbers.
 */
function productGradient(tf: TensorFlow): GradConfig {
  return {
    kernelName: tf.Prod,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], { axis }) => ({
      x: () => {
        const reduced = tf.util.parseAxisParam(axis as number[], x.shape);
        const kept = x.shape.map((_, i) => i).filter((i) => !reduced.includes(i));
        const order = [...kept, ...reduced];
        const ordered = tf.transpose(tf.cast(x, 'float32'), order);
        const k = reduced.reduce((size, i) => size * x.shape[i], 1);

        const identity = tf.eye(k);
        const rows = tf.reshape(ordered, [-1, 1, k]);
        const others = tf.prod(tf.add(tf.mul(rows, tf.sub(1, identity)), identity), 2);
        const gradient = tf.mul(tf.reshape(dy as Tensor, [-1, 1]), others);
        return tf.transpose(
          tf.reshape(gradient, ordered.shape),
          x.shape.map((_, i) => order.indexOf(i)),
        );
      },
    }),
  };
}
