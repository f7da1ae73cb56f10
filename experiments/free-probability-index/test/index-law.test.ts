import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { bootstrapIndexLaw, fitIndexLaw, type IndexedPoint, levelsOf } from '../src/index-law.js';

/** Points on alpha = alpha_0 ((eps - eps_c)/eps_c)^p, with normal noise in the energy. */
function pointsOnLaw(p: number, noise: number, { criticalEnergy = 0.2, prefactor = 0.3, runs = 400 } = {}) {
  const random = randomStream(3, 'points', `${p}`);
  return Array.from({ length: runs }, (): IndexedPoint => {
    const index = random.integer(40) / 200;
    return { index, energy: criticalEnergy * (1 + (index / prefactor) ** (1 / p)) + noise * random.normal() };
  });
}

describe('fitIndexLaw', () => {
  it.each([0.7, 1, 1.5, 3])('finds the exponent %d, the critical energy and the prefactor of exact points', (p) => {
    const fit = fitIndexLaw(pointsOnLaw(p, 0), { upTo: 0.2 });
    expect(fit!.exponent).toBeCloseTo(p, 4);
    expect(fit!.criticalEnergy).toBeCloseTo(0.2, 5);
    expect(fit!.prefactor).toBeCloseTo(0.3, 3);
    expect(fit!.misfit).toBeLessThan(1e-5);
  });

  it('keeps an exponent that is given, and then fits worse', () => {
    const points = pointsOnLaw(0.7, 0);
    const forced = fitIndexLaw(points, { upTo: 0.2, exponent: 1.5 })!;
    expect(forced.exponent).toBe(1.5);
    expect(forced.misfit).toBeGreaterThan(100 * fitIndexLaw(points, { upTo: 0.2 })!.misfit);
  });

  it('looks at small indices only', () => {
    const far = pointsOnLaw(1.5, 0).map((point) => (point.index > 0.1 ? { ...point, energy: 9 } : point));
    const fit = fitIndexLaw(far, { upTo: 0.1 })!;
    expect(fit.criticalEnergy).toBeCloseTo(0.2, 5);
    expect(fit.points).toBe(far.filter(({ index }) => index <= 0.1).length);
  });

  it('gives nothing for three levels, or where energies fall with the index', () => {
    expect(fitIndexLaw(pointsOnLaw(1, 0), { upTo: 0.01 })).toBeUndefined();
    const falling = [0, 0.05, 0.1, 0.15].map((index) => ({ index, energy: 1 - index }));
    expect(fitIndexLaw(falling, { upTo: 1, exponent: 1.5 })).toBeUndefined();
  });
});

describe('bootstrapIndexLaw', () => {
  it('covers the truth about as often as it says', () => {
    let covered = 0;
    const trials = 40;
    for (let trial = 0; trial < trials; trial++) {
      const random = randomStream(trial, 'coverage');
      const points = Array.from({ length: 300 }, () => {
        const index = random.integer(30) / 200;
        return { index, energy: 0.2 * (1 + (index / 0.3) ** (2 / 3)) + 0.01 * random.normal() };
      });
      const { exponent } = bootstrapIndexLaw(points, { upTo: 0.2 }, random.stream('draws'), 100)!;
      if (exponent[0] <= 1.5 && 1.5 <= exponent[1]) covered++;
    }
    // Binomial with p = 0.95 and 40 trials: fewer than 33 in one case of 3,000; the draws are fixed.
    expect(covered).toBeGreaterThanOrEqual(33);
  });
});

describe('levelsOf', () => {
  it('averages the points of each index, in ascending order', () => {
    const points = [
      { index: 0.2, energy: 3 },
      { index: 0.1, energy: 1 },
      { index: 0.2, energy: 5 },
    ];
    expect(levelsOf(points)).toEqual([
      { index: 0.1, energy: 1, count: 1, standardError: 0 },
      { index: 0.2, energy: 4, count: 2, standardError: 1 },
    ]);
  });
});
