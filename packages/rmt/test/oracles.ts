import { expect } from 'vitest';
import type { Law } from '../src/index.js';

/** Integral over [a, b] by the tanh-sinh rule (Takahasi & Mori 1974), which forgives singularities at the ends. */
export function integral(f: (x: number) => number, a: number, b: number, h = 1 / 128): number {
  let sum = 0;
  for (let i = -6 / h; i <= 6 / h; i++) {
    const s = (Math.PI / 2) * Math.sinh(i * h);
    // The nearer end and the distance to it, free of cancellation.
    const distance = (b - a) / (1 + Math.exp(2 * Math.abs(s)));
    const x = s < 0 ? a + distance : b - distance;
    const weight = (Math.PI / 2) * (Math.cosh(i * h) / Math.cosh(s) ** 2);
    if (weight > 0 && x > a && x < b) sum += weight * f(x);
  }
  return (sum * h * (b - a)) / 2;
}

/** What every law must satisfy, whatever its formulas. */
export function expectLaw(law: Law, tolerance = 1e-12): void {
  const atomMass = law.atoms.reduce((sum, { mass }) => sum + mass, 0);
  const atomsUpTo = (x: number) => law.atoms.reduce((sum, { at, mass }) => (at <= x ? sum + mass : sum), 0);
  // Enough for densities whose only singularities are edges and what lies near one.
  const step = 1 / 64;
  let below = 0;
  for (const [a, b] of law.support) {
    for (const share of [1e-6, 1e-3, 0.1, 0.3, 0.5, 0.8, 0.99, 1 - 1e-5]) {
      const x = a + share * (b - a);
      const mass = atomsUpTo(x) + below + integral(law.density, a, x, step);
      expect(Math.abs(law.cumulative(x) - mass), `${law.name}: cumulative at ${x}`).toBeLessThan(tolerance);
    }
    below += integral(law.density, a, b, step);
  }
  expect(Math.abs(below + atomMass - 1), `${law.name}: total mass`).toBeLessThan(tolerance);

  for (let k = 0; k <= 8; k++) {
    const size = law.support.reduce(
      (sum, [a, b]) => sum + integral((x) => Math.abs(x) ** k * law.density(x), a, b, step),
      0,
    );
    let moment = law.support.reduce((sum, [a, b]) => sum + integral((x) => x ** k * law.density(x), a, b, step), 0);
    for (const { at, mass } of law.atoms) moment += mass * at ** k;
    expect(Math.abs(law.moment(k) - moment), `${law.name}: moment ${k}`).toBeLessThan(tolerance * (size + atomMass));
  }

  for (const p of [1e-12, 1e-6, 0.01, 0.2, 0.5, 0.77, 0.999, 1 - 1e-9]) {
    const x = law.quantile(p);
    const jump = law.atoms.find(({ at }) => at === x)?.mass ?? 0;
    // No better than the spacing of floating-point numbers at x.
    const resolution = 1e-14 + 4 * law.density(x) * Number.EPSILON * Math.abs(x);
    expect(law.cumulative(x), `${law.name}: quantile ${p}`).toBeGreaterThan(p - resolution);
    expect(law.cumulative(x) - jump, `${law.name}: quantile ${p}`).toBeLessThan(p + resolution);
  }
  const first = law.support[0][0];
  const last = Math.max(law.support[law.support.length - 1][1], ...law.atoms.map(({ at }) => at));
  expect(law.quantile(0)).toBe(Math.min(first, ...law.atoms.map(({ at }) => at)));
  expect(Math.abs(law.quantile(1) - last)).toBeLessThan(1e-7 * (last - first));
  expect(law.cumulative(last)).toBeCloseTo(1, 13);
  expect(law.cumulative(last + 1)).toBe(law.cumulative(last));
  expect(law.density(last + 1)).toBe(0);
  expect(law.density(Math.min(first, 0) - 1)).toBe(0);
  expect(law.cumulative(Math.min(first, 0) - 1)).toBe(0);
  expect(() => law.quantile(1.5)).toThrow('between 0 and 1, found 1.5');
  expect(() => law.quantile(Number.NaN)).toThrow(RangeError);
  expect(() => law.moment(-1)).toThrow('integer of at least 0, found -1');
}

/** Bound on the distance of n independent draws from their law, exceeded once in a million (Massart 1990). */
export const independentBound = (n: number) => Math.sqrt(Math.log(2 / 1e-6) / (2 * n));

/**
 * Bound on the distance of the n eigenvalues of one real matrix from their law. The number of them above a point has
 * variance (ln n)/pi^2 + O(1) (O'Rourke 2010, for beta = 1): five deviations, with 1/2 for the O(1), and one for the
 * steps of the staircase and the 1/n correction of the mean density. With n - `random` exact zeros, only `random` of the
 * eigenvalues fluctuate.
 */
export const rigidBound = (n: number, random = n) => (5 * Math.sqrt(Math.log(random) / Math.PI ** 2 + 0.5) + 1) / n;
