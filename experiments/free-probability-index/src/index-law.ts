import type { RandomStream } from '@hessian-rmt/numerics';

/** A critical point as Figure 6 shows it. */
export interface IndexedPoint {
  readonly energy: number;
  /** Share of negative eigenvalues. */
  readonly index: number;
}

/** Mean energy of the critical points of one index (Fig. 6a draws these). */
export interface IndexLevel {
  readonly index: number;
  readonly energy: number;
  /** Standard error of the mean; 0 for a single point. */
  readonly standardError: number;
  readonly count: number;
}

export interface IndexLaw {
  /** eps_c, the energy at index 0. */
  readonly criticalEnergy: number;
  /** alpha_0. */
  readonly prefactor: number;
  /** 3/2 in the paper. */
  readonly exponent: number;
  /** Root mean square distance of the energies of the levels from the law, weighted by their points, over eps_c. */
  readonly misfit: number;
  readonly points: number;
}

export interface IndexLawOptions {
  /** Points of larger index are left out: the law is stated for small ones. */
  readonly upTo: number;
  /** Fixed; without it the exponent is fitted too. */
  readonly exponent?: number;
}

/** Exponents tried when it is fitted. */
const exponents = { from: 0.25, to: 6 };

/** Levels in ascending order of the index. */
export function levelsOf(points: readonly IndexedPoint[]): IndexLevel[] {
  const byIndex = new Map<number, number[]>();
  for (const { index, energy } of points) {
    const energies = byIndex.get(index);
    if (energies) energies.push(energy);
    else byIndex.set(index, [energy]);
  }
  return [...byIndex]
    .sort(([one], [other]) => one - other)
    .map(([index, energies]) => {
      const count = energies.length;
      const energy = energies.reduce((sum, value) => sum + value, 0) / count;
      const squares = energies.reduce((sum, value) => sum + (value - energy) ** 2, 0);
      return { index, energy, count, standardError: count > 1 ? Math.sqrt(squares / (count - 1) / count) : 0 };
    });
}

/**
 * Least squares of alpha = alpha_0 ((eps - eps_c)/eps_c)^p, read as the mean energy at a given index:
 * eps = eps_c + b alpha^(1/p), which is linear in eps_c and b = eps_c alpha_0^(-1/p). Each point counts once.
 *
 * @returns undefined where there are fewer than four levels up to `upTo`, or no positive eps_c and b fit
 */
export function fitIndexLaw(
  points: readonly IndexedPoint[],
  { upTo, exponent }: IndexLawOptions,
): IndexLaw | undefined {
  const levels = levelsOf(points.filter(({ index }) => index <= upTo));
  if (levels.length < 4) return undefined;
  const best = exponent ?? minimiserOf((p) => lineThrough(levels, p).residual);
  const { intercept, slope, residual, weight } = lineThrough(levels, best);
  if (!(intercept > 0 && slope > 0)) return undefined;
  return {
    criticalEnergy: intercept,
    prefactor: (intercept / slope) ** best,
    exponent: best,
    misfit: Math.sqrt(residual / weight) / intercept,
    points: weight,
  };
}

/**
 * How far the mean energies of the levels lie from a law, root mean square over the points, beyond what their scatter
 * explains: the sum of squares for lack of fit less what it is on average when the law holds, in units of the energy. 0
 * where the scatter explains all of it; undefined where no level has two points.
 */
export function lackOfFit(points: readonly IndexedPoint[], law: IndexLaw): number | undefined {
  const levels = levelsOf(points);
  const freedom = points.length - levels.length;
  if (freedom === 0) return undefined;
  let [scatter, distance] = [0, 0];
  for (const { index, energy, count, standardError } of levels) {
    scatter += standardError ** 2 * count * (count - 1);
    const onLaw = law.criticalEnergy * (1 + (index / law.prefactor) ** (1 / law.exponent));
    distance += count * (energy - onLaw) ** 2;
  }
  // Two parameters, eps_c and alpha_0, were fitted.
  const explained = (scatter / freedom) * (levels.length - 2);
  return Math.sqrt(Math.max(0, distance - explained) / points.length);
}

/** 95 % intervals of a fit, by drawing the points anew with replacement (Efron & Tibshirani 1993, sec. 13.3). */
export function bootstrapIndexLaw(
  points: readonly IndexedPoint[],
  options: IndexLawOptions,
  random: RandomStream,
  draws = 400,
): { readonly criticalEnergy: readonly [number, number]; readonly exponent: readonly [number, number] } | undefined {
  const fits: IndexLaw[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const fit = fitIndexLaw(
      points.map(() => points[random.integer(points.length)]),
      options,
    );
    if (fit) fits.push(fit);
  }
  // A fit that fails in one draw of ten has no interval worth the name.
  if (fits.length < 0.9 * draws) return undefined;
  const middle = (values: readonly number[]) => {
    const sorted = Float64Array.from(values).sort();
    return [sorted[Math.floor(0.025 * sorted.length)], sorted[Math.ceil(0.975 * sorted.length) - 1]] as const;
  };
  return {
    criticalEnergy: middle(fits.map(({ criticalEnergy }) => criticalEnergy)),
    exponent: middle(fits.map(({ exponent }) => exponent)),
  };
}

/** Weighted least squares of the energies of the levels on index^(1/p). */
function lineThrough(levels: readonly IndexLevel[], p: number) {
  let weight = 0;
  let [meanX, meanY] = [0, 0];
  const powers = new Float64Array(levels.length);
  for (let i = 0; i < levels.length; i++) {
    const { index, energy, count } = levels[i];
    powers[i] = index ** (1 / p);
    weight += count;
    meanX += count * powers[i];
    meanY += count * energy;
  }
  meanX /= weight;
  meanY /= weight;
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < levels.length; i++) {
    const { energy, count } = levels[i];
    const x = powers[i] - meanX;
    const y = energy - meanY;
    xx += count * x * x;
    xy += count * x * y;
    yy += count * y * y;
  }
  const slope = xy / xx;
  return { slope, intercept: meanY - slope * meanX, residual: Math.max(0, yy - slope * xy), weight };
}

/** Least point of a function of the exponent: on a grid in log p, then by golden section around the best. */
function minimiserOf(f: (p: number) => number): number {
  const steps = 30;
  const at = (i: number) => exponents.from * (exponents.to / exponents.from) ** (i / steps);
  const values = Array.from({ length: steps + 1 }, (_, i) => f(at(i)));
  const best = values.indexOf(Math.min(...values));
  let [lower, upper] = [at(Math.max(0, best - 1)), at(Math.min(steps, best + 1))];
  const golden = (Math.sqrt(5) - 1) / 2;
  while (upper - lower > 1e-5) {
    const left = upper - golden * (upper - lower);
    const right = lower + golden * (upper - lower);
    if (f(left) < f(right)) upper = right;
    else lower = left;
  }
  return (lower + upper) / 2;
}
