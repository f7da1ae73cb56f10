import type { LinearAlgebra } from '@hessian-rmt/numerics';
import type { LayerSamples, Outputs } from './layer-samples.js';
import { type RowSpan, rowSpan } from './row-span.js';
import { scaleToOne, type UnitRange } from './unit-ranges.js';

/** Orthonormal vectors that reach several units of a layer, orthogonal to all of the units' own. */
export interface AcrossUnits {
  /** Positions in `LayerSamples.units`. */
  readonly units: readonly number[];
  readonly rank: number;
  /** rank x (units x columns), orthonormal rows. */
  readonly basis: Float64Array;
}

/** Columns of the Hessian's block between the layers below and this one. */
export interface ColumnsBelow {
  /** How many there are, in a basis of what the layers below reach. */
  readonly count: number;
  /** Those entries that belong to one unit of this layer: columns x count. */
  ofUnit(unit: number): Promise<Float64Array>;
}

export interface Generators {
  /** Units that are looked at, positions in `LayerSamples.units`. */
  readonly incomplete: readonly number[];
  /** D_q of these units, for each column q. */
  readonly spans: readonly RowSpan[];
  /** Of the outputs, whose gradients the units' own ranges do not contain. */
  readonly gradients?: Outputs | undefined;
}

export interface AcrossOptions {
  readonly linearAlgebra: LinearAlgebra;
  readonly columnsBelow: ColumnsBelow;
}

/** Most vectors D_q x e_q whose rank is determined (our choice: a second); where there are more, see below. */
const mostVectors = 1500;

/** What is left of a unit's weights when its own range is taken away. */
interface Complement {
  readonly unit: number;
  /** Position in `Generators.incomplete`. */
  readonly position: number;
  readonly rank: number;
  /** rank x columns, orthonormal rows. */
  readonly basis: Float64Array;
  /** Where its coordinates start. */
  readonly start: number;
}

/**
 * An orthonormal basis of (+)_q D_q x e_q, with gradients of the outputs, without what lies in the units' own ranges; or
 * 'everything', where that would not be less.
 *
 * A middle layer with a hundred units has thousands of vectors D_q x e_q. What the layers below reach is then taken from
 * the Hessian itself, whose columns there are fewer, and all of them are kept: no rank is decided on them.
 */
export async function acrossUnits(
  samples: LayerSamples,
  units: readonly UnitRange[],
  { incomplete, spans, gradients }: Generators,
  { linearAlgebra, columnsBelow }: AcrossOptions,
): Promise<AcrossUnits | 'everything'> {
  const width = samples.columns.length;
  const complements = await complementsOf(units, incomplete, width, linearAlgebra);
  const dimension = complements.reduce((sum, { rank }) => sum + rank, 0);
  const ofGradients = gradients ? gradients.contrasts * samples.count : 0;
  const ofDeltas = spans.reduce((sum, { rank }) => sum + (rank < incomplete.length ? rank : 0), 0);
  if (dimension === 0 || ofGradients + ofDeltas === 0) return { units: [], rank: 0, basis: new Float64Array(0) };

  let found: { readonly rank: number; readonly basis: Float64Array };
  if (ofDeltas <= mostVectors) {
    const rows = new Float64Array((ofGradients + ofDeltas) * dimension);
    if (gradients) writeGradients(samples, gradients, complements, dimension, rows);
    writeDeltas(spans, incomplete.length, complements, dimension, rows.subarray(ofGradients * dimension));
    found = await rowSpan(linearAlgebra, rows, ofGradients + ofDeltas, dimension, 1);
  } else {
    const count = ofGradients + columnsBelow.count;
    if (count >= dimension) return 'everything';
    const rows = new Float64Array(count * dimension);
    if (gradients) writeGradients(samples, gradients, complements, dimension, rows);
    await writeColumns(
      columnsBelow,
      complements,
      dimension,
      width,
      linearAlgebra,
      rows.subarray(ofGradients * dimension),
    );
    const columns = new Float64Array(dimension * count);
    await linearAlgebra.copyAsync({
      transpose: true,
      m: dimension,
      n: count,
      a: rows,
      lda: dimension,
      b: columns,
      ldb: count,
    });
    const { q } = await linearAlgebra.qr(columns, dimension, count);
    await linearAlgebra.copyAsync({
      transpose: true,
      m: count,
      n: dimension,
      a: q,
      lda: count,
      b: rows,
      ldb: dimension,
    });
    found = { rank: count, basis: rows };
  }
  return {
    units: complements.map(({ unit }) => unit),
    rank: found.rank,
    basis: inWeights(found, complements, dimension, width, linearAlgebra),
  };
}

