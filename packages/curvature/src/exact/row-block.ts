import { type Assembly, entriesFrom, type LayerInputs } from './assembly.js';
import { addScaled, copyScaled } from './rows.js';

/** What unit i of a layer l and the samples of a chunk put into a later layer m. */
export interface UnitFactor {
  readonly count: number;
  /** f'(z_l), samples x units of l. */
  readonly slopes: Float64Array;
  /** R{delta_m}, samples x units of m; undefined where it is zero. */
  readonly curvature: Float64Array | undefined;
  /** delta_m, samples x units of m; undefined for the Gauss-Newton part, which leaves out R{a}. */
  readonly delta: Float64Array | undefined;
  /** R{a_{m-1}}, samples x units; undefined where m follows l: then it is f'(z_l[i]) in column i and zero elsewhere. */
  readonly response: Float64Array | undefined;
}

/**
 * The block of unit i of the lower layer with all of the upper layer,
 *
 *     H[(i, j), (k, q)] += sum_n a_n[j] F_n[k, q],   F = R{delta[k] b[q]} = R{delta}[k] b[q] + delta[k] R{b}[q],
 *
 * as one product A^T F. F is zero for samples on which the unit is flat (ReLU: inactive), so these are left out.
 */
export async function addRowBlock(
  assembly: Assembly,
  lower: LayerInputs,
  upper: LayerInputs,
  i: number,
  unit: UnitFactor,
): Promise<void> {
  const { linearAlgebra, scratch, lanes, beta } = assembly;
  const { rows, columns } = upper.shape;
  const samples = activeSamples(unit, lower.shape.rows, i);
  if (samples.length === 0 && beta === 1) return;
  const lane = await lanes.next();
  const factor = scratch.take(`factor ${lane}`, samples.length * rows * columns);
  formFactor(unit, lower, upper, i, samples, factor);
  const product = linearAlgebra.gemmAsync({
    transposeA: true,
    m: lower.shape.columns,
    n: rows * columns,
    k: samples.length,
    a: samples.length === unit.count ? lower.inputs : gather(assembly, lower, samples, lane),
    lda: lower.shape.columns,
    b: factor,
    ldb: rows * columns,
    beta,
    c: entriesFrom(assembly, lower.shape.offset + i * lower.shape.columns, upper.shape.offset),
    ldc: assembly.n,
  });
  lanes.start(lane, product);
}

function formFactor(
  { count, slopes, curvature, delta, response }: UnitFactor,
  lower: LayerInputs,
  { shape, inputs }: LayerInputs,
  i: number,
  samples: Uint32Array,
  factor: Float64Array,
): void {
  const { rows, columns } = shape;
  const units = lower.shape.rows;
  const moving = response ? response.length / count : 0;
  for (let position = 0, to = 0; position < samples.length; position++) {
    const n = samples[position];
    for (let k = 0; k < rows; k++, to += columns) {
      copyScaled(curvature ? curvature[n * rows + k] : 0, inputs, n * columns, factor, to, columns);
      if (!delta) continue;
      if (response) addScaled(delta[n * rows + k], response, n * moving, factor, to, moving);
      else factor[to + i] += delta[n * rows + k] * slopes[n * units + i];
    }
  }
}

/** The samples on which unit i is not flat. */
function activeSamples({ slopes, count }: UnitFactor, units: number, i: number): Uint32Array {
  const samples = new Uint32Array(count);
  let active = 0;
  for (let n = 0; n < count; n++) if (slopes[n * units + i] !== 0) samples[active++] = n;
  return samples.subarray(0, active);
}

function gather(
  { scratch }: Assembly,
  { shape, inputs }: LayerInputs,
  samples: Uint32Array,
  lane: number,
): Float64Array {
  const { columns } = shape;
  const gathered = scratch.take(`gathered inputs ${lane}`, samples.length * columns);
  samples.forEach((n, position) => {
    copyScaled(1, inputs, n * columns, gathered, position * columns, columns);
  });
  return gathered;
}
