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
   * Classical Gram-Schmidt, done twice: that is enough for orthogonality to rounding (Giraud, Langou, Rozloznik and van
   * den Eshof 2005, doi 10.1007/s00211-005-0615-4), and unlike the modified one it is matrix-vector products.
   */
  removeFrom(w: Float64Array): Float64Array {
    const coefficients = this.removeOnce(w);
    const corrections = this.removeOnce(w);
    for (let i = 0; i < this.count; i++) coefficients[i] += corrections[i];
    return coefficients;
  }

  /** Q w */
  coefficients(w: Float64Array): Float64Array {
    const coefficients = new Float64Array(this.count);
    this.linearAlgebra.gemv({ m: this.count, n: this.size, a: this.data, lda: this.size, x: w, y: coefficients });
    return coefficients;
  }

  private removeOnce(w: Float64Array): Float64Array {
    const [x, layout] = [this.coefficients(w), { m: this.count, n: this.size, a: this.data, lda: this.size }];
    this.linearAlgebra.gemv({ ...layout, transpose: true, alpha: -1, x, beta: 1, y: w });
    return x;
  }
}

/** Euclidean norm. */
export function norm(v: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < v.length; i++) squares += v[i] * v[i];
  return Math.sqrt(squares);
}

/** v := v / divisor */
export function divide(v: Float64Array, divisor: number): void {
  for (let i = 0; i < v.length; i++) v[i] /= divisor;
}
