import { checkedProduct, squareSize } from '../checked-product.js';
import { requireMemory } from '../memory.js';
import type { Operator, SymmetricMatrix } from '../operator.js';

export interface MatrixOfOptions {
  /** Fraction done, 0 to 1. */
  readonly progress?: (fraction: number) => void;
  /** Stops between two products by throwing the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A dense matrix, and how far the products were from a symmetric one. */
export interface MatrixOf extends SymmetricMatrix {
  /** Largest |a_ij - a_ji| over the largest |a_ij|: rounding of the products, if the operator is symmetric. */
  readonly asymmetry: number;
}

/**
 * The matrix of an operator from its products with all unit vectors: the exact Hessian of networks that have no closed
 * form here, at n products. Entries are the means (a_ij + a_ji) / 2, so the matrix is exactly symmetric.
 *
 * @throws RangeError for an operator that is not square, and when a product has a wrong length or is not finite
 * @throws InsufficientMemoryError before anything is allocated
 */
export async function matrixOf(operator: Operator, options: MatrixOfOptions = {}): Promise<MatrixOf> {
  const n = squareSize('matrixOf', operator);
  requireMemory(`matrixOf: a matrix of ${n} x ${n}`, 8 * n * n);
  const data = new Float64Array(n * n);
  const unit = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    options.signal?.throwIfAborted();
    unit[i] = 1;
    data.set(await checkedProduct(operator, unit, `matrixOf: product with e_${i}`), i * n);
    unit[i] = 0;
    options.progress?.((i + 1) / n);
  }
  return { n, data, asymmetry: symmetrise(data, n) };
}

function symmetrise(data: Float64Array, n: number): number {
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const [lower, upper] = [data[i * n + j], data[j * n + i]];
      const mean = (lower + upper) / 2;
      data[i * n + j] = mean;
      data[j * n + i] = mean;
      largest = Math.max(largest, Math.abs(mean));
      difference = Math.max(difference, Math.abs(lower - upper));
    }
  }
  return largest === 0 ? 0 : difference / largest;
}
