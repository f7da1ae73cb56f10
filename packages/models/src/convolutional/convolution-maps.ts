import type { RealArray } from '@hessian-rmt/numerics';
import type { PlaneShape, Precision } from './planes.js';

/** Cross-correlation with zero padding between two shapes: y[oy, ox] = sum over ky, kx of x[oy s + ky - p, ox s + kx - p] k[ky, kx]. */
export interface ConvolutionShape {
  readonly input: PlaneShape;
  readonly output: PlaneShape;
  /** Height and width of the kernel. */
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

export interface ConvolutionOptions {
  /** The most images of one call. */
  readonly capacity: number;
  readonly precision: Precision;
}

/**
 * A convolution as three maps, each linear in both of its arguments: all that its derivatives of any order are made of.
 * They are adjoint to each other: <y', forward(x, k)> = <inputGradient(y', k), x> = <kernelGradient(x, y'), k>.
 *
 * Kernels are row-major [size, size, inputs, outputs]; images lie as planes.ts says, and results have zeros in their
 * margins. With beta = 0 a result is overwritten, whatever it held. Every map throws RangeError when there are more images
 * than `capacity` or an array is too short for them. Buffers are shared between calls: one thread at a time.
 */
export interface Convolution<T extends RealArray> {
  /** y := x * kernel + beta y */
  forward(x: T, kernel: T, y: T, images: number, beta: number): void;
  /** dx := beta dx + what each number of x does to <dy, x * kernel> */
  inputGradient(dy: T, kernel: T, dx: T, images: number, beta: number): void;
  /** dk := beta dk + what each number of the kernel does to <dy, x * kernel>, summed over the images */
  kernelGradient(x: T, dy: T, dk: T, images: number, beta: number): void;
}
