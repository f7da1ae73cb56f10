import { type Assembly, entriesFrom, type LayerInputs } from './assembly.js';
import { mirrorUnitPair } from './mirror.js';
import { copyScaled } from './rows.js';

/**
 * Blocks of unit i of a layer with the units k >= i of the same layer,
 *
 *     H[(i, j), (k, q)] += sum_n s_n[k] a_n[j] a_n[q]   for j <= q:
 *
 * for each k a symmetric product A^T diag(s) A, at half the price of a general one. Samples with s > 0 and with s < 0
 * are gathered apart, weighted by sqrt |s|, and each group is a symmetric rank-k update. Samples with s = 0, as half of
 * them and more with ReLU, cost nothing.
 *
 * @param curvature  s, samples x (units from i on)
 */
export async function addUnitPairs(
  assembly: Assembly,
  { shape, inputs }: LayerInputs,
  i: number,
  curvature: Float64Array,
  count: number,
): Promise<void> {
  const { scratch, lanes, last, mirrored } = assembly;
  const { offset, rows, columns } = shape;
  const pairs = rows - i;
  for (let k = i; k < rows; k++) {
    const lane = await lanes.next();
    const gathered = scratch.take(`weighted inputs ${lane}`, count * columns);
    let positive = 0;
    let negative = count;
    for (let n = 0; n < count; n++) {
      const s = curvature[n * pairs + k - i];
      if (s === 0) continue;
      const to = s < 0 ? --negative : positive++;
      copyScaled(Math.sqrt(Math.abs(s)), inputs, n * columns, gathered, to * columns, columns);
    }
    const [row, column] = [offset + i * columns, offset + k * columns];
    const c = entriesFrom(assembly, row, column);
    const sum = addSigned(assembly, gathered, positive, negative, count, columns, c);
    lanes.start(lane, last ? sum.then(() => mirrorUnitPair(assembly, row, column, columns)) : sum);
  }
  if (last) mirrored.add(shape);
}

/** c := beta c + P^T P - M^T M, upper triangle: P the first `positive` rows, M those from `negative` to the end. */
async function addSigned(
  { linearAlgebra, n, beta }: Assembly,
  gathered: Float64Array,
  positive: number,
  negative: number,
  count: number,
  columns: number,
  c: Float64Array,
): Promise<void> {
  const update = { triangle: 'upper', transpose: true, n: columns, lda: columns, c, ldc: n } as const;
  if (positive > 0 || beta === 0) await linearAlgebra.syrkAsync({ ...update, k: positive, a: gathered, beta });
  if (negative < count) {
    const a = gathered.subarray(negative * columns);
    await linearAlgebra.syrkAsync({ ...update, k: count - negative, alpha: -1, a, beta: 1 });
  }
}
