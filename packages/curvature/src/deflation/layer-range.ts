import type { LinearAlgebra } from '@hessian-rmt/numerics';
import type { LayerSamples } from './layer-samples.js';
import { type RowSpan, rowSpan } from './row-span.js';

/** Orthonormal vectors among the weights of one unit: all of them, or the rank rows of `basis`. */
export type UnitRange = Pick<RowSpan, 'rank'> & { readonly basis?: Float64Array };

/** An orthonormal basis of what the Hessian can reach in a layer: first unit after unit, then vectors across units. */
export interface LayerRange {
  readonly samples: Pick<LayerSamples, 'units' | 'columns'>;
  /** Of each of `samples.units`. */
  readonly units: readonly UnitRange[];
  /** Vectors that reach several units. */
  readonly across: AcrossUnits;
  readonly size: number;
}

export interface AcrossUnits {
  /** Positions in `samples.units`. */
  readonly units: readonly number[];
  readonly rank: number;
  /** rank x (units x columns), orthonormal rows. */
  readonly basis: Float64Array;
}

/** Most vectors across units that are made orthonormal (our choice: seconds); where there are more, all are kept. */
const mostAcross = 1500;

/**
 * The columns of the Hessian, restricted to the weights (k, q) of layer m, are sums over samples n of
 *
 *     S_n[i, k] a~_n[q]           zero unless unit k has a slope on n: row k lies in A_k = span of the a~_n with one;
 *     delta_n[k] da_n[q]/dz[i]    zero unless input q moves on n: column q lies in D_q = span of the delta_n with q moving.
 *
 * So all lie in (+)_k e_k x A_k + (+)_q D_q x e_q. The second kind has layers below the first, and is not there in the
 * Gauss-Newton part. Ranks are those of the a~_n and the delta_n, each scaled to norm 1; nothing that is in doubt is left out.
 */
export async function layerRange(
  samples: LayerSamples,
  linearAlgebra: LinearAlgebra,
  withDeltas: boolean,
): Promise<LayerRange> {
  const width = samples.columns.length;
  const ofInputs = await inputSpans(samples, linearAlgebra);
  const incomplete = () => positions(units, ({ rank }) => rank < width);
  let units: readonly UnitRange[] = ofInputs;
  let across: AcrossUnits = { units: [], rank: 0, basis: new Float64Array(0) };
  if (withDeltas && incomplete().length > 0) {
    const among = incomplete();
    const spans = await deltaSpans(samples, linearAlgebra, among);
    const whole = positions(spans, ({ rank }) => rank === among.length);
    units = await extended(ofInputs, whole, width, linearAlgebra);
    const rest = spans.map((span, q) => ({ ...span, q })).filter(({ rank }) => rank > 0 && rank < among.length);
    const vectors = rest.reduce((sum, { rank }) => sum + rank, 0);
    const missing = units.reduce((sum, { rank }) => sum + width - rank, 0);
    if (vectors > mostAcross && missing > 0) units = units.map(() => ({ rank: width }));
    else if (vectors > 0 && missing > 0) across = await acrossUnits(units, among, rest, width, linearAlgebra);
  }
  const size = units.reduce((sum, { rank }) => sum + rank, across.rank);
  return { samples, units: units.map((unit) => (unit.rank === width ? { rank: width } : unit)), across, size };
}

/** A_k for each unit. */
async function inputSpans(
  { count, units, columns, inputs, active }: LayerSamples,
  linearAlgebra: LinearAlgebra,
): Promise<RowSpan[]> {
  const width = columns.length;
  const everywhere = new Map<number, RowSpan>();
  const spans: RowSpan[] = [];
  for (let k = 0; k < units.length; k++) {
    const on = samplesWith(active, units.length, k);
    const known = on.length === count ? everywhere.get(0) : undefined;
    const span =
      known ??
      (await spanOf(linearAlgebra, on, width, (n, row) => row.set(inputs.subarray(n * width, (n + 1) * width))));
    if (on.length === count) everywhere.set(0, span);
    spans.push(span);
  }
  return spans;
}

/** D_q for each column, of the units `among` alone: the others are complete without it. */
async function deltaSpans(
  { units, columns, deltas, moving }: LayerSamples,
  linearAlgebra: LinearAlgebra,
  among: readonly number[],
): Promise<RowSpan[]> {
  const spans: RowSpan[] = [];
  for (let q = 0; q < columns.length; q++) {
    const on = samplesWith(moving, columns.length, q);
    spans.push(
      await spanOf(linearAlgebra, on, among.length, (n, row) => {
        for (let i = 0; i < among.length; i++) row[i] = deltas[n * units.length + among[i]];
      }),
    );
  }
  return spans;
}

