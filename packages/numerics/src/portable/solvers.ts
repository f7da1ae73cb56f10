import { checkRectangle, checkSquare, checkTall, checkTridiagonal } from '../check.js';
import type { LinearAlgebra } from '../linear-algebra.js';
import type { Crew } from './crew.js';
import { scaleToOne } from './scale.js';

type CrewFor = (operations: number) => Crew;

/** @param crewFor the threads for so many floating-point operations */
export function portableTridiagonalSolvers(
  crewFor: CrewFor,
): Pick<LinearAlgebra, 'tridiagonalEigen' | 'tridiagonalEigenvalues'> {
  return {
    tridiagonalEigen: async (diagonal, offDiagonal) => {
      checkTridiagonal(diagonal, offDiagonal);
      const input = { diagonal: finite(diagonal), offDiagonal: finite(offDiagonal) };
      const [result] = await crewFor(40 * diagonal.length ** 2).run('tridiagonalFirstComponents', input, 1);
      return result;
    },
    tridiagonalEigenvalues: async (diagonal, offDiagonal) => {
      checkTridiagonal(diagonal, offDiagonal);
      const input = { diagonal: finite(diagonal), offDiagonal: finite(offDiagonal) };
      const [values] = await crewFor(20 * diagonal.length ** 2).run('tridiagonalValues', input, 1);
      return values;
    },
  };
}

/** @param crewFor the threads for so many floating-point operations */
export function portableFactorizations(crewFor: CrewFor): Pick<LinearAlgebra, 'cholesky' | 'qr' | 'svd'> {
  return {
    cholesky: async (matrix, n) => {
      checkSquare(matrix, n);
      const [factor] = await crewFor(n ** 3 / 3).run('cholesky', { matrix: matrix.slice(0, n * n), n }, 1);
      return factor;
    },
    qr: async (matrix, m, n) => {
      checkTall(matrix, m, n);
      const a = finite(matrix.subarray(0, m * n)).slice();
      const factor = scaleToOne(a);
      const [{ q, r }] = await crewFor(4 * m * n * n).run('qr', { matrix: a, m, n }, 1);
      return { q, r: unscale(r, factor) };
    },
    svd: async (matrix, m, n) => {
      checkRectangle(matrix, m, n);
      const a = finite(matrix.subarray(0, m * n)).slice();
      const factor = scaleToOne(a);
      const rank = Math.min(m, n);
      const [{ u, singularValues, vt }] = await crewFor(40 * m * n * rank).run('svd', { matrix: a, m, n }, 1);
      return { u, singularValues: unscale(singularValues, factor), vt };
    },
  };
}

/** @throws Error if an element is NaN or infinite: iterations would not end */
function finite(values: Float64Array): Float64Array {
  if (!values.every(Number.isFinite)) throw new Error('the matrix holds NaN or an infinity');
  return values;
}

function unscale(values: Float64Array, factor: number): Float64Array {
  for (let i = 0; i < values.length; i++) values[i] /= factor;
  return values;
}
