import { MAX_POOL_SELECT, type PoolingAttributes } from '../kernels/max-pooling.js';
import { constantOf, runKernel } from '../kernels/own-kernels.js';
import type { GradConfig, Tensor, Tensor4D, TensorFlow } from '../types.js';

/**
 * Pooling is linear given where the largest elements are, and their places do not move under small changes: the gradients
 * here are each other's adjoints, closed under differentiation to any order. Stock tfjs has none of AvgPoolGrad and MaxPoolGrad.
 */
export function poolingGradients(tf: TensorFlow): GradConfig[] {
  const scatter = (dy: Tensor, input: Tensor, attributes: PoolingAttributes) => {
    const { filterSize, strides, pad, dimRoundingMode } = attributes;
    const places = constantOf(tf, input) as Tensor4D;
    const output = constantOf(tf, tf.maxPool(places, filterSize, strides, pad as never, dimRoundingMode));
    return runKernel(tf, tf.MaxPoolGrad, { dy, input: places, output }, attributes);
  };
  const select = (t: Tensor, input: Tensor, attributes: PoolingAttributes) =>
    runKernel(tf, MAX_POOL_SELECT, { t, input: constantOf(tf, input) }, attributes);

  const spread = (dy: Tensor, input: Tensor, attributes: PoolingAttributes) =>
    runKernel(tf, tf.AvgPoolGrad, { dy, input: constantOf(tf, input) }, attributes);

  return [
    linear(tf.AvgPool, ['x'], 'x', (dy, [x], attributes) => spread(dy, x, attributes)),
    linear(tf.AvgPoolGrad, ['input'], 'dy', (ddx, [input], attributes) => {
      requireNoPadding(tf, input.shape, attributes);
      return runKernel(tf, tf.AvgPool, { x: ddx }, attributes);
    }),
    linear(tf.MaxPool, ['x'], 'x', (dy, [x], attributes) => scatter(dy, x, attributes)),
    linear(tf.MaxPoolGrad, ['input'], 'dy', (ddx, [input], attributes) => select(ddx, input, attributes)),
    linear(MAX_POOL_SELECT, ['input'], 't', (dy, [input], attributes) => scatter(dy, input, attributes)),
  ];
}

/** A gradient by the one input on which the kernel depends smoothly; the others are constants (constantOf). */
function linear(
  kernelName: string,
  inputsToSave: string[],
  input: string,
  adjoint: (dy: Tensor, saved: Tensor[], attributes: PoolingAttributes) => Tensor,
): GradConfig {
  return {
    kernelName,
    inputsToSave,
    gradFunc: (dy, saved, attributes) => ({
      [input]: () => adjoint(dy as Tensor, saved, attributes as unknown as PoolingAttributes),
    }),
  };
}

/** Stock AvgPool divides by the elements in the window, its AvgPoolGrad on cpu and wasm by the window's size. */
function requireNoPadding(
  tf: TensorFlow,
  shape: number[],
  { filterSize, strides, pad, dimRoundingMode }: PoolingAttributes,
) {
  const { padInfo } = tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad as never,
    dimRoundingMode,
  );
  if (padInfo.top + padInfo.bottom + padInfo.left + padInfo.right > 0) {
    throw new Error('No second derivative of AvgPool with padding: its gradient in tfjs is not that of the average');
  }
}
