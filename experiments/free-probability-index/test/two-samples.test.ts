import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { twoSampleTest } from '../src/two-samples.js';

describe('twoSampleTest', () => {
  it('has the exact p-value of two samples that do not overlap, within the error of its draws', () => {
    // Of the 20 divisions of six values in two halves, two are as far apart as this one.
    const { distance, pValue } = twoSampleTest([1, 2, 3], [4, 5, 6], randomStream(1, 'exact'), 4000);
    expect(distance).toBe(1);
    // Five standard deviations of a binomial share.
    expect(Math.abs(pValue - 0.1)).toBeLessThan(5 * Math.sqrt((0.1 * 0.9) / 4000) + 1 / 4000);
  });

  it('rejects one time in twenty where the distributions are one, with ties and unequal sizes', () => {
    const trials = 200;
    let rejected = 0;
    for (let trial = 0; trial < trials; trial++) {
      const random = randomStream(trial, 'level');
      const draw = (count: number) => Array.from({ length: count }, () => random.integer(6));
      if (twoSampleTest(draw(12), draw(30), random.stream('draws'), 200).pValue <= 0.05) rejected++;
    }
    // Ties make it conservative; above 0.05 it would be wrong: 10 expected at most, 21 is beyond four standard deviations.
    expect(rejected).toBeLessThanOrEqual(21);
  });

  it('finds a shift', () => {
    const random = randomStream(1, 'shift');
    const values = (shift: number) => Array.from({ length: 100 }, () => random.normal() + shift);
    expect(twoSampleTest(values(0), values(1), random.stream('draws')).pValue).toBeLessThan(0.01);
  });

  it('refuses an empty sample', () => {
    expect(() => twoSampleTest([], [1], randomStream(1, 'empty'))).toThrow('found 0 and 1');
  });
});
