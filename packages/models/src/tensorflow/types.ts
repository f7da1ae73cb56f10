import type * as tfjs from '@tensorflow/tfjs';

/** The module `@tensorflow/tfjs`. It is loaded by openBackend and handed on from there, for loading takes a quarter of a second. */
export type TensorFlow = (typeof tfjs)['default'];
export type { GradConfig, Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
