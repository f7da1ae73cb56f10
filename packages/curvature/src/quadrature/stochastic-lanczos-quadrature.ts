import type { RandomStream } from '@hessian-rmt/numerics';
import { squareSize } from '../checked-product.js';
import type { LanczosCheckpoint } from '../lanczos/checkpoint.js';
import { checkSteps, type LanczosOptions, lanczos } from '../lanczos/lanczos.js';
import { memoryForRows } from '../lanczos/orthonormal-rows.js';
import type { RandomVectorLaw } from '../lanczos/start-vector.js';
import type { Operator } from '../operator.js';
import { pooled, type Quadrature } from './quadrature.js';

export interface StochasticLanczosQuadratureOptions extends Omit<LanczosOptions, 'start' | 'checkpoint'> {
  /** Each vector draws from a stream of its own, so the first ones do not depend on how many there are. */
  readonly random: RandomStream;
  /** Default `rademacher` (Granziol et al. 2020, sec. 5.1). */
  readonly law?: RandomVectorLaw;
  /** Default 1, as Granziol et al. 2020, sec. 5.2, argue; Ghorbani et al. 2019 and Papyan 2018 take 10. */
  readonly vectors?: number;
  /** Where the Lanczos process of vector number i, from 0, keeps itself. */
  readonly checkpoint?: (vector: number) => LanczosCheckpoint;
}

/** What one random vector tells: Gauss quadrature for its measure, exact for polynomials up to degree 2 steps - 1. */
export interface VectorQuadrature extends Quadrature {
  readonly steps: number;
  readonly invariant: boolean;
  /** Distance of each node to an eigenvalue, at most. */
  readonly residuals: Float64Array;
  readonly asymmetry: number;
}

/** The mean over the vectors, with each of them. */
export interface StochasticQuadrature extends Quadrature {
  readonly size: number;
  /** Products of the operator with a vector that it took. */
  readonly products: number;
  readonly vectors: readonly VectorQuadrature[];
}

/**
 * The spectral density as a quadrature rule, from Lanczos processes with random start vectors (Golub & Meurant 1994;
 * Granziol et al. 2020, sec. 5.1): nodes are Ritz values, weights the squared first components of the eigenvectors of T.
 *
 * It is not smoothed. A node without a neighbour near by and of small residual is an eigenvalue; the weights of the others
 * say how much of the spectrum is around them. One basis is held at a time.
 *
 * @throws what `lanczos` throws
 */
export async function stochasticLanczosQuadrature(
  operator: Operator,
  options: StochasticLanczosQuadratureOptions,
): Promise<StochasticQuadrature> {
  const { random, law = 'rademacher', vectors: count = 1, checkpoint, progress, ...rest } = options;
  const size = squareSize('stochasticLanczosQuadrature', operator);
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`stochasticLanczosQuadrature: expected a positive integer number of vectors, found ${count}`);
  }
  checkSteps('stochasticLanczosQuadrature', options.steps);
  const into = options.into ?? memoryForRows('stochasticLanczosQuadrature', size, Math.min(options.steps, size));
  const vectors: VectorQuadrature[] = [];
  for (let i = 0; i < count; i++) {
    const { values, weights, residuals, steps, invariant, asymmetry } = await lanczos(operator, {
      ...rest,
      into,
      ...(checkpoint && { checkpoint: checkpoint(i) }),
      start: { law, random: random.stream(`vector ${i}`) },
      progress: (fraction) => progress?.((i + fraction) / count),
    });
    vectors.push({ nodes: values, weights, residuals, steps, invariant, asymmetry });
  }
  const products = vectors.reduce((sum, { steps }) => sum + steps, 0);
  return { ...pooled(vectors), size, products, vectors };
}
