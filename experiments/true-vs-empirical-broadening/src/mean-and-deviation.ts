/** Of a sample. */
export const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;

/** Standard deviation, with one degree of freedom taken by the mean. */
export const deviation = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, x) => sum + (x - mean(values)) ** 2, 0) / (values.length - 1));

export const range = (values: readonly number[]): readonly [number, number] => [
  Math.min(...values),
  Math.max(...values),
];
