import type { Dataset } from '../dataset.js';

/** Mean and standard deviation (divisor n) over all entries of an array. */
export interface GlobalScale {
  readonly mean: number;
  readonly standardDeviation: number;
}

/** Mean and standard deviation over every entry of the inputs, in two passes. */
export function globalScale(inputs: Float64Array): GlobalScale {
  let sum = 0;
  for (const value of inputs) sum += value;
  const mean = sum / inputs.length;
  let squares = 0;
  for (const value of inputs) squares += (value - mean) ** 2;
  return { mean, standardDeviation: Math.sqrt(squares / inputs.length) };
}

/**
 * Inputs (x - mean) / sd with ONE mean and ONE standard deviation for all entries: "normalized globally" (Sagun et
 * al. 2017, sec. 3.1), as against one pair per coordinate.
 *
 * @param scale  default: that of the data themselves. Test data take the scale of the training data.
 * @throws RangeError when the standard deviation is not a positive number
 */
export function standardise(data: Dataset, scale: GlobalScale = globalScale(data.inputs)): Dataset {
  const { mean, standardDeviation } = scale;
  if (!(standardDeviation > 0 && standardDeviation < Number.POSITIVE_INFINITY)) {
    throw new RangeError(
      `standardise: ${data.name} has standard deviation ${standardDeviation}, expected a positive one`,
    );
  }
  return { ...data, inputs: data.inputs.map((value) => (value - mean) / standardDeviation) };
}
