import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { checkedProduct, squareSize } from '../checked-product.js';
import type { Operator } from '../operator.js';
import { type LanczosCheckpoint, resumeFrom } from './checkpoint.js';
import { divide, norm, OrthonormalRows } from './orthonormal-rows.js';
import { emptyRecurrence, extended, isInvariant, type LanczosRecurrence, relativeAsymmetry } from './recurrence.js';
import { type RitzValues, ritzValues } from './ritz-values.js';
import { normalisedStart, type StartVector } from './start-vector.js';

export interface LanczosOptions {
  readonly linearAlgebra: LinearAlgebra;
  /** Products, and size of T; at most the size of the operator is done. Granziol et al. 2020 take 100, 80 and 10. */
  readonly steps: number;
  readonly start: StartVector;
  /** Memory for the basis, at least steps x size elements. */
  readonly into?: Float64Array;
  /** Kept after every step: a run that was killed goes on from there, with the same library and threads to the same bytes. */
  readonly checkpoint?: LanczosCheckpoint;
  /**
   * The space counts as invariant when beta_k is at most this share of |T|. Default size x epsilon, the rounding of
   * products in float64 (see Spectrum.roundingFloor). Products in float32 never come so near: give their rounding to
   * have it noticed. Noticed a step late it does no harm: what is added has a weight of the order of rounding.
   */
  readonly invarianceTolerance?: number;
  /**
   * An operator that deviates from symmetry by more than this share of |T| is refused. Default 1e-3, our choice: float32
   * products with a matrix of 1,500 came to 1e-8, with noise of 1e-5 on top to 1e-6; a missing term is far above.
   */
  readonly symmetryTolerance?: number;
  /** Fraction done, 0 to 1. */
  readonly progress?: (fraction: number) => void;
  /** Stops between two products by throwing the signal's reason. */
  readonly signal?: AbortSignal;
}

/** T, its Ritz values in ascending order, and the basis of the Krylov space. */
export interface LanczosResult extends RitzValues {
  readonly size: number;
  /** m, the steps done: fewer than asked where the space was invariant before. */
  readonly steps: number;
  /** Diagonal of T, m numbers. */
  readonly alpha: Float64Array;
  /** Off-diagonal of T, m - 1 numbers. */
  readonly beta: Float64Array;
  /** beta_m, the norm of what the last product adds to the space. */
  readonly residualNorm: number;
  /** The space is invariant to rounding: its Ritz values are eigenvalues, all that the start vector has a share in. */
  readonly invariant: boolean;
  /** Row-major m x size, orthonormal rows; its memory is that of `into` if it was given. */
  readonly basis: Float64Array;
  /** Largest |q_i^T A q_j - q_j^T A q_i| over |T|. */
  readonly asymmetry: number;
}

/**
 * The Lanczos process with full reorthogonalisation at every step, which Granziol et al. 2020, sec. 5.1, ask for: no
 * ghost values, and quadrature weights that are exact to rounding.
 *
 * The basis takes 8 size steps bytes (0.8 GB for a million weights and 100 steps) and each step reads it twice.
 * A repeated eigenvalue shows up once, with the weight of its whole eigenspace.
 *
 * @throws RangeError for an operator that is not square or not symmetric, products of wrong length or not finite, a start
 *   vector that is 0, and options out of range
 * @throws InsufficientMemoryError before anything is allocated
 * @throws Error for a checkpoint of another run or one that is damaged
 */
export async function lanczos(operator: Operator, options: LanczosOptions): Promise<LanczosResult> {
  const { linearAlgebra, checkpoint, symmetryTolerance = 1e-3, progress, signal } = options;
  const size = squareSize('lanczos', operator);
  const { invarianceTolerance = size * Number.EPSILON } = options;
  checkSteps('lanczos', options.steps);
  const steps = Math.min(options.steps, size);
  const basis = new OrthonormalRows('lanczos', size, steps, linearAlgebra, options.into);
  let next = normalisedStart(options.start, size);

  let done = emptyRecurrence(size);
  if (checkpoint) ({ done, next } = await resumeFrom(checkpoint, basis, next));

  while (done.alpha.length < steps && !isInvariant(done, invarianceTolerance)) {
    signal?.throwIfAborted();
    basis.append(next);
    const w = await checkedProduct(operator, next, `lanczos: product ${basis.count}`);
    const coefficients = basis.removeFrom(w, basis.count - 2);
    const leftOver = norm(w);
    done = extended(done, coefficients, leftOver);
    requireSymmetry(done, symmetryTolerance);
    if (leftOver > 0) divide(w, leftOver);
    next = w;
    await checkpoint?.save(done, next);
    progress?.(isInvariant(done, invarianceTolerance) ? 1 : done.alpha.length / steps);
  }

  const { alpha, beta } = done;
  return {
    ...(await ritzValues(alpha, beta, linearAlgebra)),
    size,
    steps: alpha.length,
    alpha: Float64Array.from(alpha),
    beta: Float64Array.from(beta.slice(0, -1)),
    residualNorm: beta[beta.length - 1],
    invariant: isInvariant(done, invarianceTolerance),
    basis: basis.data.subarray(0, alpha.length * size),
    asymmetry: relativeAsymmetry(done),
  };
}

/** @throws RangeError unless it is a positive integer */
export function checkSteps(who: string, steps: number): void {
  if (Number.isInteger(steps) && steps >= 1) return;
  throw new RangeError(`${who}: expected a positive integer number of steps, found ${steps}`);
}

function requireSymmetry(done: LanczosRecurrence, tolerance: number): void {
  const found = relativeAsymmetry(done);
  if (found > tolerance) {
    throw new RangeError(
      `lanczos: expected a symmetric operator, found |x^T A y - y^T A x| of ${found.toPrecision(2)} |A| ` +
        `between two basis vectors at product ${done.alpha.length} (tolerance ${tolerance})`,
    );
  }
}
