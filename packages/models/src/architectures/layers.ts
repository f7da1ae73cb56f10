import type { BatchNormalisation, Convolution, Dense, Layer, Nonlinearity } from '../convolutional/network.js';

export const relu: Nonlinearity = { kind: 'relu' };

/** Size of the output is that of the input divided by the stride, for odd kernels and sizes that the stride divides. */
export function convolution(
  name: string,
  outputs: number,
  size: number,
  { stride = 1, padding = (size - 1) / 2, bias = true } = {},
): Convolution {
  return { kind: 'convolution', name, outputs, size, stride, padding, bias };
}

/** Epsilon is PyTorch's default, 1e-5, which the codes of the papers keep. */
export function normalisation(name: string): BatchNormalisation {
  return { kind: 'batch-normalisation', name, epsilon: 1e-5 };
}

export function dense(name: string, outputs: number): Dense {
  return { kind: 'dense', name, outputs, bias: true };
}

export function maxPooling(size: number): Layer {
  return { kind: 'max-pooling', size, stride: size };
}
