import type * as tfjs from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';

/** The module `@tensorflow/tfjs`. It is loaded by openBackend and handed on from there, for loading takes a quarter of a second. */
export type TensorFlow = (typeof tfjs)['default'];
export type { GradConfig, Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';

/** A network as tfjs computes it: parameters are a list of tensors. */
export interface TensorNetwork {
  /** From the flat layout of the network's weights. */
  toTensors(flat: Float64Array): Tensor[];
  /** flat := flat + the tensors, in the flat layout. */
  addFromTensors(tensors: readonly Tensor[], flat: Float64Array): void;
  /** Samples x outputs, before the loss, of samples x inputs. */
  outputs(parameters: Tensor[], inputs: Tensor): Tensor;
}
