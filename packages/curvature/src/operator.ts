/** A symmetric linear map known by its products: what Lanczos and power iterations need, and all that they need. */
export interface Operator {
  readonly shape: readonly [number, number];
  /** A v, in a fresh vector. @throws RangeError when v has the wrong length */
  matvec(v: Float64Array): Float64Array | Promise<Float64Array>;
}

/** A dense symmetric matrix, row-major, both triangles filled. */
export interface SymmetricMatrix {
  readonly n: number;
  readonly data: Float64Array;
}

/** Eigenvalues with what is needed to judge them. */
export interface Spectrum {
  /** Ascending. */
  readonly values: Float64Array;
  /** Size of the matrix; equals values.length unless structural zeros were removed before the eigenproblem. */
  readonly size: number;
  readonly precision: 'float64' | 'float32';
  /** Magnitude below which a value is rounding: size * epsilon * largest magnitude (LAPACK's error bound, up to a constant). */
  readonly roundingFloor: number;
}