/** Span of the vectors of these samples, each scaled to norm 1; zeros are left out. */
async function spanOf(
  linearAlgebra: LinearAlgebra,
  samples: readonly number[],
  width: number,
  write: (sample: number, row: Float64Array) => void,
): Promise<RowSpan> {
  const rows = new Float64Array(samples.length * width);
  let count = 0;
  for (const n of samples) {
    const row = rows.subarray(count * width, (count + 1) * width);
    write(n, row);
    const largest = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (largest === 0) continue;
    const norm = Math.sqrt(row.reduce((sum, value) => sum + (value / largest) ** 2, 0));
    for (let j = 0; j < width; j++) row[j] = row[j] / largest / norm;
    count++;
    // Few of many samples mostly span everything already.
    if (count === 4 * width) {
      const span = await rowSpan(linearAlgebra, rows, count, width);
      if (span.rank === width) return span;
    }
  }
  return rowSpan(linearAlgebra, rows.subarray(0, count * width), count, width);
}

/** A_k + span of these columns' unit vectors. */
async function extended(
  spans: readonly RowSpan[],
  whole: readonly number[],
  width: number,
  linearAlgebra: LinearAlgebra,
): Promise<UnitRange[]> {
  if (whole.length === 0) return [...spans];
  const known = new Map<RowSpan, UnitRange>();
  const units: UnitRange[] = [];
  for (const span of spans) {
    let unit = known.get(span);
    if (!unit) {
      const count = span.rank + whole.length;
      const rows = new Float64Array(count * width);
      rows.set(span.basis);
      for (const [i, q] of whole.entries()) rows[(span.rank + i) * width + q] = 1;
      unit = span.rank === width ? span : await rowSpan(linearAlgebra, rows, count, width);
      known.set(span, unit);
    }
    units.push(unit);
  }
  return units;
}

/** (+)_q D_q x e_q without what lies in the units' own ranges. */
async function acrossUnits(
  units: readonly UnitRange[],
  among: readonly number[],
  spans: readonly (RowSpan & { readonly q: number })[],
  width: number,
  linearAlgebra: LinearAlgebra,
): Promise<AcrossUnits> {
  const still = positions(among, (k) => units[k].rank < width);
  const length = still.length * width;
  const vectors = spans.reduce((sum, { rank }) => sum + rank, 0);
  const rows = new Float64Array(vectors * length);
  let row = 0;
  for (const { rank, basis, q } of spans) {
    for (let i = 0; i < rank; i++, row += length) {
      for (const [at, position] of still.entries()) rows[row + at * width + q] = basis[i * among.length + position];
    }
  }
  const project = (matrix: Float64Array, count: number) => {
    for (const [at, position] of still.entries()) {
      const { rank, basis } = units[among[position]];
      if (rank > 0) removeSpan(linearAlgebra, matrix.subarray(at * width), count, length, basis!, rank, width);
    }
  };
  project(rows, vectors);
  const first = await rowSpan(linearAlgebra, rows, vectors, length, 1);
  // What was small after the projection is not quite orthogonal to the units' ranges once it is scaled up.
  project(first.basis, first.rank);
  const { rank, basis } = await rowSpan(linearAlgebra, first.basis, first.rank, length);
  return { units: still.map((position) => among[position]), rank, basis };
}

/** X := X - X B^T B for the first `width` columns of a matrix with `count` rows. */
function removeSpan(
  linearAlgebra: LinearAlgebra,
  x: Float64Array,
  count: number,
  stride: number,
  basis: Float64Array,
  rank: number,
  width: number,
): void {
  const c = new Float64Array(count * rank);
  const [lda, ldb] = [stride, width];
  linearAlgebra.gemm({ transposeB: true, m: count, n: rank, k: width, a: x, lda, b: basis, ldb, c, ldc: rank });
  linearAlgebra.gemm({
    alpha: -1,
    m: count,
    n: width,
    k: rank,
    a: c,
    lda: rank,
    b: basis,
    ldb,
    beta: 1,
    c: x,
    ldc: lda,
  });
}

function samplesWith(flags: Uint8Array, stride: number, column: number): number[] {
  const samples: number[] = [];
  for (let n = 0, at = column; at < flags.length; n++, at += stride) if (flags[at]) samples.push(n);
  return samples;
}

function positions<T>(list: readonly T[], holds: (item: T) => boolean): number[] {
  return list.flatMap((item, i) => (holds(item) ? [i] : []));
}
