import { checkRectangle, checkSymmetric, checkTall, checkTridiagonal } from '../check.js';
import type { LinearAlgebra } from '../linear-algebra.js';
import type { Crew } from './crew.js';
import { scaleToOne, unscale } from './scale.js';

type CrewFor = (operations: number) => Crew;

/** @param crewFor the threads for so many floating-point operations */
export function portableTridiagonalSolvers(
  crewFor: CrewFor,
): Pick<LinearAlgebra, 'tridiagonalEigen' | 'tridiagonalEigenvalues'> {
  return {
    tridiagonalEigen: async (diagonal, offDiagonal) => {
      checkTridiagonal(diagonal, offDiagonal);
      const input = { diagonal, offDiagonal };
      const [result] = await crewFor(40 * diagonal.length ** 2).run('tridiagonalFirstComponents', input, 1);
      return result;
    },
    tridiagonalEigenvalues: async (diagonal, offDiagonal) => {
      checkTridiagonal(diagonal, offDiagonal);
      const input = { diagonal, offDiagonal };
      const [values] = await crewFor(20 * diagonal.length ** 2).run('tridiagonalValues', input, 1);
      return values;
    },
  };
}

/** @param crewFor the threads for so many floating-point operations */
export function portableFactorizations(crewFor: CrewFor): Pick<LinearAlgebra, 'cholesky' | 'qr' | 'svd'> {
  return {
    cholesky: async (matrix, n) => {
      checkSymmetric(matrix, n);
      const [factor] = await crewFor(n ** 3 / 3).run('cholesky', { matrix: matrix.slice(0, n * n), n }, 1);
      return factor;
    },
    qr: async (matrix, m, n) => {
      checkTall(matrix, m, n);
      const a = matrix.slice(0, m * n);
      const factor = scaleToOne(a);
      const [{ q, r }] = await crewFor(4 * m * n * n).run('qr', { matrix: a, m, n }, 1);
      return { q, r: unscale('factor', r, factor) };
    },
    svd: async (matrix, m, n) => {
      checkRectangle(matrix, m, n);
      const a = matrix.slice(0, m * n);
      const factor = scaleToOne(a);
      const rank = Math.min(m, n);
      const [{ u, singularValues, vt }] = await crewFor(40 * m * n * rank).run('svd', { matrix: a, m, n }, 1);
      return { u, singularValues: unscale('singular values', singularValues, factor), vt };
    },
  };
}
