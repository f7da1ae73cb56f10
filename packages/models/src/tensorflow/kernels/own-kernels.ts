import type { Tensor, TensorFlow } from '../types.js';

/*
 * Kernels of our own, made of stock operations: one node on the tape in place of several. Inside a kernel nothing is
 * recorded, so what its operations would keep for their gradients is freed at once, and its gradient keeps only its inputs.
 */

export type Inputs = Readonly<Record<string, Tensor>>;

/** Every backend that tfjs has; registering a kernel for one that is not loaded does no harm. */
const everyBackend = ['cpu', 'wasm', 'webgl', 'webgpu', 'tensorflow'];

/** Registers a kernel of stock operations on every backend; a second time does nothing. */
export function registerKernel(tf: TensorFlow, kernelName: string, compute: (inputs: never, attrs: never) => Tensor) {
  for (const backendName of everyBackend) {
    if (tf.getKernel(kernelName, backendName) !== undefined) continue;
    const kernelFunc = ({ inputs, attrs }: { inputs: object; attrs?: object }) =>
      tf.tidy(() => compute(inputs as never, attrs as never));
    tf.registerKernel({ kernelName, backendName, kernelFunc });
  }
}

/** Runs a kernel that gives one tensor. */
export function runKernel(tf: TensorFlow, kernelName: string, inputs: Inputs, attributes: object = {}): Tensor {
  return tf.engine().runKernel(kernelName, inputs, attributes as never) as Tensor;
}

const CONSTANT = 'ConstantOf';

/**
 * The same values as a tensor that no gradient is taken by (`stop_gradient` elsewhere): a kernel without inputs. For the
 * places of positive or largest elements, whose derivative is zero: tfjs would else compute and add these zeros.
 */
export function constantOf(tf: TensorFlow, tensor: Tensor): Tensor {
  return runKernel(tf, CONSTANT, {}, { tensor });
}

export function registerConstant(tf: TensorFlow): void {
  registerKernel(tf, CONSTANT, (_inputs: Inputs, { tensor }: { tensor: Tensor }) => tf.clone(tensor));
}
