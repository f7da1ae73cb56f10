import { checkRange, checkSymmetric } from '../check.js';
import type { EigenPairs, EigenvalueOptions, LinearAlgebra, RealArray } from '../linear-algebra.js';
import { type Crew, sharedArray } from './crew.js';
import { scaleToOne, unscale } from './scale.js';
import { ascendingOrder } from './tridiagonal-eigen.js';
import type { Tridiagonal } from './tridiagonalize.js';

type Eigensolvers = Pick<LinearAlgebra, 'symmetricEigenvalues' | 'symmetricEigen' | 'symmetricEigenRange'>;

/** @param crewFor the threads for so many floating-point operations */
export function portableEigensolvers(crewFor: (operations: number) => Crew): Eigensolvers {
  async function symmetricEigenvalues<T extends RealArray>(
    matrix: T,
    n: number,
    { triangle = 'lower' }: EigenvalueOptions = {},
  ): Promise<T> {
    checkSymmetric(matrix, n, triangle);
    const { reduced, factor } = await reduce(matrix, n, triangle);
    const input = { diagonal: reduced.diagonal.slice(), offDiagonal: reduced.offDiagonal.slice(0, n - 1) };
    const [values] = await crewFor(10 * n * n).run('tridiagonalValues', input, 1);
    return toPrecisionOf(matrix, unscale('eigenvalues', values, factor));
  }

  async function symmetricEigen<T extends RealArray>(matrix: T, n: number): Promise<EigenPairs<T>> {
    checkSymmetric(matrix, n);
    return pairs(matrix, n, 0, n);
  }

  /** All pairs are computed: only their copying depends on the range. */
  async function pairs<T extends RealArray>(matrix: T, n: number, from: number, to: number): Promise<EigenPairs<T>> {
    const { a, reduced, factor } = await reduce(matrix, n, 'lower');
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

  /** The matrix times a power of two, reduced to tridiagonal form; `a` then holds the reflectors. */
  async function reduce(matrix: RealArray, n: number, triangle: 'upper' | 'lower') {
    const a = lowerTriangle(matrix, n, triangle);
    const factor = scaleToOne(a);
    const crew = crewFor((4 / 3) * n ** 3);
    const reduced: Tridiagonal = {
      diagonal: sharedArray(n),
      offDiagonal: sharedArray(n),
      scales: sharedArray(n),
      partial: sharedArray(2 * crew.threads * n),
    };
    await crew.run('tridiagonalize', { matrix: a, n, result: reduced });
    return { a, reduced, factor };
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
