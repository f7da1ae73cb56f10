import { type BandWorkspace, reduceToBand } from './band-reduction.js';
import { tridiagonalizeBand } from './band-tridiagonalize.js';
import { cholesky, qr } from './factorizations.js';
import { svd } from './jacobi-svd.js';
import { type Multiplication, multiply } from './multiply.js';
import type { Member } from './team.js';
import { implicitQL, type Rows, tridiagonalFirstComponents } from './tridiagonal-eigen.js';
import { tridiagonalValues } from './tridiagonal-values.js';
import { accumulateReflectors, type Tridiagonal, tridiagonalize } from './tridiagonalize.js';

interface TridiagonalMatrix {
  readonly diagonal: Float64Array;
  /** One element less. */
  readonly offDiagonal: Float64Array;
}

interface BandMatrix {
  readonly matrix: Float64Array;
  readonly n: number;
  readonly bandwidth: number;
}

/**
 * What a crew can be told to do: each thread of it runs the function as one member of a team. Arrays that are written
 * must lie in shared memory; other arrays are copied to every thread.
 */
export const tasks = {
  multiply: (product: Multiplication, team: Member) => multiply(product, team.part, team.parts),

  tridiagonalize: (input: { matrix: Float64Array; n: number; result: Tridiagonal }, team: Member) =>
    tridiagonalize(input.matrix, input.n, input.result, team),

  reduceToBand: (input: BandMatrix & { workspace: BandWorkspace }, team: Member) =>
    reduceToBand(input.matrix, input.n, input.bandwidth, input.workspace, team),
  tridiagonalizeBand: (input: BandMatrix) => tridiagonalizeBand(input.matrix, input.n, input.bandwidth),

  accumulateReflectors: (
    input: { matrix: Float64Array; n: number; scales: Float64Array; transform: Float64Array },
    team: Member,
  ) => accumulateReflectors(input.matrix, input.n, input.scales, input.transform, team),

  /** Each member rotates its share of the columns of the n x n rows. */
  rotateToEigenvectors: (input: TridiagonalMatrix & { rows: Float64Array }, { part, parts }: Member) => {
    const n = input.diagonal.length;
    const share: Rows = {
      data: input.rows,
      stride: n,
      from: Math.floor((part * n) / parts),
      to: Math.floor(((part + 1) * n) / parts),
    };
    return implicitQL(input.diagonal, input.offDiagonal, share);
  },

  tridiagonalValues: (input: TridiagonalMatrix) => tridiagonalValues(input.diagonal, input.offDiagonal),
  tridiagonalFirstComponents: (input: TridiagonalMatrix) =>
    tridiagonalFirstComponents(input.diagonal, input.offDiagonal),

  cholesky: ({ matrix, n }: { matrix: Float64Array; n: number }) => {
    cholesky(matrix, n);
    return matrix;
  },
  qr: (input: { matrix: Float64Array; m: number; n: number }) => qr(input.matrix, input.m, input.n),
  svd: (input: { matrix: Float64Array; m: number; n: number }) => svd(input.matrix, input.m, input.n),
};

export type TaskName = keyof typeof tasks;
export type TaskInput<Name extends TaskName> = Parameters<(typeof tasks)[Name]>[0];
export type TaskResult<Name extends TaskName> = ReturnType<(typeof tasks)[Name]>;

/** The task with its types forgotten, for those who carry messages. */
export function runTask(name: TaskName, input: unknown, team: Member): unknown {
  return (tasks[name] as (input: unknown, team: Member) => unknown)(input, team);
}
