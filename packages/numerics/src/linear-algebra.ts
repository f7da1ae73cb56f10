/** float64 everywhere a spectrum is measured; float32 where a paper computed in float32. */
export type RealArray = Float64Array | Float32Array;

/** C := alpha op(A) op(B) + beta C. All matrices are row-major; a leading dimension is the length of a stored row. */
export interface Gemm<T extends RealArray> {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** Rows of op(A) and C. */
  readonly m: number;
  /** Columns of op(B) and C. */
  readonly n: number;
  /** Columns of op(A), rows of op(B). */
  readonly k: number;
  /** Default 1. */
  readonly alpha?: number;
  readonly a: T;
  readonly lda: number;
  readonly b: T;
  readonly ldb: number;
  /** Default 0: C is overwritten, whatever it holds (NaN included). */
  readonly beta?: number;
  readonly c: T;
  readonly ldc: number;
}

/** C := alpha A A^T + beta C (or A^T A with `transpose`), one triangle of the row-major n x n matrix C; the other is not touched. */
export interface Syrk<T extends RealArray> {
  readonly triangle: 'upper' | 'lower';
  /** false: A is n x k and C = A A^T; true: A is k x n and C = A^T A. Default false. */
  readonly transpose?: boolean;
  readonly n: number;
  readonly k: number;
  readonly alpha?: number;
  readonly a: T;
  readonly lda: number;
  readonly beta?: number;
  readonly c: T;
  readonly ldc: number;
}

/** y := alpha op(A) x + beta y, A row-major m x n as stored. */
export interface Gemv<T extends RealArray> {
  readonly transpose?: boolean;
  readonly m: number;
  readonly n: number;
  readonly alpha?: number;
  readonly a: T;
  readonly lda: number;
  readonly x: T;
  readonly beta?: number;
  readonly y: T;
}

/** B := op(A), m x n. A and B must not overlap. */
export interface MatrixCopy<T extends RealArray> {
  readonly transpose?: boolean;
  /** Rows of op(A) and B. */
  readonly m: number;
  /** Columns of op(A) and B. */
  readonly n: number;
  readonly a: T;
  readonly lda: number;
  readonly b: T;
  readonly ldb: number;
}

export type EigenvalueMethod = 'auto' | 'one-stage' | 'two-stage' | 'relatively-robust' | 'bisection';

export interface EigenvalueOptions {
  /**
   * `auto` (default) takes the faster of `one-stage` and `two-stage`, two ways to tridiagonal form, by measured size;
   * implicit QL follows. `two-stage` falls back where the library lacks it.
   *
   * `relatively-robust` and `bisection` reduce in one stage and then go other ways: MRRR (Dhillon, Parlett and Voemel 2006,
   * doi 10.1145/1186785.1186788; without vectors that is dqds on shifted factorizations L D L^T) and counts of Sturm
   * sequences. They are not more accurate, bisection takes 2 to 4 times as long, and both need LAPACK: the portable
   * implementation throws. All methods agree to a few eps |A|. What they return below that, for the null space of a
   * singular matrix, differs in its statistics: they are there to tell such levels from those of the matrix.
   */
  readonly method?: EigenvalueMethod;
  /**
   * For `bisection` alone (RangeError otherwise): width of an interval, in the units of the matrix, that need not be
   * halved again. Default: the smallest that LAPACK allows, which brings out the eigenvalues of the tridiagonal matrix as
   * accurately as counts tell them apart. 0 is LAPACK's own default, eps |T|: it returns levels that are closer as equal.
   */
  readonly tolerance?: number;
  /**
   * A library may destroy the matrix instead of copying it (a second copy of a 20,060 matrix is 3.2 GB). The portable
   * implementation copies all the same. Default false.
   */
  readonly overwrite?: boolean;
  /** Which triangle of the row-major matrix is read. Default `lower`. */
  readonly triangle?: 'upper' | 'lower';
}

export interface EigenPairs<T extends RealArray> {
  /** Ascending. */
  readonly values: T;
  /** Row-major, one eigenvector a ROW: vectors.subarray(i * n, (i + 1) * n) belongs to values[i]; norm 1. */
  readonly vectors: T;
}

