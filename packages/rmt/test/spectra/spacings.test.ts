import { type LinearAlgebra, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  betaHermiteEigenvalues,
  gaussianOrthogonalUnfolding,
  kolmogorovSmirnov,
  nextNearestSpacings,
  poissonSpacing,
  spacings,
  wignerSurmise,
} from '../../src/index.js';
import { independentBound } from '../oracles.js';
import { expectMean, repeat, summary } from '../sampling.js';

let algebra: LinearAlgebra;
beforeAll(async () => {
  algebra = await linearAlgebra({ threads: 1 });
});

/** The middle half of unfolded spectra of the Gaussian orthogonal ensemble: the semicircle's edges are left out. */
async function unfoldedOrthogonal(size: number, spectra: number): Promise<Float64Array[]> {
  const random = randomStream(11, 'orthogonal');
  const { unfold } = gaussianOrthogonalUnfolding({ size });
  return repeat(spectra, async () =>
    unfold(await betaHermiteEigenvalues({ size, beta: 1 }, random, algebra)).slice(size / 4, (3 * size) / 4),
  );
}

describe('spacings', () => {
  it('are the differences of neighbours, and of next-nearest neighbours', () => {
    const levels = Float64Array.of(-2, 0, 0, 1, 5);
    expect([...spacings(levels)]).toEqual([2, 0, 1, 4]);
    expect([...nextNearestSpacings(levels)]).toEqual([2, 1, 5]);
  });

  it('are none of too few levels', () => {
    for (const count of [0, 1]) {
      expect(spacings(new Float64Array(count))).toHaveLength(0);
      expect(nextNearestSpacings(new Float64Array(count + 1))).toHaveLength(0);
    }
  });

  it('refuse unsorted and unbounded levels', () => {
    expect(() => spacings(Float64Array.of(1, 0))).toThrow('the levels of spacings must be in ascending order');
    expect(() => nextNearestSpacings(Float64Array.of(0, Number.NaN))).toThrow('must be finite, found NaN');
  });

  it('of the orthogonal ensemble have mean 1 and variance 0.286, which is not that of the surmise', async () => {
    // Large matrices: 0.286 (Mehta 2004, by the exact law; three digits); the surmise: 4/pi - 1 = 0.273. Per spectrum the
    // mean of (s - 1)^2, so that the bound comes from independent spectra; 5e-4 for the digits not printed.
    const spectra = await unfoldedOrthogonal(200, 1200);
    expectMean(
      spectra.map((levels) => summary(spacings(levels)).mean),
      1,
      'mean spacing',
    );
    const squares = spectra.map((levels) => summary(spacings(levels).map((s) => (s - 1) ** 2)).mean);
    const { mean, deviation } = summary(squares);
    const bound = (5 * deviation) / Math.sqrt(squares.length) + 5e-4;
    expect(Math.abs(mean - 0.286)).toBeLessThan(bound);
    expect(mean - (4 / Math.PI - 1)).toBeGreaterThan(bound);
  });

  it('of next-nearest neighbours in the orthogonal ensemble are twice those of the symplectic one, of mean 2', async () => {
    const spectra = await unfoldedOrthogonal(200, 400);
    const pairs = spectra.map(nextNearestSpacings);
    expectMean(
      pairs.map((two) => summary(two).mean),
      2,
      'mean of next-nearest spacings',
    );
    // Every third of them shares no level with the next; the surmise is itself within 0.002 of the exact law at beta = 4.
    const halves = Float64Array.from(
      pairs.flatMap((two) => [...two.filter((_, i) => i % 3 === 0)]),
      (s) => s / 2,
    ).sort();
    const distance = (beta: 1 | 2 | 4) => kolmogorovSmirnov(halves, wignerSurmise({ beta }));
    expect(distance(4)).toBeLessThan(independentBound(halves.length) + 0.002);
    expect(distance(2)).toBeGreaterThan(2 * distance(4));
  });

  it('of levels that do not interact are exponential, and gamma at the next-nearest neighbour', () => {
    const random = randomStream(5, 'poisson');
    const levels = Float64Array.from({ length: 20_001 }, () => 20_000 * random.uniform()).sort();
    // Uniform levels, given their number: spacings are exponential with 1/n of dependence, so the bound is conservative.
    expect(kolmogorovSmirnov(spacings(levels).sort(), poissonSpacing())).toBeLessThan(independentBound(20_000));
    const apart = nextNearestSpacings(levels)
      .filter((_, i) => i % 2 === 0)
      .sort();
    expect(kolmogorovSmirnov(apart, poissonSpacing({ neighbour: 2 }))).toBeLessThan(independentBound(apart.length));
  });
});
