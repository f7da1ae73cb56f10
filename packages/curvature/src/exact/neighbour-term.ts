import type { LayerShape } from '@hessian-rmt/models';
import type { Assembly, LayerInputs } from './assembly.js';
import { copyScaled } from './rows.js';

/** Columns of one product. */
const productColumns = 1024;

const unitsAtOnce = (lower: LayerShape, upper: LayerShape) =>
  Math.min(lower.rows, Math.ceil(productColumns / upper.rows));

/** Entries of the buffers taken here, per sample of the chunk and beyond. */
export function neighbourBuffers(lower: LayerShape, upper: LayerShape): { perSample: number; fixed: number } {
  const columns = unitsAtOnce(lower, upper) * upper.rows;
  return { perSample: columns, fixed: columns * lower.columns };
}

/**
 * The term delta R{a} alone, between a layer and the next, where R{a} along unit i is f'(z[i]) in column i:
 *
 *     H[(i, j), (k, i)] += sum_n a_n[j] delta_n[k] f'_n[i],
 *
 * for several units i at a time.
 *
 * @param slopes  f', samples x units of the lower layer
 * @param delta  samples x units of the upper layer
 */
export async function addNeighbourTerm(
  assembly: Assembly,
  lower: LayerInputs,
  upper: LayerInputs,
  slopes: Float64Array,
  delta: Float64Array,
  count: number,
): Promise<void> {
  const { matrix, n: stride, linearAlgebra, scratch } = assembly;
  const { rows: units, columns: width, offset } = lower.shape;
  const { rows, columns } = upper.shape;
  const atOnce = unitsAtOnce(lower.shape, upper.shape);
  for (let first = 0; first < units; first += atOnce) {
    const some = Math.min(atOnce, units - first);
    const factor = scratch.take('neighbour factor', count * some * rows);
    for (let n = 0, to = 0; n < count; n++) {
      for (let i = first; i < first + some; i++, to += rows) {
        copyScaled(slopes[n * units + i], delta, n * rows, factor, to, rows);
      }
    }
    const sums = scratch.take('neighbour sums', width * some * rows);
    await linearAlgebra.gemmAsync({
      transposeA: true,
      m: width,
      n: some * rows,
      k: count,
      a: lower.inputs,
      lda: width,
      b: factor,
      ldb: some * rows,
      c: sums,
      ldc: some * rows,
    });
    for (let i = first; i < first + some; i++) {
      for (let j = 0; j < width; j++) {
        const to = (offset + i * width + j) * stride + upper.shape.offset + i;
        const read = (j * some + i - first) * rows;
        for (let k = 0; k < rows; k++) matrix[to + k * columns] += sums[read + k];
      }
    }
  }
}