async function complementsOf(
  units: readonly UnitRange[],
  incomplete: readonly number[],
  width: number,
  linearAlgebra: LinearAlgebra,
): Promise<Complement[]> {
  const known = new Map<UnitRange, Float64Array>();
  const complements: Complement[] = [];
  let start = 0;
  for (const [position, unit] of incomplete.entries()) {
    const range = units[unit];
    const rank = width - range.rank;
    if (rank === 0) continue;
    let basis = known.get(range);
    if (!basis) {
      // The projection I - B^T B, whose eigenvalues are 0 and 1.
      const projection = new Float64Array(width * width);
      for (let j = 0; j < width; j++) projection[j * width + j] = 1;
      const { basis: b = projection } = range;
      linearAlgebra.gemm({
        transposeA: true,
        m: width,
        n: width,
        k: range.rank,
        alpha: -1,
        a: b,
        lda: width,
        b,
        ldb: width,
        beta: 1,
        c: projection,
        ldc: width,
      });
      const { vectors } = await linearAlgebra.symmetricEigen(projection, width);
      basis = vectors.slice(range.rank * width);
      known.set(range, basis);
    }
    complements.push({ unit, position, rank, basis, start });
    start += rank;
  }
  return complements;
}

/** Rows (n, c): the gradient of contrast c between the outputs of sample n, scaled to norm 1, in the complements. */
function writeGradients(
  { count, units, columns, inputs, active }: LayerSamples,
  { contrasts, weights }: Outputs,
  complements: readonly Complement[],
  dimension: number,
  rows: Float64Array,
): void {
  const width = columns.length;
  const slopes = new Float64Array(units.length);
  for (let n = 0; n < count; n++) {
    const input = inputs.slice(n * width, (n + 1) * width);
    if (!scaleToOne(input)) continue;
    const projected = complements.map(({ basis, rank }) => timesVector(basis, rank, width, input));
    for (let c = 0; c < contrasts; c++) {
      for (let k = 0; k < units.length; k++) {
        slopes[k] = active[n * units.length + k] ? weights[c * units.length + k] : 0;
      }
      if (!scaleToOne(slopes)) continue;
      const row = (n * contrasts + c) * dimension;
      for (const [at, { unit, start, rank }] of complements.entries()) {
        for (let i = 0; i < rank; i++) rows[row + start + i] = slopes[unit] * projected[at][i];
      }
    }
  }
}

/** Rows (q, vector of D_q) in the complements. */
function writeDeltas(
  spans: readonly RowSpan[],
  length: number,
  complements: readonly Complement[],
  dimension: number,
  rows: Float64Array,
): void {
  let row = 0;
  for (const [q, { rank: vectors, basis: deltas }] of spans.entries()) {
    if (vectors === length) continue;
    for (let v = 0; v < vectors; v++, row += dimension) {
      for (const { position, basis, rank, start } of complements) {
        const delta = deltas[v * length + position];
        for (let i = 0; i < rank; i++) rows[row + start + i] = delta * basis[i * spans.length + q];
      }
    }
  }
}

/** Rows: columns of the Hessian, in the complements. */
async function writeColumns(
  { count, ofUnit }: ColumnsBelow,
  complements: readonly Complement[],
  dimension: number,
  width: number,
  linearAlgebra: LinearAlgebra,
  rows: Float64Array,
): Promise<void> {
  for (const { unit, basis, rank, start } of complements) {
    linearAlgebra.gemm({
      transposeA: true,
      transposeB: true,
      m: count,
      n: rank,
      k: width,
      a: await ofUnit(unit),
      lda: count,
      b: basis,
      ldb: width,
      c: rows.subarray(start),
      ldc: dimension,
    });
  }
}

/** From coordinates in the complements to weights of the units. */
function inWeights(
  { rank, basis }: { readonly rank: number; readonly basis: Float64Array },
  complements: readonly Complement[],
  dimension: number,
  width: number,
  linearAlgebra: LinearAlgebra,
): Float64Array {
  const ldc = complements.length * width;
  const result = new Float64Array(rank * ldc);
  for (const [at, complement] of complements.entries()) {
    linearAlgebra.gemm({
      m: rank,
      n: width,
      k: complement.rank,
      a: basis.subarray(complement.start),
      lda: dimension,
      b: complement.basis,
      ldb: width,
      c: result.subarray(at * width),
      ldc,
    });
  }
  return result;
}

function timesVector(matrix: Float64Array, rows: number, columns: number, vector: Float64Array): Float64Array {
  const result = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[i] += matrix[i * columns + j] * vector[j];
  }
  return result;
}
