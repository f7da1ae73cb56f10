/**
 * Laws of decay with three parameters, fitted by least squares: y = a + b exp(c t) (Baskerville et al. 2021, sec. 8.1)
 * and y = a + b t^c, the exponential of log t. Both with c < 0: they fall towards a.
 */

export const decayLaws = ['exponential', 'power'] as const;
export type DecayLaw = (typeof decayLaws)[number];

export interface Point {
  readonly t: number;
  readonly y: number;
}

export interface DecayParameters {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

export interface DecayFit extends DecayParameters {
  readonly law: DecayLaw;
  readonly points: number;
  /** Sum of the squared residuals. */
  readonly residualSquares: number;
  /** sqrt(sum of squares / (n - 3)). */
  readonly residualDeviation: number;
  /** From s^2 (J^T J)^-1 at the minimum; null when the minimum lies at an end of the range of c: no c is best. */
  readonly standardErrors: DecayParameters | null;
  /**
   * Akaike's criterion for independent normal errors of one variance, n log(sum of squares / n) + 2 k, with k = 4 (the
   * variance counts). Smaller is better; the laws have the same k, so their difference is n log of the quotient of sums.
   */
  readonly aic: number;
}

/**
 * The c that are tried (our choice). Flattest: exp(c x) falls by a thousandth from the first point to the last, and is a
 * straight line. Steepest: it falls by ten powers of e from the first point to the second, and only the first is off a.
 */
const decays = { flattest: 1e-3, steepest: 10 };

/**
 * Least squares by variable projection (Golub & Pereyra 1973): for a given c, a and b come from a straight line, so the
 * sum of squares is a function of c alone; its lowest value among 600 decays, evenly spaced in their logarithm, is
 * refined by golden sections. c is good to about 1e-8 of itself, the root of the rounding unit.
 *
 * @throws RangeError for fewer than four points, fewer than three different t, t that are not positive, and numbers that
 *   are not finite
 */
export function fitDecay(points: readonly Point[], law: DecayLaw): DecayFit {
  check(points);
  const x = points.map(({ t }) => (law === 'exponential' ? t : Math.log(t)));
  const y = points.map((point) => point.y);
  const first = Math.min(...x);
  const range = Math.max(...x) - first;
  const step = Math.min(...x.filter((value) => value > first)) - first;

  // In u = log(-c), with exp(c (x - first)) for exp(c x): of order 1 at the first point whatever c is.
  const lineAt = (u: number) => {
    const c = -Math.exp(u);
    return {
      c,
      ...line(
        x.map((value) => Math.exp(c * (value - first))),
        y,
      ),
    };
  };
  const [low, high] = [Math.log(decays.flattest / range), Math.log(decays.steepest / step)];
  const grid = Array.from({ length: 600 }, (_, i) => low + ((high - low) * i) / 599);
  const sums = grid.map((u) => lineAt(u).squares);
  const best = sums.indexOf(Math.min(...sums));
  const inside = best > 0 && best < grid.length - 1;
  const u = inside ? lowest((v) => lineAt(v).squares, grid[best - 1], grid[best + 1]) : grid[best];

  const { c, intercept: a, slope, squares } = lineAt(u);
  const b = slope * Math.exp(-c * first);
  const n = points.length;
  const residualDeviation = Math.sqrt(squares / (n - 3));
  return {
    law,
    points: n,
    a,
    b,
    c,
    residualSquares: squares,
    residualDeviation,
    standardErrors: inside ? standardErrors(x, { a, b, c }, residualDeviation) : null,
    aic: n * Math.log(squares / n) + 2 * 4,
  };
}

/** y of a law at t. */
export function decayAt({ law, a, b, c }: DecayParameters & { readonly law: DecayLaw }, t: number): number {
  return a + b * (law === 'exponential' ? Math.exp(c * t) : t ** c);
}

/** The straight line intercept + slope f of least squares. */
function line(f: readonly number[], y: readonly number[]) {
  const [meanF, meanY] = [mean(f), mean(y)];
  let [fy, ff] = [0, 0];
  f.forEach((value, i) => {
    fy += (value - meanF) * (y[i] - meanY);
    ff += (value - meanF) ** 2;
  });
  const slope = fy / ff;
  const intercept = meanY - slope * meanF;
  const squares = y.reduce((sum, value, i) => sum + (value - intercept - slope * f[i]) ** 2, 0);
  return { intercept, slope, squares };
}

/** Where a function with one minimum between two points has it, by golden sections (Kiefer 1953). */
function lowest(of: (u: number) => number, from: number, to: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [left, right] = [from, to];
  let [a, b] = [right - golden * (right - left), left + golden * (right - left)];
  let [atA, atB] = [of(a), of(b)];
  for (let section = 0; section < 60; section++) {
    if (atA < atB) {
      [right, b, atB] = [b, a, atA];
      a = right - golden * (right - left);
      atA = of(a);
    } else {
      [left, a, atA] = [a, b, atB];
      b = left + golden * (right - left);
      atB = of(b);
    }
  }
  return (left + right) / 2;
}

/** s sqrt(diag((J^T J)^-1)), J with columns of length one: those of b and c differ by orders of magnitude. */
function standardErrors(x: readonly number[], { b, c }: DecayParameters, deviation: number): DecayParameters {
  const columns = [x.map(() => 1), x.map((v) => Math.exp(c * v)), x.map((v) => b * v * Math.exp(c * v))];
  const lengths = columns.map((column) => Math.hypot(...column));
  const gram = columns.map((p, i) =>
    columns.map((q, j) => p.reduce((sum, value, k) => sum + value * q[k], 0) / (lengths[i] * lengths[j])),
  );
  const minor = (i: number, j: number) => {
    const [[p, q], [r, s]] = gram.filter((_, row) => row !== i).map((row) => row.filter((_, column) => column !== j));
    return p * s - q * r;
  };
  const determinant = gram[0][0] * minor(0, 0) - gram[0][1] * minor(0, 1) + gram[0][2] * minor(0, 2);
  const [ofA, ofB, ofC] = lengths.map((length, i) => (deviation * Math.sqrt(minor(i, i) / determinant)) / length);
  return { a: ofA, b: ofB, c: ofC };
}

function check(points: readonly Point[]): void {
  const broken = points.find(({ t, y }) => !(t > 0 && t < Number.POSITIVE_INFINITY && Number.isFinite(y)));
  if (broken) throw new RangeError(`fitDecay: expected finite y at positive t, found ${broken.y} at ${broken.t}`);
  const different = new Set(points.map(({ t }) => t)).size;
  if (points.length < 4 || different < 3) {
    throw new RangeError(`fitDecay: expected 4 points at 3 different t, found ${points.length} at ${different}`);
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
