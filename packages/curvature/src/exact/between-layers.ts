import type { LayerShape } from '@hessian-rmt/models';
import { type Assembly, from } from './assembly.js';
import { addScaled, copyScaled } from './rows.js';

/** One layer of a pair, and what of a chunk its blocks are made of. */
export interface Side {
  readonly shape: LayerShape;
  /** a, samples x columns: inputs of the layer, with the 1 of the bias. */
  readonly inputs: Float64Array;
}

/** What couples layers l < m in a chunk of `count` samples. */
export interface Coupling {
  readonly count: number;
  /** da_l / dz_l, samples x units of l. */
  readonly slope: Float64Array;
  /** S = d2 loss / dz_l dz_m laid out [i][n][k]; undefined where identically zero. */
  readonly curvature: Float64Array | undefined;
  /** dloss / dz_m, samples x units of m; undefined for the Gauss-Newton part. */
  readonly delta: Float64Array | undefined;
  /** Derivative of m's inputs (bias left out) by z_l, laid out [i][n][q]; undefined where m follows l directly: diagonal. */
  readonly response: Float64Array | undefined;
}

/**
 * The block of layers l < m,
 *
 *     H[(i, j), (k, q)] += sum_n a_n[j] (S_n[i, k] b_n[q] + delta_n[k] db_n[q] / dz_n[i]),
 *
 * with a the inputs of l and b those of m. Of the three factors of the first term two are multiplied in plain loops, S
 * with the narrower of the two inputs, and BLAS sums with the third. The second term is formed together with the first,
 * except between neighbours, where db/dz is diagonal and one column in `columns` is all there is.
 */
export async function addBetweenLayers(assembly: Assembly, lower: Side, upper: Side, coupling: Coupling) {
  const { curvature, delta, response } = coupling;
  if (delta && response) await addRowByRow(assembly, lower, upper, coupling);
  else if (curvature) {
    if (lower.shape.columns < upper.shape.columns) await addColumnByColumn(assembly, lower, upper, curvature, coupling);
    else await addRowByRow(assembly, lower, upper, coupling);
  }
  if (delta && !response) await addNeighbourTerm(assembly, lower, upper, coupling, delta);
  assembly.finished(lower.shape.rows * lower.shape.columns * upper.shape.rows * upper.shape.columns);
}

/** Entries of the buffers taken here, per sample of the chunk and beyond. */
export function betweenLayersBuffers(lower: LayerShape, upper: LayerShape) {
  const neighbours = Math.min(lower.rows * upper.rows, neighbourColumns + upper.rows);
  return {
    perSample: lower.columns + Math.max(neighbours, upper.rows * upper.columns, lower.rows * lower.columns),
    fixed: lower.columns * neighbours,
  };
}

/**
 * For each unit i of l one product A^T F with F[n, (k, q)] the bracket above. It is zero for samples on which the unit
 * is flat (ReLU: inactive), so these are left out.
 */
async function addRowByRow(assembly: Assembly, lower: Side, upper: Side, coupling: Coupling): Promise<void> {
  const { linearAlgebra, scratch } = assembly;
  const { count, slope, curvature, delta, response } = coupling;
  const units = lower.shape.rows;
  const width = lower.shape.columns;
  const { rows, columns } = upper.shape;
  const reached = rows > 0 && response ? response.length / (units * count) : 0;
  const factor = scratch.take('factor', count * rows * columns);
  for (let i = 0; i < units; i++) {
    const samples = activeSamples(slope, units, i, count);
    if (samples.length === 0) continue;
    for (let position = 0; position < samples.length; position++) {
      const n = samples[position];
      const start = (i * count + n) * rows;
      for (let k = 0; k < rows; k++) {
        const to = (position * rows + k) * columns;
        const weight = curvature ? curvature[start + k] : 0;
        copyScaled(weight, upper.inputs, n * columns, factor, to, columns);
        if (delta && response) addScaled(delta[n * rows + k], response, (i * count + n) * reached, factor, to, reached);
      }
    }
    await linearAlgebra.gemmAsync({
      transposeA: true,
      m: width,
      n: rows * columns,
      k: samples.length,
      a: samples.length === count ? lower.inputs : gather(assembly, lower, samples),
      lda: width,
      b: factor,
      ldb: rows * columns,
      beta: 1,
      c: from(assembly, lower.shape.offset + i * width, upper.shape.offset),
      ldc: assembly.n,
    });
  }
}

/** First term alone: for each unit k of m one product F^T B with F[n, (i, j)] = S_n[i, k] a_n[j]. */
async function addColumnByColumn(
  assembly: Assembly,
  lower: Side,
  upper: Side,
  curvature: Float64Array,
  { count }: Coupling,
): Promise<void> {
  const { linearAlgebra, scratch } = assembly;
  const { offset, rows, columns } = lower.shape;
  const width = upper.shape.columns;
  const factor = scratch.take('factor', count * rows * columns);
  for (let k = 0; k < upper.shape.rows; k++) {
    for (let n = 0, to = 0; n < count; n++) {
      for (let i = 0; i < rows; i++, to += columns) {
        const weight = curvature[(i * count + n) * upper.shape.rows + k];
        copyScaled(weight, lower.inputs, n * columns, factor, to, columns);
      }
    }
    await linearAlgebra.gemmAsync({
      transposeA: true,
      m: rows * columns,
      n: width,
      k: count,
      a: factor,
      lda: rows * columns,
      b: upper.inputs,
      ldb: width,
      beta: 1,
      c: from(assembly, offset, upper.shape.offset + k * width),
      ldc: assembly.n,
    });
  }
}

/** Columns of one product for the second term between neighbours. */
const neighbourColumns = 1024;

/** Second term between neighbours: H[(i, j), (k, i)] += sum_n a_n[j] delta_n[k] f'_n[i], for several i at a time. */
async function addNeighbourTerm(
  assembly: Assembly,
  lower: Side,
  upper: Side,
  { count, slope }: Coupling,
  delta: Float64Array,
): Promise<void> {
  const { matrix, n: stride, linearAlgebra, scratch } = assembly;
  const units = lower.shape.rows;
  const width = lower.shape.columns;
  const { rows, columns } = upper.shape;
  const atOnce = Math.min(units, Math.ceil(neighbourColumns / rows));
  for (let first = 0; first < units; first += atOnce) {
    const some = Math.min(atOnce, units - first);
    const factor = scratch.take('factor', count * some * rows);
    for (let n = 0, to = 0; n < count; n++) {
      for (let i = first; i < first + some; i++, to += rows) {
        copyScaled(slope[n * units + i], delta, n * rows, factor, to, rows);
      }
    }
    const sums = scratch.take('sums', width * some * rows);
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
        const to = (lower.shape.offset + i * width + j) * stride + upper.shape.offset + i;
        const read = (j * some + i - first) * rows;
        for (let k = 0; k < rows; k++) matrix[to + k * columns] += sums[read + k];
      }
    }
  }
}

/** The samples on which unit i is not flat. */
function activeSamples(slope: Float64Array, units: number, i: number, count: number): number[] {
  const samples: number[] = [];
  for (let n = 0; n < count; n++) if (slope[n * units + i] !== 0) samples.push(n);
  return samples;
}

function gather({ scratch }: Assembly, { shape, inputs }: Side, samples: readonly number[]): Float64Array {
  const { columns } = shape;
  const gathered = scratch.take('gathered inputs', samples.length * columns);
  samples.forEach((n, position) => {
    gathered.set(inputs.subarray(n * columns, (n + 1) * columns), position * columns);
  });
  return gathered;
}
