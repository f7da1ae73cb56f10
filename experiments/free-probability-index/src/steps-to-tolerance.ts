/**
 * Steps that a descent takes to a tolerance if its value goes on falling as the power of the step that it followed over
 * the last octave: an extrapolation, and one that a value with a positive limit makes far too small.
 *
 * @param trace  the value after 1, 2, 4, ... steps
 * @param at  the last step, a power of two that the trace holds
 * @returns steps, Infinity where the value did not fall, and the power s in value ~ step^-s
 */
export function stepsToTolerance(
  trace: ArrayLike<number>,
  at: number,
  tolerance: number,
): { readonly steps: number; readonly power: number } {
  const last = Math.log2(at);
  if (!(Number.isInteger(last) && last >= 1 && last < trace.length)) {
    throw new RangeError(`stepsToTolerance: expected a power of two within the trace of ${trace.length}, found ${at}`);
  }
  const power = Math.log2(trace[last - 1] / trace[last]);
  return { steps: power > 0 ? at * (trace[last] / tolerance) ** (1 / power) : Number.POSITIVE_INFINITY, power };
}
