import type { LinearAlgebra } from '@hessian-rmt/numerics';
import type { LayerSamples, Outputs } from './layer-samples.js';
import { type RowSpan, rowSpan } from './row-span.js';

/** Orthonormal vectors among the weights of one unit: all of them, or the rank rows of `basis`. */
export type UnitRange = Pick<RowSpan, 'rank'> & { readonly basis?: Float64Array };

/** A_k for each unit; the same object for units that are active on all samples. */
export async function inputSpans(
  { count, units, columns, inputs, active }: LayerSamples,
  linearAlgebra: LinearAlgebra,
): Promise<RowSpan[]> {
  const width = columns.length;
  let everywhere: RowSpan | undefined;
  const spans: RowSpan[] = [];
  for (let k = 0; k < units.length; k++) {
    const on = samplesWith(active, units.length, k);
    const write = (n: number, row: Float64Array) => row.set(inputs.subarray(n * width, (n + 1) * width));
    const known = on.length === count ? everywhere : undefined;
    const span = known ?? (await spanOf(linearAlgebra, on, width, write));
    if (on.length === count) everywhere = span;
    spans.push(span);
  }
  return spans;
}

/**
 * What the last layer reaches in the units below it, beside gradients of the outputs: sum_n a~_n delta_n[c] over the
 * samples with the unit active, for each contrast c, or better for each direction c in which those delta_n differ.
 * Where there are as many as A_k has dimensions, all of A_k.
 */
export async function throughOutputs(
  spans: readonly RowSpan[],
  { units, columns, inputs, active }: LayerSamples,
  { contrasts, deltas }: Outputs,
  linearAlgebra: LinearAlgebra,
): Promise<UnitRange[]> {
  const width = columns.length;
  const ranges: UnitRange[] = [];
  for (const [k, span] of spans.entries()) {
    const on = samplesWith(active, units.length, k);
    const directions = await spanOf(linearAlgebra, on, contrasts, (n, row) =>
      row.set(deltas.subarray(n * contrasts, (n + 1) * contrasts)),
    );
    const { rank } = directions;
    if (rank >= span.rank) {
      ranges.push(span);
      continue;
    }
    const sums = new Float64Array(contrasts * width);
    for (const n of on) {
      for (let c = 0; c < contrasts; c++) {
        const delta = deltas[n * contrasts + c];
        for (let q = 0; q < width; q++) sums[c * width + q] += delta * inputs[n * width + q];
      }
    }
    // Within A_k, where all of these directions are kept however small their sums are.
    const reached = multiply(linearAlgebra, directions.basis, sums, rank, contrasts, width);
    const inSpan = new Float64Array(rank * span.rank);
    const [ldb, ldc] = [width, span.rank];
    linearAlgebra.gemm({
      transposeB: true,
      m: rank,
      n: span.rank,
      k: width,
      a: reached,
      lda: width,
      b: span.basis,
      ldb,
      c: inSpan,
      ldc,
    });
    const { vt } = await linearAlgebra.svd(inSpan, rank, span.rank);
    ranges.push({ rank, basis: multiply(linearAlgebra, vt, span.basis, rank, span.rank, width) });
  }
  return ranges;
}

/** D_q for each column, of the units `among` alone. */
export async function deltaSpans(
  { units, columns, deltas, moving }: LayerSamples,
  among: readonly number[],
  linearAlgebra: LinearAlgebra,
): Promise<RowSpan[]> {
  const spans: RowSpan[] = [];
  for (let q = 0; q < columns.length; q++) {
    const on = samplesWith(moving, columns.length, q);
    const span = await spanOf(linearAlgebra, on, among.length, (n, row) => {
      for (let i = 0; i < among.length; i++) row[i] = deltas[n * units.length + among[i]];
    });
    spans.push(span);
  }
  return spans;
}

/** The layer as if these of its inputs were not there. */
export function withoutColumns(samples: LayerSamples, without: readonly number[]): LayerSamples {
  const width = samples.columns.length;
  const left = otherColumns(without, width);
  const inputs = new Float64Array(samples.count * left.length);
  for (let n = 0; n < samples.count; n++) {
    for (let j = 0; j < left.length; j++) inputs[n * left.length + j] = samples.inputs[n * width + left[j]];
  }
  return { ...samples, columns: left.map((q) => samples.columns[q]), inputs };
}

/** Ranges among the other columns, with the unit vectors of these columns: the same object for the same range. */
export function withUnitVectors(
  ranges: readonly UnitRange[],
  columns: readonly number[],
  width: number,
): readonly UnitRange[] {
  const others = otherColumns(columns, width);
  const known = new Map<UnitRange, UnitRange>();
  for (const range of ranges) {
    if (known.has(range)) continue;
    const basis = new Float64Array((columns.length + range.rank) * width);
    for (const [i, q] of columns.entries()) basis[i * width + q] = 1;
    for (let i = 0; i < range.rank; i++) {
      const to = (columns.length + i) * width;
      for (const [j, q] of others.entries()) basis[to + q] = range.basis![i * others.length + j];
    }
    known.set(range, { rank: columns.length + range.rank, basis });
  }
  return ranges.map((range) => known.get(range)!);
}

function otherColumns(columns: readonly number[], width: number): number[] {
  return Array.from({ length: width }, (_, q) => q).filter((q) => !columns.includes(q));
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
    if (!scaleToOne(row)) continue;
    count++;
    // Few of many samples mostly span everything already.
    if (count === 4 * width) {
      const span = await rowSpan(linearAlgebra, rows, count, width);
      if (span.rank === width) return span;
    }
  }
  return rowSpan(linearAlgebra, rows, count, width);
}

/** Scales the vector to norm 1, whatever its size; false if it is zero. */
export function scaleToOne(vector: Float64Array): boolean {
  let largest = 0;
  for (let j = 0; j < vector.length; j++) largest = Math.max(largest, Math.abs(vector[j]));
  if (largest === 0) return false;
  let sum = 0;
  for (let j = 0; j < vector.length; j++) {
    vector[j] /= largest;
    sum += vector[j] ** 2;
  }
  const norm = Math.sqrt(sum);
  for (let j = 0; j < vector.length; j++) vector[j] /= norm;
  return true;
}

function samplesWith(flags: Uint8Array, stride: number, column: number): number[] {
  const samples: number[] = [];
  for (let n = 0, at = column; at < flags.length; n++, at += stride) if (flags[at]) samples.push(n);
  return samples;
}

/** A B, rows x columns. */
function multiply(
  linearAlgebra: LinearAlgebra,
  a: Float64Array,
  b: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): Float64Array {
  const c = new Float64Array(rows * columns);
  linearAlgebra.gemm({ m: rows, n: columns, k: inner, a, lda: inner, b, ldb: columns, c, ldc: columns });
  return c;
}
