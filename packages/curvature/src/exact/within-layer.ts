import type { LayerShape } from '@hessian-rmt/models';
import { type Assembly, from } from './assembly.js';
import { addScaled, copyScaled } from './rows.js';

/**
 * The block of a layer with itself,
 *
 *     H[(i, j), (k, q)] += sum_n S_n[i, k] a_n[j] a_n[q],
 *
 * is symmetric in (i, k) and, for each pair, in (j, q): a quarter of its entries is summed, those with i <= k, j <= q.
 *
 * One factor has to be formed sample by sample in plain loops before BLAS can sum: weighted inputs for each pair of
 * units, or products of each pair of inputs. The choice is the one with fewer entries.
 *
 * @param curvature  S laid out [i][n][k]
 * @param inputs  a, samples x columns
 */
export async function addWithinLayer(
  assembly: Assembly,
  shape: LayerShape,
  curvature: Float64Array,
  inputs: Float64Array,
  count: number,
): Promise<void> {
  if (fewerInputPairs(shape)) await addByInputPairs(assembly, shape, curvature, inputs, count);
  else await addByUnitPairs(assembly, shape, curvature, inputs, count);
}

/** Whether products of inputs, c (c + 1) / 2, are fewer than weighted inputs, c for each of h (h + 1) / 2 pairs of units. */
const fewerInputPairs = ({ rows, columns }: LayerShape) => columns + 1 <= rows * (rows + 1);

/** Entries of the buffers taken here, per sample of the chunk and beyond. */
export function withinLayerBuffers(shape: LayerShape): { readonly perSample: number; readonly fixed: number } {
  const { rows, columns } = shape;
  if (!fewerInputPairs(shape)) return { perSample: columns, fixed: 0 };
  const unitPairs = (rows * (rows + 1)) / 2;
  const inputPairs = Math.min((columns * (columns + 1)) / 2, Math.max(columns, Math.floor(pieceEntries / unitPairs)));
  return { perSample: unitPairs + inputPairs, fixed: unitPairs * inputPairs };
}

/**
 * For each pair of units a symmetric product A^T diag(s) A, at half the price of a general one: samples with s > 0 and
 * with s < 0 are gathered apart, weighted by sqrt |s|, and each group is a symmetric rank-k update. Samples with s = 0,
 * as half of them and more with ReLU, cost nothing.
 */
async function addByUnitPairs(
  assembly: Assembly,
  { offset, rows, columns }: LayerShape,
  curvature: Float64Array,
  inputs: Float64Array,
  count: number,
): Promise<void> {
  const { n: stride, linearAlgebra, scratch } = assembly;
  const gathered = scratch.take('weighted inputs', count * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = i; k < rows; k++) {
      let positive = 0;
      let negative = count;
      for (let n = 0; n < count; n++) {
        const s = curvature[(i * count + n) * rows + k];
        if (s === 0) continue;
        const to = s < 0 ? --negative : positive++;
        copyScaled(Math.sqrt(Math.abs(s)), inputs, n * columns, gathered, to * columns, columns);
      }
      const update = {
        triangle: 'upper',
        transpose: true,
        n: columns,
        lda: columns,
        beta: 1,
        c: from(assembly, offset + i * columns, offset + k * columns),
        ldc: stride,
      } as const;
      if (positive > 0) await linearAlgebra.syrkAsync({ ...update, k: positive, a: gathered });
      if (negative < count) {
        const a = gathered.subarray(negative * columns);
        await linearAlgebra.syrkAsync({ ...update, k: count - negative, alpha: -1, a });
      }
      assembly.finished(i === k ? (columns * (columns + 1)) / 2 : columns * columns);
    }
  }
}

/** Entries of a piece of the summed products of pairs: 32 MB. */
const pieceEntries = 4 * 2 ** 20;

/** One general product between S of all pairs of units and the products of all pairs of inputs. */
async function addByInputPairs(
  assembly: Assembly,
  { offset, rows, columns }: LayerShape,
  curvature: Float64Array,
  inputs: Float64Array,
  count: number,
): Promise<void> {
  const { linearAlgebra, scratch } = assembly;
  const unitPairs = (rows * (rows + 1)) / 2;
  const ofUnits = scratch.take('pairs of units', count * unitPairs);
  for (let i = 0, pair = 0; i < rows; pair += rows - i, i++) {
    for (let n = 0; n < count; n++) {
      copyScaled(1, curvature, (i * count + n) * rows + i, ofUnits, n * unitPairs + pair, rows - i);
    }
  }
  for (let first = 0, end: number; first < columns; first = end) {
    // The pairs (j, q >= j) of as many j as keep the piece small.
    let inputPairs = columns - first;
    for (end = first + 1; end < columns && (inputPairs + columns - end) * unitPairs <= pieceEntries; end++) {
      inputPairs += columns - end;
    }
    const ofInputs = scratch.take('pairs of inputs', count * inputPairs);
    for (let n = 0, to = 0; n < count; n++) {
      for (let j = first; j < end; to += columns - j, j++) {
        copyScaled(inputs[n * columns + j], inputs, n * columns + j, ofInputs, to, columns - j);
      }
    }
    const sums = scratch.take('sums of pairs', unitPairs * inputPairs);
    await linearAlgebra.gemmAsync({
      transposeA: true,
      m: unitPairs,
      n: inputPairs,
      k: count,
      a: ofUnits,
      lda: unitPairs,
      b: ofInputs,
      ldb: inputPairs,
      c: sums,
      ldc: inputPairs,
    });
    for (let i = 0, read = 0; i < rows; i++) {
      for (let k = i; k < rows; k++) {
        for (let j = first; j < end; read += columns - j, j++) {
          const to = (offset + i * columns + j) * assembly.n + offset + k * columns + j;
          addScaled(1, sums, read, assembly.matrix, to, columns - j);
        }
      }
    }
  }
  assembly.finished((rows * columns * (rows * columns + 1)) / 2);
}
