import type { TensorFlow } from '../types.js';
import { mendWasmMaxPooling } from './max-pooling.js';
import { mendWasmAliases } from './wasm-aliases.js';
import { mendWasmConvolution } from './wasm-convolution.js';

const mended = new WeakSet<object>();

/** Replaces kernels of the wasm backend that are missing, slow, wasteful or of another convention, once it is loaded. */
export function mendWasm(tf: TensorFlow): void {
  if (tf.getKernel(tf.Conv2D, 'wasm') === undefined || mended.has(tf)) return;
  mended.add(tf);
  mendWasmAliases(tf);
  mendWasmConvolution(tf);
  mendWasmMaxPooling(tf);
}
