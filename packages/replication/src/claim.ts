/**
 * One published statement beside what was measured. `claims.json` is an array of these.
 *
 * Tolerances come from the paper or from sampling error, before the number is seen.
 */
export interface Claim {
  /** Starts with its row in the list of claims: `S4.gd-relu-4270.gap`. */
  readonly id: string;
  /** Table, row, column; figure; section. */
  readonly place: string;
  /** What the paper states, as a sentence. */
  readonly statement: string;
  /** The published value; null where the paper gives none (an order, a trend). */
  readonly published: number | null;
  /** The published formula as a mathjs expression, with the values it was evaluated at; absent for printed numbers. */
  readonly formula?: { readonly expression: string; readonly scope: Readonly<Record<string, number>> };
  /** The measured value; null when not run. Over repetitions: the median, unless `how` says otherwise. */
  readonly measured: number | null;
  /** Smallest and largest over the repetitions, or a confidence interval (`how` says which); null when not run. */
  readonly interval: readonly [number, number] | null;
  /** What was allowed, in the units of `how`; null for an order. */
  readonly tolerance: number | null;
  /** How the comparison was made, and why this tolerance. */
  readonly how: string;
  /** `published`: at the published size. `direction`: at a smaller one, where only order and trend can be judged. */
  readonly judgedAt: 'published' | 'direction' | 'not-run';
  readonly verdict: 'reproduced' | 'not reproduced' | 'not comparable';
  /** Why the verdict is what it is, in a sentence with the numbers. */
  readonly reason: string;
  /** File under results/EXPERIMENT/PROFILE/ that shows it; null when none does. */
  readonly figure: string | null;
}
