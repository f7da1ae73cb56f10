import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { requireMemory } from '../memory.js';
import type { LanczosResult } from './lanczos.js';
import { tridiagonalPairs } from './ritz-values.js';

/** Approximate eigenpairs of an operator. */
export interface RitzPairs {
  /** Ascending. */
  readonly values: Float64Array;
  /** Row-major, one vector of norm 1 a row, in the order of the values; its sign means nothing. */
  readonly vectors: Float64Array;
  /** |A x - theta x| of each. */
  readonly residuals: Float64Array;
}

/** How many from each end of a spectrum. Default 0. */
export interface Extremes {
  readonly largest?: number;
  readonly smallest?: number;
}

/**
 * The Ritz vectors of the extreme Ritz values of a Lanczos process, as combinations of its basis.
 *
 * @throws RangeError if more are asked for than there are
 * @throws InsufficientMemoryError before anything is allocated
 */
export async function ritzPairs(
  { alpha, beta, residualNorm, basis, steps, size }: LanczosResult,
  extremes: Extremes,
  { linearAlgebra }: { readonly linearAlgebra: LinearAlgebra },
): Promise<RitzPairs> {
  const chosen = extremeIndices('ritzPairs', steps, extremes);
  const count = chosen.length;
  requireMemory(`ritzPairs: ${count} vectors of length ${size}`, 8 * size * count);
  const small = await tridiagonalPairs(alpha, beta, linearAlgebra);
  const combinations = new Float64Array(count * steps);
  for (const [row, i] of chosen.entries()) {
    combinations.set(small.vectors.subarray(i * steps, (i + 1) * steps), row * steps);
  }
  const vectors = new Float64Array(count * size);
  await linearAlgebra.gemmAsync({
    ...{ m: count, n: size, k: steps },
    ...{ a: combinations, lda: steps, b: basis, ldb: size, c: vectors, ldc: size },
  });
  return {
    values: Float64Array.from(chosen, (i) => small.values[i]),
    vectors,
    residuals: Float64Array.from(chosen, (i) => Math.abs(residualNorm * small.vectors[i * steps + steps - 1])),
  };
}

/** Indices, ascending, of the ends of `count` ascending values. */
export function extremeIndices(who: string, count: number, { largest = 0, smallest = 0 }: Extremes): readonly number[] {
  for (const [name, value] of Object.entries({ largest, smallest })) {
    if (!Number.isInteger(value) || value < 0) {
      throw new RangeError(`${who}: expected "${name}" to be an integer, not negative; found ${value}`);
    }
  }
  if (largest + smallest < 1 || largest + smallest > count) {
    throw new RangeError(
      `${who}: expected 1 to ${count} values in all, found ${largest} largest and ${smallest} smallest`,
    );
  }
  const indices = Array.from({ length: count }, (_, i) => i);
  return [...indices.slice(0, smallest), ...indices.slice(count - largest)];
}
