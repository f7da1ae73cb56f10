import { fromMatvec, type Operator, type ShardedProblem, shardedProducts } from '@hessian-rmt/curvature';
import {
  augmentedFrom,
  type BackendName,
  type ConvolutionalNetwork,
  convolutionalSums,
  type Normalisation,
  objectiveOf,
  samplesOf,
  type Weights,
} from '@hessian-rmt/models';
import type { LinearAlgebra } from '@hessian-rmt/numerics';
import type { HessianSamples } from './network-images.js';

/** A network, its samples, and how batch normalisation takes part. */
export interface HessianProblem extends HessianSamples {
  readonly network: ConvolutionalNetwork;
  readonly normalisation: Normalisation;
}

/** The Hessian of the mean loss at some weights. */
export interface NetworkHessian {
  readonly operator: Operator;
  readonly samples: number;
  /** The tfjs backend that computes, if one does. */
  readonly backend?: string;
  loss(): Promise<{ readonly loss: number; readonly accuracy: number }>;
  close(): Promise<void>;
}

export interface HessianOptions {
  readonly linearAlgebra: LinearAlgebra;
  readonly precision: 'float32' | 'float64';
  readonly threads: 'one' | 'all';
}

/**
 * In this thread, or by a pool of workers over all cores; the pool computes on the tfjs backend that HESSIAN_RMT_BACKEND
 * names, a GPU say, where it names one (part of the key of a unit).
 */
export async function networkHessian(
  problem: HessianProblem,
  weights: Weights,
  { linearAlgebra, precision, threads }: HessianOptions,
): Promise<NetworkHessian> {
  if (threads === 'one') return inThisThread(problem, weights, linearAlgebra, precision);
  const backend = process.env.HESSIAN_RMT_BACKEND as BackendName | 'auto' | undefined;
  const engine: ShardedProblem['engine'] =
    backend === undefined
      ? { kind: 'native', precision }
      : { kind: 'tensor', ...(backend === 'auto' ? {} : { backend }) };
  const products = await shardedProducts({ ...problem, engine });
  return {
    operator: products.operator('hessian', weights),
    samples: products.count,
    ...(backend === undefined ? {} : { backend: products.identity }),
    loss: () => products.loss(weights),
    close: () => products.close(),
  };
}

function inThisThread(
  { network, data, augmentation, normalisation }: HessianProblem,
  weights: Weights,
  linearAlgebra: LinearAlgebra,
  precision: HessianOptions['precision'],
): NetworkHessian {
  const samples = augmentation ? augmentedFrom(augmentation, data) : samplesOf(data);
  const sums = convolutionalSums(network, samples, linearAlgebra, { normalisation, precision });
  const objective = objectiveOf(sums);
  const { count } = sums;
  return {
    operator: fromMatvec(objective.parameters, (v) => objective.hessianVectorProduct(weights, v)),
    samples: count,
    loss: async () => {
      const { loss, correct } = sums.loss(weights, 0, count);
      return { loss: loss / count, accuracy: correct / count };
    },
    close: async () => sums.dispose(),
  };
}
