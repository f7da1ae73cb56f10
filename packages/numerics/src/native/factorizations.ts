import { checkRectangle, checkResult, checkSymmetric, checkTall, notPositiveDefinite } from '../check.js';
import type { LinearAlgebra } from '../linear-algebra.js';
import { character, integer, LapackError, runAside, runLapack } from './lapack.js';
import type { Routines } from './routines.js';

type Factorizations = Pick<LinearAlgebra, 'cholesky' | 'qr' | 'svd'>;

/** dgesdd wants 4 r^2 + 7 r doubles of workspace, r the smaller side; from here on that is no 32-bit integer. */
const divideAndConquerLimit = 23_170;

/** Factorizations through LAPACK, off the main thread. What is row-major here is the transpose to LAPACK. */
export function nativeFactorizations(routines: Routines): Factorizations {
  async function cholesky(matrix: Float64Array, n: number): Promise<Float64Array> {
    checkSymmetric(matrix, n);
    const factor = matrix.slice(0, n * n);
    const info = integer(0);
    await runAside(routines.potrf, [character('U'), integer(n), factor, integer(n), info, 1]);
    if (info[0] > 0) throw new LapackError('dpotrf', info[0], notPositiveDefinite(info[0]));
    if (info[0] < 0) throw new LapackError('dpotrf', info[0]);
    for (let i = 0; i < n; i++) factor.fill(0, i * n + i + 1, (i + 1) * n);
    checkResult('factor', factor);
    return factor;
  }

  /** A = Q R is A^T = R^T Q^T: an LQ factorization of what LAPACK sees. */
  async function qr(matrix: Float64Array, m: number, n: number) {
    checkTall(matrix, m, n);
    const q = matrix.slice(0, m * n);
    const reflectors = new Float64Array(n);
    // biome-ignore format: in the order of LAPACK
    await runLapack('dgelqf', routines.gelqf, q, (work, lwork, _iwork, _liwork, info) => [
      integer(n), integer(m), q, integer(n), reflectors, work, lwork, info,
    ]);
    const r = new Float64Array(n * n);
    for (let i = 0; i < n; i++) r.set(q.subarray(i * n + i, (i + 1) * n), i * n + i);
    // biome-ignore format: in the order of LAPACK
    await runLapack('dorglq', routines.orglq, q, (work, lwork, _iwork, _liwork, info) => [
      integer(n), integer(m), integer(n), q, integer(n), reflectors, work, lwork, info,
    ]);
    checkResult('factors', r);
    makeDiagonalPositive(q, r, m, n);
    return { q, r };
  }

  /** A = U S V^T is A^T = V S U^T: LAPACK's left vectors are the rows of Vt. */
  async function svd(matrix: Float64Array, m: number, n: number) {
    checkRectangle(matrix, m, n);
    const rank = Math.min(m, n);
    const singularValues = new Float64Array(rank);
    const u = new Float64Array(m * rank);
    const vt = new Float64Array(rank * n);
    const input = () => matrix.slice(0, m * n);

    const divideAndConquer = () => {
      const a = input();
      // biome-ignore format: in the order of LAPACK
      return runLapack('dgesdd', routines.gesdd, a, (work, lwork, _iwork, _liwork, info) => [
        character('S'), integer(n), integer(m), a, integer(n), singularValues, vt, integer(n), u, integer(rank),
        work, lwork, new Int32Array(8 * rank), info, 1,
      ]);
    };
    const implicitQr = () => {
      const a = input();
      // biome-ignore format: in the order of LAPACK
      return runLapack('dgesvd', routines.gesvd, a, (work, lwork, _iwork, _liwork, info) => [
        character('S'), character('S'), integer(n), integer(m), a, integer(n), singularValues, vt, integer(n), u,
        integer(rank), work, lwork, info, 1, 1,
      ]);
    };

    if (rank >= divideAndConquerLimit) await implicitQr();
    else {
      // Divide and conquer fails to converge on rare matrices where the slower iteration does not.
      await divideAndConquer().catch((error) => {
        if (error instanceof LapackError && error.info > 0) return implicitQr();
        throw error;
      });
    }
    checkResult('singular values', singularValues);
    return { u, singularValues, vt };
  }

  return { cholesky, qr, svd };
}

/** Q R with the rows of R, and the columns of Q with them, turned so that no diagonal element of R is negative. */
function makeDiagonalPositive(q: Float64Array, r: Float64Array, m: number, n: number): void {
  for (let j = 0; j < n; j++) {
    if (r[j * n + j] >= 0) continue;
    for (let l = j; l < n; l++) r[j * n + l] = -r[j * n + l];
    for (let i = 0; i < m; i++) q[i * n + j] = -q[i * n + j];
  }
}
