import { type LinearAlgebra, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  betaHermiteEigenvalues,
  foldedSpacingRatios,
  kolmogorovSmirnov,
  poissonRatio,
  ratioSurmise,
  spacingRatios,
} from '../../src/index.js';
import { independentBound } from '../oracles.js';
import { expectMean, repeat, summary } from '../sampling.js';

let algebra: LinearAlgebra;
beforeAll(async () => {
  algebra = await linearAlgebra({ threads: 1 });
});

const spectraOf = (beta: number, size: number, count: number) => {
  const random = randomStream(21, `beta ${beta}`);
  return repeat(count, () => betaHermiteEigenvalues({ size, beta }, random, algebra));
};

describe('spacing ratios', () => {
  it('are Eq. 11 as printed, from its third level on', () => {
    const levels = Float64Array.from([3, 3.5, 5, 5.25, 9]);
    const printed: number[] = [];
    // 1-based: lambda_1 is levels[0].
    const lambda = (i: number) => levels[i - 1];
    for (let i = 3; i <= 5; i++) printed.push((lambda(i) - lambda(i - 1)) / (lambda(i - 1) - lambda(i - 2)));
    expect([...spacingRatios(levels)]).toEqual(printed);
    expect([...foldedSpacingRatios(levels)]).toEqual(printed.map((r) => Math.min(r, 1 / r)));
  });

  it('do not depend on place or scale, and the folded ones not on direction', () => {
    const levels = Float64Array.from({ length: 50 }, (_, i) => i * i + (i % 7));
    const [ratios, folded] = [spacingRatios(levels), foldedSpacingRatios(levels)];
    expect([...spacingRatios(levels.map((l) => 8 * l - 1024))]).toEqual([...ratios]);
    expect([...foldedSpacingRatios(levels.map((l) => -l).reverse())]).toEqual([...folded].reverse());
  });

  it('are none of fewer than three levels', () => {
    for (const count of [0, 1, 2]) {
      expect(spacingRatios(Float64Array.from({ length: count }, (_, i) => i))).toHaveLength(0);
    }
  });

  it('refuse equal levels, saying where and what to do', () => {
    for (const ratios of [spacingRatios, foldedSpacingRatios]) {
      expect(() => ratios(Float64Array.of(0, 1, 1, 2))).toThrow(
        'must differ, found 1 at positions 1 and 2: merge them with distinctLevels first',
      );
      // Also where no denominator would vanish.
      expect(() => ratios(Float64Array.of(0, 1, 1))).toThrow('distinctLevels');
    }
    expect(() => spacingRatios(Float64Array.of(1, 0))).toThrow('ascending');
  });

  it.each([
    ['orthogonal', 1, 0.5307],
    ['unitary', 2, 0.5996],
  ])('of the %s ensemble have the folded mean of Atas et al., table I', async (_, beta, published) => {
    // They print 1e-4 of statistical error, at matrices of 1000: for ours of 200 the middle half, away from the edges.
    const means = (await spectraOf(beta, 200, 1200)).map(
      (levels) => summary(foldedSpacingRatios(levels.subarray(50, 150))).mean,
    );
    const { mean, deviation } = summary(means);
    expect(Math.abs(mean - published)).toBeLessThan((5 * deviation) / Math.sqrt(means.length) + 1e-4);
  });

  it('of the orthogonal ensemble follow the surmise as closely as it is good, and have .98484 of its mass below 10', async () => {
    expect(ratioSurmise({ beta: 1 }).cumulative(10)).toBeCloseTo(0.98484, 5);
    const perSpectrum = (await spectraOf(1, 200, 600)).map((levels) => spacingRatios(levels.subarray(50, 150)));
    // Every fourth shares no level with the next. Surmise and large matrices differ by up to 0.005 in the cumulative:
    // the integral of the correction that Atas et al. fit, eq. 9 with C = 0.233378.
    const apart = perSpectrum.flatMap((ratios) => [...ratios.filter((_, i) => i % 4 === 0)]);
    const sorted = Float64Array.from(apart).sort();
    expect(kolmogorovSmirnov(sorted, ratioSurmise({ beta: 1 }))).toBeLessThan(independentBound(sorted.length) + 0.005);
    expect(kolmogorovSmirnov(sorted, poissonRatio())).toBeGreaterThan(0.1);
  });

  it('of levels that do not interact have folded mean 2 log 2 - 1', () => {
    const random = randomStream(22, 'poisson');
    const means = Array.from({ length: 400 }, () => {
      const levels = Float64Array.from({ length: 102 }, () => random.uniform()).sort();
      return summary(foldedSpacingRatios(levels)).mean;
    });
    expectMean(means, 2 * Math.LN2 - 1, 'mean folded ratio');
  });
});