export interface TridiagonalEigen {
  /** Ascending. */
  readonly values: Float64Array;
  /** First component of each normalised eigenvector, taken non-negative (quadrature weights are the squares). */
  readonly firstComponents: Float64Array;
}

export interface LibraryInfo {
  readonly kind: 'openblas' | 'accelerate' | 'mkl' | 'other' | 'portable';
  /** For people: name, version and the core it runs on. */
  readonly description: string;
  /** Name and version without the processor: goes into manifests. */
  readonly identity: string;
  /** Path of the shared library, or the name by which the dynamic linker found it; absent for the portable one. */
  readonly path?: string;
  /** Threads the library used in this process when it was loaded. */
  readonly threads: number;
}

/**
 * Dense linear algebra behind one interface: a BLAS and LAPACK library found on the machine, or the portable
 * implementation in plain TypeScript.
 *
 * `gemm`, `syrk` and `gemv` run on the calling thread (a training step is thousands of short calls); everything that
 * returns a promise runs off it, so that progress and Ctrl-C stay alive. Until the promise settles, what was passed must
 * not be written. Symmetric matrices are row-major n x n; where no triangle is named, the lower one is read. Every
 * function throws RangeError when a buffer is too short for the sizes given, and Error (with LAPACK's `info`, if it is
 * LAPACK's) when an algorithm fails or a matrix holds NaN or infinities.
 */
export interface LinearAlgebra {
  readonly library: LibraryInfo;

  gemm<T extends RealArray>(product: Gemm<T>): void;
  gemmAsync<T extends RealArray>(product: Gemm<T>): Promise<void>;
  syrk<T extends RealArray>(product: Syrk<T>): void;
  syrkAsync<T extends RealArray>(product: Syrk<T>): Promise<void>;
  gemv<T extends RealArray>(product: Gemv<T>): void;
  /** Off the calling thread where the library has a routine for it (OpenBLAS), else on it at about 2 ns an element. */
  copyAsync<T extends RealArray>(copy: MatrixCopy<T>): Promise<void>;
  /**
   * Runs work that keeps `atOnce` asynchronous products under way. Short products are better computed side by side, each
   * on one thread, than one after the other, each split over all: of those, OpenBLAS spends a third of the time waiting.
   * So while it runs, calls of the whole process take one thread where the library allows it. Results then do not depend
   * on the number of threads. Where it does not, `atOnce` is 1.
   */
  sideBySide<T>(work: (atOnce: number) => Promise<T>): Promise<T>;

  /** All eigenvalues, ascending. */
  symmetricEigenvalues<T extends RealArray>(matrix: T, n: number, options?: EigenvalueOptions): Promise<T>;
  /** All eigenvalues and eigenvectors. The matrix is kept. */
  symmetricEigen<T extends RealArray>(matrix: T, n: number): Promise<EigenPairs<T>>;
  /** Eigenpairs number `from` to `to` - 1 in ascending order. The matrix is kept. */
  symmetricEigenRange(matrix: Float64Array, n: number, from: number, to: number): Promise<EigenPairs<Float64Array>>;
  /** Eigenvalues of the symmetric tridiagonal matrix, with first components of its eigenvectors. */
  tridiagonalEigen(diagonal: Float64Array, offDiagonal: Float64Array): Promise<TridiagonalEigen>;
  /** Eigenvalues alone: faster than tridiagonalEigen. */
  tridiagonalEigenvalues(diagonal: Float64Array, offDiagonal: Float64Array): Promise<Float64Array>;
  /** Lower factor L of A = L L^T, upper triangle zero. Throws if A is not positive definite. */
  cholesky(matrix: Float64Array, n: number): Promise<Float64Array>;
  /** Thin QR of a row-major m x n matrix, m >= n: Q is m x n, R is n x n upper with a non-negative diagonal. */
  qr(matrix: Float64Array, m: number, n: number): Promise<{ readonly q: Float64Array; readonly r: Float64Array }>;
  /** Thin SVD, r = min(m, n): U is m x r, singular values descending, Vt is r x n, all row-major. */
  svd(
    matrix: Float64Array,
    m: number,
    n: number,
  ): Promise<{ readonly u: Float64Array; readonly singularValues: Float64Array; readonly vt: Float64Array }>;
}
