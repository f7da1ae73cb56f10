import { type AcrossOptions, type AcrossUnits, acrossUnits } from './across-units.js';
import type { LayerSamples, Outputs } from './layer-samples.js';
import type { RowSpan } from './row-span.js';
import {
  deltaSpans,
  inputSpans,
  throughOutputs,
  type UnitRange,
  withoutColumns,
  withUnitVectors,
} from './unit-ranges.js';

/** An orthonormal basis of what the Hessian can reach in a layer: first unit after unit, then vectors across units. */
export interface LayerRange {
  readonly samples: Pick<LayerSamples, 'units' | 'columns'>;
  /** Of each of `samples.units`. */
  readonly units: readonly UnitRange[];
  readonly across: AcrossUnits;
  /** A_k of each unit. */
  readonly inputs: readonly UnitRange[];
  readonly size: number;
}

export interface RangeOptions extends AcrossOptions {
  /** Whether derivatives of the network's second order count: not in the Gauss-Newton part. */
  readonly withDeltas: boolean;
  /** For the last hidden layer of a network whose activation has no curvature. */
  readonly outputs?: Outputs | undefined;
}

/**
 * The columns of the Hessian, restricted to the weights (k, q) of layer m, are sums over samples n of
 *
 *     S_n[i, k] a~_n[q]             zero unless unit k has a slope on n: row k lies in A_k = span of the a~_n with one;
 *     delta_n[k] da_n[q] / dz[i]    zero unless input q moves on n: column q lies in D_q = span of the delta_n with q moving
 *
 * so all lie in (+)_k e_k x A_k + (+)_q D_q x e_q. The second kind comes from the layers below m, and is not there in the
 * Gauss-Newton part.
 *
 * Where the last hidden layer's activation has no curvature, less is reached than A_k: the Gauss-Newton part lies in the
 * span of the gradients of the outputs, N times the number of contrasts, and the rest of what comes from above are the
 * vectors sum_n a~_n delta_M,n[c] over the samples with k active, one for each contrast c between the outputs.
 *
 * Ranks are those of the a~_n, delta_n and gradients, each scaled to norm 1, never those of sums weighted by the loss:
 * a level is not left out for being small.
 */
export async function layerRange(samples: LayerSamples, options: RangeOptions): Promise<LayerRange> {
  const { linearAlgebra, withDeltas, outputs } = options;
  const width = samples.columns.length;
  const inputs = await inputSpans(samples, linearAlgebra);
  // Whole data sets have more gradients than weights.
  const fewGradients = outputs && samples.count * outputs.contrasts < samples.units.length * width;
  const gradients = fewGradients && withDeltas ? outputs : undefined;
  const reached = (spans: readonly RowSpan[], of: LayerSamples): Promise<readonly UnitRange[]> =>
    gradients ? throughOutputs(spans, of, gradients, linearAlgebra) : Promise.resolve(spans);
  let units = await reached(inputs, samples);
  const incomplete = units.flatMap(({ rank }, k) => (rank < width ? [k] : []));
  let across: AcrossUnits | undefined;
  if (withDeltas && incomplete.length > 0) {
    const spans = await deltaSpans(samples, incomplete, linearAlgebra);
    const everyUnit = spans.flatMap(({ rank }, q) => (rank === incomplete.length ? [q] : []));
    if (everyUnit.length > 0) {
      // Ranks are those of the other columns of the inputs: a basis of A_k has lost the digits of small singular values.
      const others = withoutColumns(samples, everyUnit);
      const left = await reached(await inputSpans(others, linearAlgebra), others);
      units = withUnitVectors(left, everyUnit, width);
    }
    const found = await acrossUnits(samples, units, { incomplete, spans, gradients }, options);
    if (found === 'everything') units = units.map(() => ({ rank: width }));
    else across = found;
  }
  units = units.map((unit) => (unit.rank === width ? { rank: width } : unit));
  across ??= { units: [], rank: 0, basis: new Float64Array(0) };
  const size = units.reduce((sum, { rank }) => sum + rank, across.rank);
  return { samples: { units: samples.units, columns: samples.columns }, units, across, inputs, size };
}
