/** y = c x^p through root mean squares, with the standard error of p. */
export interface PowerFit {
  readonly exponent: number;
  readonly prefactor: number;
  readonly standardError: number;
}

/**
 * The power by which the root mean square of deviations falls along x: weighted least squares of its logarithm on that of
 * x. The weight comes from the deviations themselves: log rms has the variance Var(d^2)/(4 n mean(d^2)^2).
 *
 * @param deviations  at each x, independent ones
 * @throws RangeError for fewer than three x, or fewer than two deviations at one
 */
export function powerFit(x: readonly number[], deviations: readonly (readonly number[])[]): PowerFit {
  if (x.length < 3 || deviations.length !== x.length || deviations.some(({ length }) => length < 2)) {
    throw new RangeError(
      `powerFit: expected deviations, two or more, at three or more sizes; found ${deviations.map(({ length }) => length)} at ${x.length}`,
    );
  }
  const points = deviations.map((values, i) => {
    const squares = values.map((value) => value * value);
    const mean = squares.reduce((sum, s) => sum + s, 0) / squares.length;
    const variance = squares.reduce((sum, s) => sum + (s - mean) ** 2, 0) / (squares.length - 1);
    return { x: Math.log(x[i]), y: Math.log(mean) / 2, weight: (4 * squares.length * mean * mean) / variance };
  });
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  const centre = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + point.weight * of(point), 0) / total;
  const [cx, cy] = [centre(({ x: at }) => at), centre(({ y }) => y)];
  const spread = points.reduce((sum, point) => sum + point.weight * (point.x - cx) ** 2, 0);
  const exponent = points.reduce((sum, point) => sum + point.weight * (point.x - cx) * (point.y - cy), 0) / spread;
  return { exponent, prefactor: Math.exp(cy - exponent * cx), standardError: 1 / Math.sqrt(spread) };
}

export const rootMeanSquare = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
