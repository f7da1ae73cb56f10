import type { Scalar, Tensor, TensorFlow } from './types.js';

/*
 * Products with the Hessian, the Jacobian and the Gauss-Newton matrix of any function written in operations that can be
 * differentiated twice (mendSecondDerivatives). tfjs has no forward mode: everything is reverse over reverse. Tensors
 * that are returned are the caller's to dispose; all others are gone.
 */

export type Outputs = (parameters: Tensor[]) => Tensor;
export type Loss = (parameters: Tensor[]) => Scalar;

/** H v of the loss, as the gradient of <gradient, v>. */
export function hessianVectorProduct(tf: TensorFlow, loss: Loss, parameters: Tensor[], v: Tensor[]): Tensor[] {
  const gradient = tf.grads((...p: Tensor[]) => loss(p));
  return tf.grads((...p: Tensor[]) => innerProduct(tf, gradient(p), v))(parameters);
}

/** J v of the outputs. The product J^T u is linear in u, and J v is the gradient of <J^T u, v> by u, at any u. */
export function jacobianVectorProduct(tf: TensorFlow, outputs: Outputs, parameters: Tensor[], v: Tensor[]): Tensor {
  return tf.tidy(() => {
    const transposed = tf.grads((...p: Tensor[]) => outputs(p));
    const anywhere = tf.zeros(outputs(parameters).shape);
    return tf.grad((u: Tensor) => innerProduct(tf, transposed(parameters, u), v))(anywhere);
  });
}

/** G v = J^T (d2 loss / d outputs2) J v (Schraudolph 2002), where `loss` is a function of the outputs. */
export function gaussNewtonVectorProduct(
  tf: TensorFlow,
  outputs: Outputs,
  loss: (outputs: Tensor) => Scalar,
  parameters: Tensor[],
  v: Tensor[],
): Tensor[] {
  return tf.tidy(() => {
    const tangent = jacobianVectorProduct(tf, outputs, parameters, v);
    const [cotangent] = hessianVectorProduct(tf, ([z]) => loss(z), [outputs(parameters)], [tangent]);
    return tf.grads((...p: Tensor[]) => outputs(p))(parameters, cotangent);
  });
}

/**
 * Sum over samples of g (g^T v), g the gradient of a sample's loss, where `loss` is a sum over samples and outputs are
 * samples x outputs: J^T delta (delta^T J v), sample by sample.
 */
export function empiricalFisherVectorProduct(
  tf: TensorFlow,
  outputs: Outputs,
  loss: (outputs: Tensor) => Scalar,
  parameters: Tensor[],
  v: Tensor[],
): Tensor[] {
  return tf.tidy(() => {
    const tangent = jacobianVectorProduct(tf, outputs, parameters, v);
    const delta = tf.grad((z: Tensor) => loss(z))(outputs(parameters));
    const cotangent = tf.mul(delta, tf.sum(tf.mul(delta, tangent), 1, true));
    return tf.grads((...p: Tensor[]) => outputs(p))(parameters, cotangent);
  });
}

function innerProduct(tf: TensorFlow, a: Tensor[], b: Tensor[]): Scalar {
  return a.map((x, i) => tf.sum(tf.mul(x, b[i])) as Scalar).reduce((sum, term) => tf.add(sum, term));
}
