import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import { checkedProduct, squareSize } from '../checked-product.js';
import { requireMemory } from '../memory.js';
import type { Operator } from '../operator.js';
import { divide, norm, OrthonormalRows } from './orthonormal-rows.js';
import { type Extremes, extremeIndices, type RitzPairs } from './ritz-pairs.js';
import { normalisedStart } from './start-vector.js';

/** Of a matrix product: a block of all rows then stays in the processor's cache. */
const columnsAtOnce = 4096;

export interface ExtremalEigenpairsOptions extends Extremes {
  readonly linearAlgebra: LinearAlgebra;
  /** Start vectors: one, and another wherever a Krylov space turns out to be invariant. */
  readonly random: RandomStream;
  /**
   * A pair has converged when |A x - theta x| is at most this share of the largest |theta|. Default 1e-8 (our choice): the
   * error of the eigenvalue is then about 1e-16 over the relative gap. With products in float32, 1e-4.
   */
  readonly tolerance?: number;
  /** Vectors held in memory. Default max(2 pairs + 1, 20), the rule of SciPy's eigsh, or the size. */
  readonly basisSize?: number;
  /** Stop, converged or not. Default 100 times the size of the basis (our choice). */
  readonly maximumProducts?: number;
  /** Told after every restart: products done, converged pairs. */
  readonly progress?: (products: number, converged: number) => void;
  readonly signal?: AbortSignal;
}

export interface ExtremalEigenpairs extends RitzPairs {
  /** All residuals are within the tolerance, and after an invariant space the values stayed over a restart. */
  readonly converged: boolean;
  readonly products: number;
}

/**
 * The largest and smallest eigenvalues with their vectors, by Lanczos with thick restart (Wu & Simon 2000, doi
 * 10.1137/S0895479898334605): when the basis is full, it shrinks to the best Ritz vectors and grows again. For few
 * pairs in little memory; `lanczos` with `ritzPairs` takes fewer products where there is room for its basis.
 *
 * A further copy of a repeated eigenvalue comes in through rounding alone, so a multiplicity can be missed unless the
 * Krylov space is invariant: then fresh random vectors follow, until what converged is the same after one more restart.
 *
 * @throws RangeError for an operator that is not square, products of wrong length or not finite, and a basis that is too
 *   small for the pairs. Symmetry is taken for granted: `lanczos` looks at it
 * @throws InsufficientMemoryError before anything is allocated
 */
