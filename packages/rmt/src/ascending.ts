/** @throws RangeError unless there are values, all finite and in ascending order */
export function requireAscending(name: string, values: Float64Array): void {
  if (values.length === 0) throw new RangeError(`${name} must hold at least one value, found none`);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) throw new RangeError(`${name} must be finite, found ${value} at position ${i}`);
    if (i > 0 && value < values[i - 1]) {
      throw new RangeError(
        `${name} must be in ascending order, found ${values[i - 1]} before ${value} at position ${i}: sort them first`,
      );
    }
  }
}

/** How many values at the beginning satisfy a condition that none of the others does (bisection). */
export function countLeading(values: Float64Array, holds: (value: number) => boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(values[middle])) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The p-quantile of an ascending sample, interpolated linearly (type 7 of Hyndman & Fan 1996). */
export function sampleQuantile(values: Float64Array, p: number): number {
  const position = p * (values.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, values.length - 1);
  return values[below] + (position - below) * (values[above] - values[below]);
}

/** The distance between the quartiles of the sample. */
export function interquartileRange(values: Float64Array): number {
  return sampleQuantile(values, 0.75) - sampleQuantile(values, 0.25);
}
