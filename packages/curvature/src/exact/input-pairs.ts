import type { LayerShape } from '@hessian-rmt/models';
import type { Assembly, LayerInputs } from './assembly.js';
import { addScaled, copyScaled } from './rows.js';

// Where few inputs meet many units, products of the inputs are formed instead of weighted inputs, once for all units:
//
//     H[(i, j), (k, q)] += sum_n S_n[i, k] (a_n[j] b_n[q])
//
// is one product of all pairs of units with all pairs of inputs, whose sums are then put in place. Within a layer both
// kinds of pairs are symmetric, and i <= k, j <= q are enough.

/** Pairs (i, k) of units of two layers, in the order of `curvature`: all, or within a layer those with i <= k. */
export function unitPairCount(lower: LayerShape, upper: LayerShape): number {
  return lower === upper ? (lower.rows * (lower.rows + 1)) / 2 : lower.rows * upper.rows;
}

/** Position of (i, first k) among the pairs. */
export function unitPairStart(lower: LayerShape, upper: LayerShape, i: number): number {
  return lower === upper ? i * lower.rows - (i * (i - 1)) / 2 : i * upper.rows;
}

/** Pairs (j, q) that input j of the lower layer takes part in. */
const partners = (lower: LayerShape, upper: LayerShape, j: number) =>
  lower === upper ? upper.columns - j : upper.columns;

/** Entries of a piece of the sums: 32 MB. */
const pieceEntries = 4 * 2 ** 20;

/** The last input, exclusive, of the piece that starts at `first`, and the number of its pairs. */
function pieceFrom(lower: LayerShape, upper: LayerShape, first: number): { end: number; pairs: number } {
  const most = pieceEntries / unitPairCount(lower, upper);
  let end = first + 1;
  let pairs = partners(lower, upper, first);
  while (end < lower.columns && pairs + partners(lower, upper, end) <= most) pairs += partners(lower, upper, end++);
  return { end, pairs };
}

/** Entries of the buffers taken here in each lane, per sample of the chunk and beyond. */
export function inputPairBuffers(lower: LayerShape, upper: LayerShape): { perSample: number; fixed: number } {
  const units = unitPairCount(lower, upper);
  const { pairs } = pieceFrom(lower, upper, 0);
  return { perSample: pairs, fixed: units * pairs };
}

/** @param curvature  S, samples x pairs of units: to be left alone until the lanes have finished */
export async function addInputPairs(
  assembly: Assembly,
  lower: LayerInputs,
  upper: LayerInputs,
  curvature: Float64Array,
  count: number,
): Promise<void> {
  const { linearAlgebra, scratch, lanes } = assembly;
  const units = unitPairCount(lower.shape, upper.shape);
  for (let first = 0, next: number; first < lower.shape.columns; first = next) {
    const { end, pairs } = pieceFrom(lower.shape, upper.shape, first);
    next = end;
    const lane = await lanes.next();
    const products = scratch.take(`pairs of inputs ${lane}`, count * pairs);
    for (let n = 0, to = 0; n < count; n++) {
      for (let j = first; j < end; j++) {
        const length = partners(lower.shape, upper.shape, j);
        const start = (n + 1) * upper.shape.columns - length;
        copyScaled(lower.inputs[n * lower.shape.columns + j], upper.inputs, start, products, to, length);
        to += length;
      }
    }
    const sums = scratch.take(`sums of pairs ${lane}`, units * pairs);
    const product = linearAlgebra.gemmAsync({
      transposeA: true,
      m: units,
      n: pairs,
      k: count,
      a: curvature,
      lda: units,
      b: products,
      ldb: pairs,
      c: sums,
      ldc: pairs,
    });
    lanes.start(lane, product, () => putInPlace(assembly, lower.shape, upper.shape, first, end, sums));
  }
}

function putInPlace(
  { matrix, n, beta }: Assembly,
  lower: LayerShape,
  upper: LayerShape,
  first: number,
  end: number,
  sums: Float64Array,
): void {
  const put = beta === 0 ? copyScaled : addScaled;
  let read = 0;
  for (let i = 0; i < lower.rows; i++) {
    for (let k = lower === upper ? i : 0; k < upper.rows; k++) {
      for (let j = first; j < end; j++) {
        const length = partners(lower, upper, j);
        const row = lower.offset + i * lower.columns + j;
        const column = upper.offset + (k + 1) * upper.columns - length;
        put(1, sums, read, matrix, row * n + column, length);
        read += length;
      }
    }
  }
}