export async function extremalEigenpairs(
  operator: Operator,
  options: ExtremalEigenpairsOptions,
): Promise<ExtremalEigenpairs> {
  const { linearAlgebra, random, tolerance = 1e-8, progress, signal } = options;
  const size = squareSize('extremalEigenpairs', operator);
  const wanted = extremeIndices('extremalEigenpairs', size, options).length;
  const { basisSize: capacity = Math.min(size, Math.max(2 * wanted + 1, 20)) } = options;
  const { maximumProducts = 100 * capacity } = options;
  if (!(tolerance >= 0)) {
    throw new RangeError(`extremalEigenpairs: expected a tolerance that is not negative, found ${tolerance}`);
  }
  if (!Number.isInteger(capacity) || capacity > size || (capacity < wanted + 2 && capacity < size)) {
    throw new RangeError(
      `extremalEigenpairs: expected a basis of ${Math.min(size, wanted + 2)} to ${size} vectors for ${wanted} pairs, found ${capacity}`,
    );
  }
  requireMemory(`extremalEigenpairs: ${capacity + wanted} vectors of length ${size}`, 8 * size * (capacity + wanted));
  const basis = new OrthonormalRows('extremalEigenpairs', size, capacity, linearAlgebra);
  /** Q^T A Q, of which row j is known once A q_j is. */
  const projection = new Float64Array(capacity * capacity);
  let next = normalisedStart({ random: random.stream('start') }, size);

  /** A Krylov space was invariant to the tolerance: all its residuals are small, whatever it has not seen. */
  let invariant = false;
  let before: Float64Array | undefined;
  for (let products = 0, starts = 1; ; ) {
    let leftOver = 0;
    while (basis.count < capacity) {
      signal?.throwIfAborted();
      basis.append(next);
      const w = await checkedProduct(operator, next, `extremalEigenpairs: product ${++products}`);
      const coefficients = basis.removeFrom(w);
      coefficients.forEach((value, i) => {
        projection[(basis.count - 1) * capacity + i] = value;
      });
      leftOver = norm(w);
      next = w;
      const scale = Math.max(norm(coefficients), leftOver);
      invariant ||= leftOver <= Math.max(tolerance, size * Number.EPSILON) * scale;
      if (basis.count === size || leftOver <= size * Number.EPSILON * scale) {
        leftOver = 0;
        if (basis.count < size) next = freshVector(basis, random.stream(`start ${++starts}`));
      } else divide(next, leftOver);
    }
    const { values, vectors } = await linearAlgebra.symmetricEigen(projection, capacity);
    const residual = (i: number) => Math.abs(leftOver * vectors[i * capacity + capacity - 1]);
    const largest = Math.max(Math.abs(values[0]), Math.abs(values[capacity - 1]));
    const chosen = extremeIndices('extremalEigenpairs', capacity, options);
    const converged = chosen.filter((i) => residual(i) <= tolerance * largest).length;
    progress?.(products, converged);
    const found = Float64Array.from(chosen, (i) => values[i]);
    const seenAll = !invariant || basis.count === size || agree(found, before, tolerance * largest);
    const ended = (converged === wanted && seenAll) || products >= maximumProducts;
    before = converged === wanted ? found : undefined;
    const kept = ended ? chosen : extremeIndices('extremalEigenpairs', capacity, withSpares(options, capacity));
    rotate(basis, kept, vectors, linearAlgebra);
    if (ended) {
      return {
        values: found,
        vectors: basis.data.slice(0, wanted * size),
        residuals: Float64Array.from(kept, residual),
        converged: converged === wanted && seenAll,
        products,
      };
    }
    projection.fill(0);
    for (const [row, i] of kept.entries()) projection[row * capacity + row] = values[i];
  }
}

function agree(found: Float64Array, before: Float64Array | undefined, tolerance: number): boolean {
  return before !== undefined && found.every((value, i) => Math.abs(value - before[i]) <= tolerance);
}

/** A random direction orthogonal to the basis. */
function freshVector(basis: OrthonormalRows, random: RandomStream): Float64Array {
  const vector = normalisedStart({ random, law: 'normal' }, basis.size);
  basis.removeFrom(vector);
  divide(vector, norm(vector));
  return vector;
}

/** Ritz vectors kept at a restart: half of what the wanted ones leave free, shared out as they are (our choice). */
function withSpares({ largest = 0, smallest = 0 }: Extremes, capacity: number): Extremes {
  const wanted = largest + smallest;
  const spares = Math.floor((capacity - wanted) / 2);
  const ofLargest = Math.round((spares * largest) / wanted);
  return { largest: largest + ofLargest, smallest: smallest + spares - ofLargest };
}

/** The basis becomes the chosen Ritz vectors: rows of `vectors` times the basis, some columns at a time. */
function rotate(
  basis: OrthonormalRows,
  chosen: readonly number[],
  vectors: Float64Array,
  linearAlgebra: LinearAlgebra,
): void {
  const { size, capacity, data } = basis;
  const a = new Float64Array(chosen.length * capacity);
  for (const [row, i] of chosen.entries()) a.set(vectors.subarray(i * capacity, (i + 1) * capacity), row * capacity);
  const block = new Float64Array(chosen.length * columnsAtOnce);
  for (let from = 0; from < size; from += columnsAtOnce) {
    const n = Math.min(columnsAtOnce, size - from);
    const b = data.subarray(from);
    linearAlgebra.gemm({ m: chosen.length, n, k: capacity, a, lda: capacity, b, ldb: size, c: block, ldc: n });
    for (let row = 0; row < chosen.length; row++) data.set(block.subarray(row * n, (row + 1) * n), row * size + from);
  }
  basis.count = chosen.length;
}
