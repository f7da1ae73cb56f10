import type { LayerShape } from '@hessian-rmt/models';
import type { Assembly } from './assembly.js';

// Moving 0.8 GB takes as long as summing 64 samples, so all threads share it: in pieces, each by one asynchronous copy.

/** Entries below which a plain loop is done before a copy aside would start: about 10 us. */
const worthACall = 4096;
/** Most rows and columns of a piece (our choice): its rows lie on pages of their own, and a processor knows some 1,500. */
const pieceSide = 1024;

/** The matrix and who works on it, when all samples have been summed. */
type Summed = Pick<Assembly, 'matrix' | 'n' | 'linearAlgebra' | 'lanes' | 'mirrored'>;

/**
 * Fills what is left of the diagonal from what is right of it. Within a layer the block of units i <= k is symmetric
 * itself: of it only the upper triangle has been summed, and the block of (k, i) is a copy of it.
 */
export async function fillLowerTriangle(summed: Summed, shapes: readonly LayerShape[]): Promise<void> {
  const { n, lanes, mirrored } = summed;
  const start = (row: number, column: number) => row * n + column;
  for (const shape of shapes) {
    const { offset, rows, columns } = shape;
    for (let i = 0; i < rows && !mirrored.has(shape); i++) {
      const row = offset + i * columns;
      const lane = await lanes.next();
      lanes.start(lane, mirrorUnitPairs(summed, row, rows - i, columns));
    }
    const end = offset + rows * columns;
    for (const [top, bottom] of pieces(offset, end)) {
      for (const [left, right] of pieces(end, n)) {
        const lane = await lanes.next();
        const from = start(top, left);
        lanes.start(lane, copyBlock(summed, bottom - top, right - left, from, start(left, top), true));
      }
    }
  }
  await lanes.finished();
}

/**
 * Blocks of a unit, whose rows and columns start at `first`, with itself and the units after it. Where they are small,
 * those of (k, i) are not copied one by one, but transposed in one piece.
 */
async function mirrorUnitPairs(summed: Summed, first: number, units: number, columns: number): Promise<void> {
  const { n } = summed;
  const small = columns * columns < worthACall;
  const corner = first * n + first;
  for (let k = 0; k < units; k++) {
    if (small) mirrorTriangle(summed, corner + k * columns, columns);
    else await mirrorUnitPair(summed, first, first + k * columns, columns);
  }
  if (small) await copyBlock(summed, columns, (units - 1) * columns, corner + columns, corner + columns * n, true);
}

/** The block of two units of a layer, whose rows start at these of the matrix, and its copy beyond the diagonal. */
export async function mirrorUnitPair(summed: Summed, i: number, k: number, columns: number): Promise<void> {
  const { n } = summed;
  await mirrorBlock(summed, i * n + k, columns);
  if (k > i) await copyBlock(summed, columns, columns, i * n + k, k * n + i, false);
}

/** Upper triangle of the size x size block at this entry onto its lower one, by halves. */
async function mirrorBlock(summed: Summed, from: number, size: number): Promise<void> {
  const { n } = summed;
  const half = size >> 1;
  if (half * half < worthACall) return mirrorTriangle(summed, from, size);
  await copyBlock(summed, half, size - half, from + half, from + half * n, true);
  await mirrorBlock(summed, from, half);
  await mirrorBlock(summed, from + half * n + half, size - half);
}

function mirrorTriangle({ matrix, n }: Summed, from: number, size: number): void {
  for (let j = 1; j < size; j++) for (let i = 0; i < j; i++) matrix[from + j * n + i] = matrix[from + i * n + j];
}

/** Copies the rows x columns block at entry `from` to entry `to`, where a transposed one is columns x rows. */
async function copyBlock(
  { matrix, n, linearAlgebra }: Summed,
  rows: number,
  columns: number,
  from: number,
  to: number,
  transpose: boolean,
): Promise<void> {
  if (rows * columns >= worthACall) {
    const [a, b] = [matrix.subarray(from), matrix.subarray(to)];
    const size = transpose ? { m: columns, n: rows } : { m: rows, n: columns };
    await linearAlgebra.copyAsync({ ...size, transpose, a, lda: n, b, ldb: n });
    return;
  }
  const [rowStep, columnStep] = transpose ? [1, n] : [n, 1];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) matrix[to + i * rowStep + j * columnStep] = matrix[from + i * n + j];
  }
}

/** Cuts first .. end - 1 into about equally long pieces. */
function pieces(first: number, end: number): [number, number][] {
  const count = Math.ceil((end - first) / pieceSide);
  const cut = (piece: number) => first + Math.round((piece * (end - first)) / count);
  return Array.from({ length: count }, (_, piece) => [cut(piece), cut(piece + 1)]);
}
