import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { requireMemory } from '../memory.js';

/** @throws InsufficientMemoryError before anything is allocated, if the rows would not fit */
export function memoryForRows(who: string, size: number, capacity: number): Float64Array {
  requireMemory(`${who}: ${capacity} vectors of length ${size}`, 8 * size * capacity);
  return new Float64Array(size * capacity);
}

/** Orthonormal vectors of one length, one a row, with room for a fixed number of them. */
export class OrthonormalRows {
  /** Row-major, capacity x size; the first `count` rows are there. */
  readonly data: Float64Array;
  count = 0;

  /**
   * @param into  memory to use, at least size x capacity elements
   * @throws RangeError if it is too short
   * @throws InsufficientMemoryError before anything is allocated, if the rows would not fit
   */
  constructor(
    who: string,
    readonly size: number,
    readonly capacity: number,
    private readonly linearAlgebra: LinearAlgebra,
    into?: Float64Array,
  ) {
    const entries = size * capacity;
    if (into !== undefined && into.length < entries) {
      throw new RangeError(`${who}: "into" needs ${entries} elements for ${capacity} vectors, found ${into.length}`);
    }
    this.data = into?.subarray(0, entries) ?? memoryForRows(who, size, capacity);
  }

  row(i: number): Float64Array {
    return this.data.subarray(i * this.size, (i + 1) * this.size);
  }

  /** Adds a vector of norm 1, orthogonal to those that are there. It is copied. */
  append(vector: Float64Array): void {
    this.row(this.count).set(vector);
    this.count++;
  }

  /**
   * w := w - Q^T Q w, and returns the coefficients Q w of the w that came in.
   *
   * Classical Gram-Schmidt, a second time after the first: that is enough for orthogonality to rounding (Giraud, Langou,
   * Rozloznik and van den Eshof 2005, doi 10.1007/s00211-005-0615-4), and unlike the modified one it is matrix-vector
   * products. A third time follows where the second took away much, so that what was left is rounding itself (the
   * criterion of Daniel, Gragg, Kaufman and Stewart 1976, doi 10.1090/S0025-5718-1976-0431641-8, with 1 / sqrt 2).
   *
   * @param first  the first time leaves out the rows before this one. Lanczos has shares above rounding in two rows only:
   *   all rows are then read twice and not four times
   */
  removeFrom(w: Float64Array, first = 0): Float64Array {
    const coefficients = new Float64Array(this.count);
    this.removeOnce(w, Math.max(0, first), coefficients);
    const before = norm(w);
    this.removeOnce(w, 0, coefficients);
    if (norm(w) < before * Math.SQRT1_2) this.removeOnce(w, 0, coefficients);
    return coefficients;
  }

  /** Q w, of the rows from `first` on. */
  coefficients(w: Float64Array, first = 0): Float64Array {
    const y = new Float64Array(this.count - first);
    const product = { m: y.length, n: this.size, a: this.data.subarray(first * this.size), lda: this.size };
    this.linearAlgebra.gemv({ ...product, x: w, y });
    return y;
  }

  private removeOnce(w: Float64Array, first: number, coefficients: Float64Array): void {
    const x = this.coefficients(w, first);
    const product = { m: x.length, n: this.size, a: this.data.subarray(first * this.size), lda: this.size };
    this.linearAlgebra.gemv({ ...product, transpose: true, alpha: -1, x, beta: 1, y: w });
    for (let i = 0; i < x.length; i++) coefficients[first + i] += x[i];
  }
}

/** Sums of squares outside these lose digits, or all of them, to underflow and overflow. */
const [smallestSquares, largestSquares] = [1e-280, 1e300];

/** Euclidean norm. */
export function norm(v: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < v.length; i++) squares += v[i] * v[i];
  if (squares > smallestSquares && squares < largestSquares) return Math.sqrt(squares);
  const largest = v.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return 0;
  return largest * Math.sqrt(v.reduce((sum, value) => sum + (value / largest) ** 2, 0));
}

/** v := v / divisor */
export function divide(v: Float64Array, divisor: number): void {
  for (let i = 0; i < v.length; i++) v[i] /= divisor;
}
