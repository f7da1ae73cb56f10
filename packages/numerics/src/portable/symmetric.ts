import { checkRange, checkSymmetric, checkTolerance } from '../check.js';
import type { EigenPairs, EigenvalueMethod, EigenvalueOptions, LinearAlgebra, RealArray } from '../linear-algebra.js';
import { bandWorkspace } from './band-reduction.js';
import { type Crew, sharedArray } from './crew.js';
import { scaleToOne, unscale } from './scale.js';
import { ascendingOrder } from './tridiagonal-eigen.js';
import type { Tridiagonal } from './tridiagonalize.js';

/** Diagonals that the first of two stages leaves: fewer make its products slower, more the second stage. 48 measured alike. */
const bandwidth = 32;
/** Our choice: two stages measured faster than one from 800 with one thread, from 1,000 to 1,400 with two on a busy machine. */
const twoStagesFrom = 1000;

type Eigensolvers = Pick<LinearAlgebra, 'symmetricEigenvalues' | 'symmetricEigen' | 'symmetricEigenRange'>;

/** @param crewFor the threads for so many floating-point operations */
export function portableEigensolvers(crewFor: (operations: number) => Crew): Eigensolvers {
  async function symmetricEigenvalues<T extends RealArray>(
    matrix: T,
    n: number,
    { triangle = 'lower', method = 'auto', tolerance }: EigenvalueOptions = {},
  ): Promise<T> {
    checkSymmetric(matrix, n, triangle);
    refuseMethodsOfLapack(method);
    checkTolerance(method, tolerance);
    const inTwoStages = method === 'two-stage' || (method === 'auto' && n >= twoStagesFrom);
    const a = lowerTriangle(matrix, n, triangle);
    const factor = scaleToOne(a);
    const tridiagonal = inTwoStages ? await reduceInTwoStages(a, n) : await reduce(a, n);
    const input = { diagonal: tridiagonal.diagonal.slice(), offDiagonal: tridiagonal.offDiagonal.slice(0, n - 1) };
    const [values] = await crewFor(10 * n * n).run('tridiagonalValues', input, 1);
    return toPrecisionOf(matrix, unscale('eigenvalues', values, factor));
  }

  async function symmetricEigen<T extends RealArray>(matrix: T, n: number): Promise<EigenPairs<T>> {
    checkSymmetric(matrix, n);
    return pairs(matrix, n, 0, n);
  }

  /** All pairs are computed: only their copying depends on the range. */
  async function pairs<T extends RealArray>(matrix: T, n: number, from: number, to: number): Promise<EigenPairs<T>> {
    const a = lowerTriangle(matrix, n, 'lower');
    const factor = scaleToOne(a);
    const reduced = await reduce(a, n);
    const crew = crewFor(6 * n ** 3);
    const rows = sharedArray(n * n);
    await crew.run('accumulateReflectors', { matrix: a, n, scales: reduced.scales, transform: rows });
    const [unsorted] = await crew.run('rotateToEigenvectors', {
      diagonal: reduced.diagonal,
      offDiagonal: reduced.offDiagonal.subarray(0, n - 1),
      rows,
    });
    const order = ascendingOrder(unsorted).subarray(from, to);
    const values = Float64Array.from(order, (i) => unsorted[i]);
    const vectors =
      matrix instanceof Float64Array ? new Float64Array(order.length * n) : new Float32Array(order.length * n);
    for (const [i, row] of order.entries()) vectors.set(rows.subarray(row * n, (row + 1) * n), i * n);
    return { values: toPrecisionOf(matrix, unscale('eigenvalues', values, factor)), vectors: vectors as T };
  }

  /** To tridiagonal form; the matrix then holds the reflectors, which eigenvectors need. */
  async function reduce(a: Float64Array, n: number): Promise<Tridiagonal> {
    const crew = crewFor((4 / 3) * n ** 3);
    const result: Tridiagonal = {
      diagonal: sharedArray(n),
      offDiagonal: sharedArray(n),
      scales: sharedArray(n),
      partial: sharedArray(2 * crew.threads * n),
    };
    await crew.run('tridiagonalize', { matrix: a, n, result });
    return result;
  }

  async function reduceInTwoStages(a: Float64Array, n: number) {
    const crew = crewFor((4 / 3) * n ** 3);
    const workspace = bandWorkspace(n, bandwidth, sharedArray);
    await crew.run('reduceToBand', { matrix: a, n, bandwidth, workspace });
    const [tridiagonal] = await crew.run('tridiagonalizeBand', { matrix: a, n, bandwidth }, 1);
    return tridiagonal;
  }

  return {
    symmetricEigenvalues,
    symmetricEigen,
    symmetricEigenRange: async (matrix, n, from, to) => {
      checkSymmetric(matrix, n);
      checkRange(n, from, to);
      return pairs(matrix, n, from, to);
    },
  };
}

/** They are here to be compared with, where there is LAPACK: no second implementation is worth its keep. */
function refuseMethodsOfLapack(method: EigenvalueMethod): void {
  if (method !== 'relatively-robust' && method !== 'bisection') return;
  throw new Error(
    `method '${method}' needs LAPACK, and this is the portable implementation: install a library ` +
      `(Debian: libopenblas0-pthread), or take 'auto', 'one-stage' or 'two-stage'`,
  );
}

/** A copy of one triangle, below the diagonal. */
function lowerTriangle(matrix: RealArray, n: number, triangle: 'upper' | 'lower'): Float64Array {
  const a = sharedArray(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) a[i * n + j] = triangle === 'lower' ? matrix[i * n + j] : matrix[j * n + i];
  }
  return a;
}

function toPrecisionOf<T extends RealArray>(like: T, values: Float64Array): T {
  return (like instanceof Float64Array ? values : Float32Array.from(values)) as T;
}
