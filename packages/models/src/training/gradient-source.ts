import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import type { ConvolutionalNetwork } from '../convolutional/network.js';
import type { Precision } from '../convolutional/planes.js';
import { digest } from '../data/checksum.js';
import type { Dataset } from '../dataset.js';
import type { DenseNetwork } from '../network.js';
import type { Network } from '../networks.js';
import type { TensorBackend } from '../tensorflow/backend.js';
import { tensorGradients } from '../tensorflow/tensor-gradients.js';
import { convolutionalGradients } from './convolutional-gradients.js';
import { denseGradients, type Gradients } from './gradients.js';
import type { ResolvedOptions } from './options.js';
import type { Training } from './training.js';

/** What computes gradients: linear algebra, or a tfjs backend in float32 (dense networks). */
export type GradientSource =
  | {
      readonly linearAlgebra: LinearAlgebra;
      /**
       * Of the gradients of convolutional networks; those of dense ones are float64. Default float32, in which the papers
       * trained: it is twice as fast, and its rounding is far below the noise of a mini-batch. Spectra at the weights that
       * it ends at are computed in a precision of their own.
       */
      readonly precision?: Precision;
    }
  | { readonly backend: TensorBackend };

/** @param statistics  running statistics of batch normalisation to go on from */
export function gradientsOf<N extends Network>(
  network: N,
  data: Dataset,
  options: ResolvedOptions,
  random: RandomStream,
  source: GradientSource,
  statistics?: Float64Array,
): Gradients<N>;
export function gradientsOf(
  network: Network,
  data: Dataset,
  options: ResolvedOptions,
  random: RandomStream,
  source: GradientSource,
  statistics?: Float64Array,
): Gradients<DenseNetwork> | Gradients<ConvolutionalNetwork> {
  if (network.kind === 'convolutional') {
    if ('backend' in source) {
      throw new RangeError(
        `train: expected linear algebra for ${network.name}, found the backend ${source.backend.name}`,
      );
    }
    const { linearAlgebra } = source;
    const computing = { linearAlgebra, precision: precisionOf(source) };
    return convolutionalGradients(network, data, options, random, computing, statistics);
  }
  if (options.augmentation)
    throw new RangeError('train: expected a convolutional network for augmentation, found dense');
  if ('backend' in source) return tensorGradients(source.backend, network, data);
  if (source.precision === 'float32') {
    throw new RangeError('train: gradients of dense networks are float64, found precision float32');
  }
  return denseGradients(network, data, options.batch, source.linearAlgebra);
}

/** What stands in `Training.gradientsFrom`. */
export function sourceOfGradients(network: Network, source: GradientSource): string {
  if ('backend' in source) return source.backend.identity;
  const { identity } = source.linearAlgebra.library;
  return network.kind === 'dense' ? identity : `${identity}, ${precisionOf(source)}`;
}

/** What stands in `Training.data`. */
export function identityOf({ name, count, inputs, labels, targets }: Dataset): Training['data'] {
  return { name, count, checksum: digest('sha256', inputs, labels, ...(targets ? [targets] : [])) };
}

function precisionOf({ precision = 'float32' }: { readonly precision?: Precision }): Precision {
  return precision;
}
