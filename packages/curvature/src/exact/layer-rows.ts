import type { DenseBatch, LayerShape } from '@hessian-rmt/models';
import { type Assembly, clear, type LayerInputs } from './assembly.js';
import { addInputPairs, unitPairCount, unitPairStart } from './input-pairs.js';
import { addNeighbourTerm } from './neighbour-term.js';
import { addRowBlock } from './row-block.js';
import { addUnitPairs } from './unit-pairs.js';
import type { UnitTangents } from './unit-tangents.js';

/**
 * How the block of layers l <= m is summed. Two of the three factors, S[i, k], a[j] and b[q], have to be multiplied
 * sample by sample in plain loops before BLAS can sum over samples with the third; the route is the one with fewest such
 * products.
 */
export type Route = 'input-pairs' | 'unit-pairs' | 'row-blocks';

export function routeOf(shapes: readonly LayerShape[], l: number, m: number, withCrossTerm: boolean): Route {
  const { rows, columns } = shapes[l];
  // c (c + 1) / 2 products of inputs, or c weighted inputs for each of h (h + 1) / 2 pairs of units.
  if (l === m) return columns + 1 <= rows * (rows + 1) ? 'input-pairs' : 'unit-pairs';
  // Beyond the next layer R{a} is no longer a single column, and comes along in the row blocks at no further cost.
  if (withCrossTerm && m > l + 1) return 'row-blocks';
  return columns < shapes[m].columns ? 'input-pairs' : 'row-blocks';
}

/**
 * Adds the loaded chunk's share of the rows of layer l, right of the diagonal; the first chunk's is put there. The sums are complete when the lanes have
 * finished; until then the batch must stay as it is.
 *
 * @param withCrossTerm  whether to add delta R{a}: not for the Gauss-Newton part
 */
export async function addLayerRows(
  assembly: Assembly,
  batch: DenseBatch,
  tangents: UnitTangents,
  l: number,
  withCrossTerm: boolean,
): Promise<void> {
  const { scratch } = assembly;
  const { shapes, count, deltas } = batch;
  const layer = (m: number): LayerInputs => ({ shape: shapes[m], inputs: batch.activations[m] });
  const lower = layer(l);
  const { rows, columns, offset } = lower.shape;
  const later = shapes.map((_, m) => m).filter((m) => m > l);
  // Where products of inputs are formed, S of all pairs of units is kept for one product at the end.
  const kept = shapes.map((shape, m) =>
    m >= l && tangents.curved(m) && routeOf(shapes, l, m, withCrossTerm) === 'input-pairs'
      ? scratch.take(`pairs of units ${l} ${m}`, count * unitPairCount(lower.shape, shape))
      : undefined,
  );

  for (let i = 0; i < rows; i++) {
    const row = offset + i * columns;
    tangents.along(l, i);
    if (tangents.curved(l)) {
      const pairs = kept[l];
      if (pairs) {
        const start = unitPairStart(lower.shape, lower.shape, i);
        tangents.withinLayer(l, i, pairs.subarray(start), unitPairCount(lower.shape, lower.shape));
      } else {
        const curvature = scratch.take('curvature of unit', count * (rows - i));
        tangents.withinLayer(l, i, curvature, rows - i);
        await addUnitPairs(assembly, lower, i, curvature, count);
      }
    } else clear(assembly, row, row, columns, (rows - i) * columns);
    for (const m of later) {
      const curvature = tangents.curved(m) ? tangents.deltas[m] : undefined;
      const pairs = kept[m];
      if (pairs) keep(curvature!, shapes[m].rows, pairs, i, rows);
      else if (curvature || (withCrossTerm && m > l + 1)) {
        await addRowBlock(assembly, lower, layer(m), i, {
          count,
          slopes: tangents.slopes[l],
          curvature,
          delta: withCrossTerm ? deltas[m] : undefined,
          response: withCrossTerm && m > l + 1 ? tangents.activations[m - 1] : undefined,
        });
      } else clear(assembly, row, shapes[m].offset, columns, shapes[m].rows * shapes[m].columns);
    }
    assembly.finished(columns * (assembly.n - row));
  }

  for (let m = l; m < shapes.length; m++) {
    const pairs = kept[m];
    if (pairs) await addInputPairs(assembly, lower, m === l ? lower : layer(m), pairs, count);
  }
  // Row blocks take the neighbour's term along, if there are any.
  if (withCrossTerm && l + 1 < shapes.length && (kept[l + 1] || !tangents.curved(l + 1))) {
    await addNeighbourTerm(assembly, lower, layer(l + 1), tangents.slopes[l], deltas[l + 1], count);
  }
}

/** pairs[n][i][k] := curvature[n][k] */
function keep(curvature: Float64Array, width: number, pairs: Float64Array, i: number, units: number): void {
  const count = curvature.length / width;
  for (let n = 0; n < count; n++) {
    const to = (n * units + i) * width;
    for (let k = 0; k < width; k++) pairs[to + k] = curvature[n * width + k];
  }
}
