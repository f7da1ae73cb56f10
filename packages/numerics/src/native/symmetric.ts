import { checkRange, checkResult, checkSymmetric, checkTolerance, checkTridiagonal } from '../check.js';
import type { EigenPairs, EigenvalueOptions, LibraryInfo, LinearAlgebra, RealArray } from '../linear-algebra.js';
import { arrayLike, character, integer, LapackError, runAside, runLapack } from './lapack.js';
import { reducedEigenvalues } from './reduced-eigenvalues.js';
import type { Routines } from './routines.js';

type Eigensolvers = Pick<
  LinearAlgebra,
  'symmetricEigenvalues' | 'symmetricEigen' | 'symmetricEigenRange' | 'tridiagonalEigenvalues'
>;

// A row-major lower triangle is a column-major upper one, and LAPACK is column-major.
const columnMajorTriangle = { lower: 'U', upper: 'L' } as const;

/** dsyevd wants 1 + 6 n + 2 n^2 doubles of workspace for vectors; from here on that is no 32-bit integer. */
const divideAndConquerLimit = 32_766;

/**
 * Size from which `auto` takes the two-stage reduction, which does the O(n^3) work at the speed of gemm but does more of
 * it, a part on one thread only. Seconds by bench/eigenvalues.js (least of several runs on a busy two-core Xeon,
 * OpenBLAS 0.3.21; processor time on one thread):
 *
 *     n                       1000    1500    2000    2500    3000    4000
 *     one thread,  one-stage  0.070   0.253   0.61            2.21
 *                  two-stage  0.080   0.225   0.52            1.67
 *     two threads, one-stage  0.053   0.170   0.376           1.13    2.52
 *                  two-stage  0.140   0.335   0.674           1.66    3.64
 *
 * and on two threads, both less quiet, 20.2 against 11.2 s at n = 6000 and 30.0 against 23.8 s at n = 8000.
 *
 * Other libraries have not been measured and take one stage.
 */
const twoStageFrom = (threads: number): number => (threads === 1 ? 1300 : 5000);

/** Eigenvalues and eigenvectors through LAPACK's drivers, off the main thread. */
export function nativeEigensolvers(of: (array: RealArray) => Routines, library: LibraryInfo): Eigensolvers {
  async function symmetricEigenvalues<T extends RealArray>(
    matrix: T,
    n: number,
    { method = 'auto', overwrite = false, triangle = 'lower', tolerance }: EigenvalueOptions = {},
  ): Promise<T> {
    checkSymmetric(matrix, n, triangle);
    checkTolerance(method, tolerance);
    const routines = of(matrix);
    const a = overwrite ? matrix : (matrix.slice(0, n * n) as T);
    if (method === 'relatively-robust' || method === 'bisection') {
      return reducedEigenvalues(routines, a, n, columnMajorTriangle[triangle], method, tolerance);
    }
    const values = arrayLike(matrix, n);
    const measured = library.kind === 'openblas' && n >= twoStageFrom(library.threads);
    const twoStage = method === 'two-stage' || (method === 'auto' && measured);
    const routine = (twoStage && routines.syevd2stage) || routines.syevd;
    const uplo = character(columnMajorTriangle[triangle]);
    // biome-ignore format: in the order of LAPACK
    await runLapack('syevd', routine, matrix, (work, lwork, iwork, liwork, info) => [
      character('N'), uplo, integer(n), a, integer(n), values, work, lwork, iwork, liwork, info, 1, 1,
    ]);
    checkResult('eigenvalues', values);
    return values;
  }

  async function symmetricEigen<T extends RealArray>(matrix: T, n: number): Promise<EigenPairs<T>> {
    checkSymmetric(matrix, n);
    if (n >= divideAndConquerLimit) return pairs(matrix, n, 0, n);
    const vectors = matrix.slice(0, n * n) as T;
    const values = arrayLike(matrix, n);
    // biome-ignore format: in the order of LAPACK
    await runLapack('syevd', of(matrix).syevd, matrix, (work, lwork, iwork, liwork, info) => [
      character('V'), character('U'), integer(n), vectors, integer(n), values, work, lwork, iwork, liwork, info, 1, 1,
    ]);
    checkResult('eigenvalues', values);
    return { values, vectors };
  }

  /** Eigenpairs from .. to - 1 by dsyevr: all by MRRR, some by bisection and inverse iteration. */
  async function pairs<T extends RealArray>(matrix: T, n: number, from: number, to: number): Promise<EigenPairs<T>> {
    const a = matrix.slice(0, n * n);
    const values = arrayLike(matrix, n);
    const vectors = arrayLike(matrix, n * (to - from));
    const found = integer(0);
    const support = new Int32Array(2 * n);
    const one = (value: number) => arrayLike(matrix, 1).fill(value);
    // The most accurate eigenvalues that bisection can give (documentation of dsyevr, ABSTOL).
    const tolerance = one(matrix instanceof Float64Array ? 2 ** -1022 : 2 ** -126);
    // biome-ignore format: in the order of LAPACK
    await runLapack('syevr', of(matrix).syevr, matrix, (work, lwork, iwork, liwork, info) => [
      character('V'), character('I'), character('U'), integer(n), a, integer(n), one(0), one(0), integer(from + 1),
      integer(to), tolerance, found, values, vectors, integer(n), support, work, lwork, iwork, liwork, info, 1, 1, 1,
    ]);
    checkResult('eigenvalues', values);
    return { values: values.slice(0, to - from) as T, vectors };
  }

  return {
    symmetricEigenvalues,
    symmetricEigen,
    symmetricEigenRange: async (matrix, n, from, to) => {
      checkSymmetric(matrix, n);
      checkRange(n, from, to);
      return pairs(matrix, n, from, to);
    },
    tridiagonalEigenvalues: async (diagonal, offDiagonal) => {
      checkTridiagonal(diagonal, offDiagonal);
      const values = diagonal.slice();
      const info = integer(0);
      await runAside(of(values).sterf, [integer(values.length), values, offDiagonal.slice(), info]);
      if (info[0] !== 0) throw new LapackError('dsterf', info[0]);
      checkResult('eigenvalues', values);
      return values;
    },
  };
}
