import { checkResult } from '../check.js';
import type { EigenvalueOptions, RealArray } from '../linear-algebra.js';
import { scaleToOne, unscale } from '../portable/scale.js';
import { arrayLike, character, integer, LapackError, runAside, runLapack } from './lapack.js';
import type { Routine, Routines } from './routines.js';

export type ReducedMethod = 'relatively-robust' | 'bisection';

/**
 * Eigenvalues by reduction to tridiagonal form (sytrd) and then by another algorithm than the drivers take. For values
 * alone, all drivers that are asked for the whole spectrum, syevr (MRRR) and syevx (bisection) among them, call the
 * root-free QL of sterf: so stemr and stebz are called here directly.
 *
 * @param a         column-major n x n; destroyed
 * @param triangle  of the column-major matrix
 * @throws Error if the library lacks a routine or the eigenvalues overflow; LapackError if one does not converge
 */
export async function reducedEigenvalues<T extends RealArray>(
  routines: Routines,
  a: T,
  n: number,
  triangle: 'U' | 'L',
  method: ReducedMethod,
  tolerance: EigenvalueOptions['tolerance'],
): Promise<T> {
  const sytrd = needed(routines, 'sytrd', method);
  const solver = needed(routines, method === 'bisection' ? 'stebz' : 'stemr', method);
  const tridiagonal = await reduce(sytrd, a, n, triangle);
  // Bisection squares the off-diagonal. The factor is a power of two: no digit changes.
  const factor = scaleToOne(tridiagonal.diagonal, tridiagonal.offDiagonal);
  const values =
    method === 'bisection'
      ? await bisect(solver, tridiagonal, tolerance && tolerance * factor)
      : await relativelyRobust(solver, tridiagonal);
  return unscale('eigenvalues', values, factor);
}

interface Tridiagonal<T extends RealArray> {
  readonly diagonal: T;
  /** n elements, of which the last is workspace. */
  readonly offDiagonal: T;
}

function needed(routines: Routines, name: 'sytrd' | 'stemr' | 'stebz', method: ReducedMethod): Routine {
  const routine = routines[name];
  if (!routine) throw new Error(`method '${method}' needs LAPACK's ${name}, which the library does not have`);
  return routine;
}

async function reduce<T extends RealArray>(
  sytrd: Routine,
  a: T,
  n: number,
  triangle: 'U' | 'L',
): Promise<Tridiagonal<T>> {
  const diagonal = arrayLike(a, n);
  const offDiagonal = arrayLike(a, n);
  const tau = arrayLike(a, n);
  // biome-ignore format: in the order of LAPACK
  await runLapack('sytrd', sytrd, a, (work, lwork, _iwork, _liwork, info) => [
    character(triangle), integer(n), a, integer(n), diagonal, offDiagonal, tau, work, lwork, info, 1,
  ]);
  checkResult('eigenvalues', diagonal);
  checkResult('eigenvalues', offDiagonal);
  return { diagonal, offDiagonal };
}

/** Without vectors MRRR ends where its root representations L D L^T have been found and dqds has given their eigenvalues. */
async function relativelyRobust<T extends RealArray>(
  stemr: Routine,
  { diagonal, offDiagonal }: Tridiagonal<T>,
): Promise<T> {
  const n = diagonal.length;
  const unused = arrayLike(diagonal, 1);
  const values = arrayLike(diagonal, n);
  const support = new Int32Array(2 * n);
  // As in syevr: relative accuracy is tried for.
  const tryRelativeAccuracy = integer(1);
  // biome-ignore format: in the order of LAPACK
  await runLapack('stemr', stemr, diagonal, (work, lwork, iwork, liwork, info) => [
    character('N'), character('A'), integer(n), diagonal, offDiagonal, unused, unused, integer(0), integer(0),
    integer(0), values, unused, integer(1), integer(0), support, tryRelativeAccuracy, work, lwork, iwork, liwork, info,
    1, 1,
  ]);
  return values;
}

async function bisect<T extends RealArray>(
  stebz: Routine,
  { diagonal, offDiagonal }: Tridiagonal<T>,
  tolerance: number | undefined,
): Promise<T> {
  const n = diagonal.length;
  // Twice the underflow threshold: "eigenvalues will be computed most accurately" (documentation of stebz, ABSTOL).
  const smallest = diagonal instanceof Float64Array ? 2 ** -1021 : 2 ** -125;
  const unused = arrayLike(diagonal, 1);
  const values = arrayLike(diagonal, n);
  const info = integer(0);
  const integers = () => new Int32Array(n);
  // biome-ignore format: in the order of LAPACK
  await runAside(stebz, [
    character('A'), character('E'), integer(n), unused, unused, integer(0), integer(0),
    arrayLike(diagonal, 1).fill(tolerance ?? smallest), diagonal, offDiagonal, integer(0), integer(0), values,
    integers(), integers(), arrayLike(diagonal, 4 * n), new Int32Array(3 * n), info, 1, 1,
  ]);
  if (info[0] !== 0) throw new LapackError('stebz', info[0]);
  return values;
}
