/** Units of one kind that were computed, and what their kind tells of them. */
export interface MeasuredUnits {
  /** Their number. */
  readonly units: number;
  /** What they took, in all. */
  readonly seconds: number;
  /** Operations of each thread, as if all were products, and seconds beside these, in all: see `UnitCost`. */
  readonly told: { readonly flops: number; readonly seconds: number };
}

/**
 * Seconds. Units that are told to take less are mostly start-up, which says nothing of larger ones: what the profile smoke
 * measures would make laptop ten times too long.
 */
const leastTold = 0.1;

/**
 * Seconds, as if so much had been measured that took just what was told: a few seconds of measurement change little. With
 * it, and without, laptop tells the kinds of spacing-statistics at paper to a factor of 1.6 (root mean square of the
 * logarithm; uncorrected 2.2); learned from smoke alone, laptop's kinds stay at 2.1 (1.9), where it would else be 9.
 */
const prior = 3;

/**
 * By how much units of a kind take longer than the kind tells: the ratio of sums, since long units say more of longer ones.
 *
 * @param rate  operations a second of a product on one thread
 */
export function kindPace(measured: readonly MeasuredUnits[], rate: number): number {
  const toldOf = ({ told }: MeasuredUnits) => told.flops / rate + told.seconds;
  let [took, told] = [prior, prior];
  for (const one of measured) {
    if (toldOf(one) < leastTold * one.units) continue;
    took += one.seconds;
    told += toldOf(one);
  }
  return took / told;
}
