import type { LayerShape } from '@hessian-rmt/models';
import type { Assembly, LayerInputs } from './assembly.js';
import { copyScaled } from './rows.js';

/** Columns of one product. */
const productColumns = 1024;

const unitsAtOnce = (lower: LayerShape, upper: LayerShape) =>
  Math.min(lower.rows, Math.ceil(productColumns / upper.rows));

/** Entries of the buffers taken here in each lane, per sample of the chunk and beyond. */
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
  const { linearAlgebra, scratch, lanes } = assembly;
  const { rows: units, columns: width } = lower.shape;
  const { rows } = upper.shape;
  const atOnce = unitsAtOnce(lower.shape, upper.shape);
  for (let first = 0; first < units; first += atOnce) {
    const some = Math.min(atOnce, units - first);
    const lane = await lanes.next();
    const factor = scratch.take(`neighbour factor ${lane}`, count * some * rows);
    for (let n = 0, to = 0; n < count; n++) {
      for (let i = first; i < first + some; i++, to += rows) {
        copyScaled(slopes[n * units + i], delta, n * rows, factor, to, rows);
      }
    }
    const sums = scratch.take(`neighbour sums ${lane}`, width * some * rows);
    const product = linearAlgebra.gemmAsync({
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
    lanes.start(lane, product, () => putInPlace(assembly, lower.shape, upper.shape, first, some, sums));
  }
}

/** Sums stand at [j][i][k]. */
function putInPlace(
  { matrix, n }: Assembly,
  lower: LayerShape,
  upper: LayerShape,
  first: number,
  some: number,
  sums: Float64Array,
): void {
  for (let i = first; i < first + some; i++) {
    for (let j = 0; j < lower.columns; j++) {
      const to = (lower.offset + i * lower.columns + j) * n + upper.offset + i;
      const read = (j * some + i - first) * upper.rows;
      for (let k = 0; k < upper.rows; k++) matrix[to + k * upper.columns] += sums[read + k];
    }
  }
}
