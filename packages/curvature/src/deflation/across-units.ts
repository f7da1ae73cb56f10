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

/** Some columns of the Hessian's block between the layers below and this one, times a basis. */
export interface ColumnsBelow {
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
  /** Dimensions of A_q in the layer below, for each of its units: no more columns of the Hessian belong to it. */
  readonly dimensionsBelow: readonly number[];
  /** The columns that belong to the A_k of the layers below, without these units of the layer right below. */
  columnsBelow(without: ReadonlySet<number>): ColumnsBelow;
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
 * A middle layer with a hundred units has thousands of vectors D_q x e_q. The columns of the Hessian that belong to unit q
 * of the layer below are fewer where A_q has fewer dimensions, and are taken instead: all of them, with no decision about
 * their rank, as they are sums weighted by the loss.
 */
export async function acrossUnits(
  samples: LayerSamples,
  units: readonly UnitRange[],
  { incomplete, spans, gradients }: Generators,
  { linearAlgebra, dimensionsBelow, columnsBelow }: AcrossOptions,
): Promise<AcrossUnits | 'everything'> {
  const width = samples.columns.length;
  const complements = await complementsOf(units, incomplete, width, linearAlgebra);
  const dimension = complements.reduce((sum, { rank }) => sum + rank, 0);
  // Columns that every unit has been extended by need no vectors across.
  const wanted = spans.map((span) => (span.rank < incomplete.length ? span : { ...span, rank: 0 }));
  const many = wanted.reduce((sum, { rank }) => sum + rank, 0) > mostVectors;
  const few = wanted.map((span, q) => (many && span.rank > dimensionsBelow[q] ? { ...span, rank: 0 } : span));
  const ofGradients = gradients ? gradients.contrasts * samples.count : 0;
  const ofDeltas = few.reduce((sum, { rank }) => sum + rank, 0);
  const columns = many ? columnsBelow(new Set(few.flatMap(({ rank }, q) => (rank > 0 ? [q] : [])))) : undefined;
  if (columns && columns.count + ofGradients + ofDeltas >= dimension) return 'everything';

  const rows = new Float64Array((ofGradients + ofDeltas) * dimension);
  if (gradients) writeGradients(samples, gradients, complements, dimension, rows);
  writeDeltas(few, incomplete.length, complements, dimension, rows.subarray(ofGradients * dimension));
  let found: Vectors = await rowSpan(linearAlgebra, rows, dimension === 0 ? 0 : ofGradients + ofDeltas, dimension, 1);
  if (columns) found = await withColumns(found, columns, complements, dimension, width, linearAlgebra);
  return {
    units: complements.map(({ unit }) => unit),
    rank: found.rank,
    basis: inWeights(found, complements, dimension, width, linearAlgebra),
  };
}

/** Orthonormal rows. */
type Vectors = Pick<RowSpan, 'rank' | 'basis'>;

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
    for (let v = 0; v < vectors; v++, row += dimension) {
      for (const { position, basis, rank, start } of complements) {
        const delta = deltas[v * length + position];
        for (let i = 0; i < rank; i++) rows[row + start + i] = delta * basis[i * spans.length + q];
      }
    }
  }
}

/** An orthonormal basis that contains these vectors and, in the complements, the columns of the Hessian. */
async function withColumns(
  { rank, basis }: Vectors,
  { count, ofUnit }: ColumnsBelow,
  complements: readonly Complement[],
  dimension: number,
  width: number,
  linearAlgebra: LinearAlgebra,
): Promise<Vectors> {
  const total = rank + count;
  const matrix = new Float64Array(dimension * total);
  await linearAlgebra.copyAsync({
    transpose: true,
    m: dimension,
    n: rank,
    a: basis,
    lda: dimension,
    b: matrix,
    ldb: total,
  });
  for (const complement of complements) {
    linearAlgebra.gemm({
      m: complement.rank,
      n: count,
      k: width,
      a: complement.basis,
      lda: width,
      b: await ofUnit(complement.unit),
      ldb: count,
      c: matrix.subarray(complement.start * total + rank),
      ldc: total,
    });
  }
  const { q } = await linearAlgebra.qr(matrix, dimension, total);
  const rows = new Float64Array(total * dimension);
  await linearAlgebra.copyAsync({ transpose: true, m: total, n: dimension, a: q, lda: total, b: rows, ldb: dimension });
  return { rank: total, basis: rows };
}

/** From coordinates in the complements to weights of the units. */
function inWeights(
  { rank, basis }: Vectors,
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
