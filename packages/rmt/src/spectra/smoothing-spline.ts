/** A natural cubic spline by its values and second derivatives at the knots; the latter vanish at both ends. */
export interface NaturalSpline {
  readonly knots: Float64Array;
  readonly values: Float64Array;
  readonly curvatures: Float64Array;
}

/**
 * A symmetric matrix with two diagonals on either side, by `rows` (i, i), (i, i + 1), (i, i + 2). One row per inner knot.
 */
interface Pentadiagonal {
  readonly main: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/**
 * The natural cubic spline g that minimises sum of (values[i] - g(knots[i]))^2 + penalty * int g''^2, its penalty such that
 * the map from values to g has this trace, by Reinsch's algorithm (1967; Green & Silverman 1994, sec. 2.3.3). O(n) work
 * for each of some fifty penalties tried.
 *
 * @param knots  strictly ascending from 0 to 1, at least three
 * @param degreesOfFreedom  above 2 and below the number of knots
 */
export function fitSmoothingSpline(knots: Float64Array, values: Float64Array, degreesOfFreedom: number): NaturalSpline {
  const widths = Float64Array.from({ length: knots.length - 1 }, (_, i) => knots[i + 1] - knots[i]);
  const gram = roughnessGram(widths);
  const differences = secondDifferences(widths);
  const freedom = (logPenalty: number) =>
    2 + traceOfQuotient(gram, factorOf(gram, differences, Math.exp(logPenalty)), widths.length - 1);

  // The trace falls from the number of knots to 2 as the penalty grows: bracket, then halve.
  let [low, high] = [0, 0];
  for (let step = 1; freedom(low) < degreesOfFreedom && low > -600; step *= 2) low -= step;
  for (let step = 1; freedom(high) > degreesOfFreedom && high < 600; step *= 2) high += step;
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (freedom(middle) > degreesOfFreedom) low = middle;
    else high = middle;
  }
  return splineOf(knots, values, widths, factorOf(gram, differences, Math.exp(high)), Math.exp(high));
}

/** R, the inner products of the hat functions that second derivatives are made of: tridiagonal. */
function roughnessGram(widths: Float64Array): Pick<Pentadiagonal, 'main' | 'first'> {
  const inner = widths.length - 1;
  return {
    main: Float64Array.from({ length: inner }, (_, i) => (widths[i] + widths[i + 1]) / 3),
    first: Float64Array.from({ length: inner }, (_, i) => (i + 1 < inner ? widths[i + 1] / 6 : 0)),
  };
}

/** Q^T Q, Q^T the second divided differences: row i of it holds 1/h_i, -1/h_i - 1/h_(i + 1), 1/h_(i + 1). */
function secondDifferences(widths: Float64Array): Pentadiagonal {
  const inner = widths.length - 1;
  const inverse = widths.map((width) => 1 / width);
  const centre = (i: number) => -inverse[i] - inverse[i + 1];
  const rows = (f: (i: number) => number, reach: number) =>
    Float64Array.from({ length: inner }, (_, i) => (i + reach < inner ? f(i) : 0));
  return {
    main: rows((i) => inverse[i] ** 2 + centre(i) ** 2 + inverse[i + 1] ** 2, 0),
    first: rows((i) => (centre(i) + centre(i + 1)) * inverse[i + 1], 1),
    second: rows((i) => inverse[i + 1] * inverse[i + 2], 2),
  };
}

/** R + penalty Q^T Q = L D L^T, L with ones on the diagonal: `main` is D, `first` and `second` are below the diagonal of L. */
function factorOf(
  gram: Pick<Pentadiagonal, 'main' | 'first'>,
  differences: Pentadiagonal,
  penalty: number,
): Pentadiagonal {
  const inner = gram.main.length;
  const [main, first, second] = [new Float64Array(inner), new Float64Array(inner), new Float64Array(inner)];
  for (let i = 0; i < inner; i++) {
    const [d1, l1] = i > 0 ? [main[i - 1], first[i - 1]] : [0, 0];
    const [d2, l2] = i > 1 ? [main[i - 2], second[i - 2]] : [0, 0];
    const across = i > 0 ? second[i - 1] : 0;
    main[i] = gram.main[i] + penalty * differences.main[i] - d1 * l1 * l1 - d2 * l2 * l2;
    first[i] = (gram.first[i] + penalty * differences.first[i] - d1 * l1 * across) / main[i];
    second[i] = (penalty * differences.second[i]) / main[i];
  }
  return { main, first, second };
}

/** The trace of (L D L^T)^-1 R, from the inner diagonals of the inverse alone (Hutchinson & de Hoog 1985). */
function traceOfQuotient(
  gram: Pick<Pentadiagonal, 'main' | 'first'>,
  { main, first, second }: Pentadiagonal,
  inner: number,
): number {
  let trace = 0;
  // Elements (i + 1, i + 1), (i + 1, i + 2) and (i + 2, i + 2) of the inverse, which has none beyond the last row.
  let [next, nextAcross, afterNext] = [0, 0, 0];
  for (let i = inner - 1; i >= 0; i--) {
    const twoApart = -first[i] * nextAcross - second[i] * afterNext;
    const across = -first[i] * next - second[i] * nextAcross;
    const here = 1 / main[i] - first[i] * across - second[i] * twoApart;
    trace += here * gram.main[i] + 2 * across * gram.first[i];
    [afterNext, next, nextAcross] = [next, here, across];
  }
  return trace;
}

/** Solves for the second derivatives c, (R + penalty Q^T Q) c = Q^T values; the spline is values - penalty Q c. */
function splineOf(
  knots: Float64Array,
  values: Float64Array,
  widths: Float64Array,
  { main, first, second }: Pentadiagonal,
  penalty: number,
): NaturalSpline {
  const inner = widths.length - 1;
  const slopes = widths.map((width, i) => (values[i + 1] - values[i]) / width);
  // Padded by the two ends: curvatures[i + 1] belongs to row i.
  const curvatures = new Float64Array(inner + 2);
  for (let i = 0; i < inner; i++) {
    const one = i > 0 ? first[i - 1] * curvatures[i] : 0;
    const two = i > 1 ? second[i - 2] * curvatures[i - 1] : 0;
    curvatures[i + 1] = slopes[i + 1] - slopes[i] - one - two;
  }
  for (let i = inner - 1; i >= 0; i--) {
    const one = first[i] * curvatures[i + 2];
    const two = i + 2 < inner ? second[i] * curvatures[i + 3] : 0;
    curvatures[i + 1] = curvatures[i + 1] / main[i] - one - two;
  }
  const fitted = values.map((value, i) => {
    const after = i < widths.length ? (curvatures[i + 1] - curvatures[i]) / widths[i] : 0;
    const before = i > 0 ? (curvatures[i] - curvatures[i - 1]) / widths[i - 1] : 0;
    return value - penalty * (after - before);
  });
  return { knots, values: fitted, curvatures };
}
