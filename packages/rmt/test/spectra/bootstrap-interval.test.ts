import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { bootstrapInterval, brodyFit, kolmogorovSmirnov, poissonSpacing } from '../../src/index.js';
import { summary } from '../sampling.js';
import { correlatedGroups } from './correlated-groups.js';

const meanOf = (groups: readonly Float64Array[]) => {
  const values = groups.flatMap((group) => [...group]);
  return values.reduce((sum, x) => sum + x, 0) / values.length;
};

describe('bootstrapInterval', () => {
  it('has the standard error of the mean of the groups, s/sqrt(m), and the interval of Student', () => {
    const groups = correlatedGroups(10, 20, 0.3, randomStream(1, 'groups'));
    const { mean, deviation } = summary(groups.map((group) => meanOf([group])));
    const resamples = 4000;
    const estimate = bootstrapInterval({ groups, statistic: meanOf, resamples }, randomStream(1, 'resamples'));
    expect(estimate.value).toBeCloseTo(mean, 12);
    const expected = deviation / Math.sqrt(10);
    // A standard deviation of 4000 draws is known to 1/sqrt(8000); a mean of ten exponential-like means is near to normal.
    expect(Math.abs(estimate.standardError / expected - 1)).toBeLessThan(5 / Math.sqrt(2 * resamples));
    expect(Math.abs(estimate.bias)).toBeLessThan((5 * expected) / Math.sqrt(resamples));
    expect((estimate.interval95[1] - estimate.value) / estimate.standardError).toBeCloseTo(2.26216, 4);
    expect(estimate.value - estimate.interval95[0]).toBeCloseTo(estimate.interval95[1] - estimate.value, 12);
  });

  it('knows that values of one group depend on each other: 95 of 100 intervals hold the truth', () => {
    const draws = 300;
    let hits = 0;
    for (let draw = 0; draw < draws; draw++) {
      const groups = correlatedGroups(12, 30, 0.4, randomStream(draw, 'coverage'));
      const { interval95 } = bootstrapInterval(
        { groups, statistic: meanOf, resamples: 200 },
        randomStream(draw, 'resamples'),
      );
      if (interval95[0] <= 1 && 1 <= interval95[1]) hits++;
    }
    expect(Math.abs(hits / draws - 0.95)).toBeLessThan(5 * Math.sqrt((0.95 * 0.05) / draws));
  });

  it('resamples a single group in blocks: the variance of block means over their number, as they stand in the group', () => {
    const random = randomStream(2, 'one');
    // Each value is close to the one before.
    let state = 0;
    const group = Float64Array.from({ length: 400 }, () => (state = 0.8 * state + random.normal()));
    const [blockLength, resamples] = [20, 4000];
    const estimate = bootstrapInterval({ groups: [group], statistic: meanOf, resamples, blockLength }, random);
    const blockMeans = Array.from({ length: 381 }, (_, i) => meanOf([group.subarray(i, i + 20)]));
    // 20 blocks, and 20/19 for the variance that resampling them loses.
    const expected = (summary(blockMeans).deviation / Math.sqrt(20)) * Math.sqrt(20 / 19);
    expect(Math.abs(estimate.standardError / expected - 1)).toBeLessThan(5 / Math.sqrt(2 * resamples) + 1 / 381);
    const independent = summary(group).deviation / Math.sqrt(400);
    expect(estimate.standardError).toBeGreaterThan(2 * independent);
  });

  it('gives a fit of spacings that depend on each other a larger error than the fit, which takes them for independent', () => {
    // Exponentials to the power 2/3 over their mean Gamma(5/3) follow Brody's law of parameter 1/2.
    const exponential = correlatedGroups(20, 100, 0.3, randomStream(3, 'fits'));
    const groups = exponential.map((group) => group.map((x) => x ** (2 / 3) / 0.9027452929509336));
    const fit = (drawn: readonly Float64Array[]) => brodyFit(Float64Array.from(drawn.flatMap((group) => [...group])));
    const parameters = { groups, statistic: (drawn: readonly Float64Array[]) => fit(drawn).parameter, resamples: 100 };
    const { value, standardError } = bootstrapInterval(parameters, randomStream(3, 'resamples'));
    expect(value).toBe(fit(groups).parameter);
    expect(standardError).toBeGreaterThan(1.5 * fit(groups).standardError);
  });

  it('shows in its bias that a distance is not smooth', () => {
    const groups = correlatedGroups(50, 20, 0, randomStream(4, 'distance'));
    const distance = (drawn: readonly Float64Array[]) =>
      kolmogorovSmirnov(Float64Array.from(drawn.flatMap((group) => [...group])).sort(), poissonSpacing());
    const { bias, standardError } = bootstrapInterval({ groups, statistic: distance }, randomStream(4, 'resamples'));
    expect(bias).toBeGreaterThan(standardError / 2);
  });

  it('refuses what cannot be resampled', () => {
    const random = randomStream(5, 'refused');
    const one = [new Float64Array(10)];
    expect(() => bootstrapInterval({ groups: [], statistic: meanOf }, random)).toThrow('at least one group');
    expect(() => bootstrapInterval({ groups: [one[0], new Float64Array(0)], statistic: meanOf }, random)).toThrow(
      'found none in group 1',
    );
    expect(() => bootstrapInterval({ groups: one, statistic: meanOf, blockLength: 6 }, random)).toThrow(
      'two blocks of 6 or more to be resampled, found 10 values',
    );
    expect(() => bootstrapInterval({ groups: one, statistic: () => Number.NaN }, random)).toThrow('found NaN');
    expect(() => bootstrapInterval({ groups: one, statistic: meanOf, resamples: 1 }, random)).toThrow('at least 2');
  });
});
