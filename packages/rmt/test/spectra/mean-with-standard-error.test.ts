import { type LinearAlgebra, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { beforeAll, describe, expect, it } from 'vitest';
import { betaHermiteEigenvalues, foldedSpacingRatios, meanWithStandardError } from '../../src/index.js';
import { integral } from '../oracles.js';
import { repeat, summary } from '../sampling.js';

let algebra: LinearAlgebra;
beforeAll(async () => {
  algebra = await linearAlgebra({ threads: 1 });
});

const poissonRatios = (count: number, random: ReturnType<typeof randomStream>) =>
  foldedSpacingRatios(Float64Array.from({ length: count + 2 }, () => random.uniform()).sort());

/** Five binomial deviations of a share of `draws` at this probability. */
const binomialBound = (p: number, draws: number) => 5 * Math.sqrt((p * (1 - p)) / draws);

describe('meanWithStandardError', () => {
  it('is the ratio estimator over spectra, worked out by hand', () => {
    const groups = [Float64Array.of(1, 2, 3), Float64Array.of(5), new Float64Array(0), Float64Array.of(1, 0)];
    // Sums 6, 5, 1 of 3, 1, 2 values: mean 2; deviations 0, 3, -3; variance (3/2)(9 + 9)/36.
    const estimate = meanWithStandardError(groups, { independent: 'spectra' });
    expect(estimate).toMatchObject({ mean: 2, count: 6, independent: 'spectra', clusters: 3 });
    expect(estimate.standardError).toBeCloseTo(Math.sqrt(0.75), 14);
    // Student's t at 2 degrees of freedom, and the variance of a value, 16/5.
    expect(estimate.interval95[0]).toBeCloseTo(2 - 4.30265 * Math.sqrt(0.75), 4);
    expect(estimate.interval95[1]).toBeCloseTo(2 + 4.30265 * Math.sqrt(0.75), 4);
    expect(estimate.effectiveCount).toBeCloseTo(3.2 / 0.75, 13);
  });

  it('cuts few spectra into blocks that hold every value once', () => {
    // Blocks of 3 of ten values, 0 1 2, 3 4 5, 6 7 8 9, and one block each of two single values.
    const values = Float64Array.from({ length: 10 }, (_, i) => i);
    const estimate = meanWithStandardError([values, Float64Array.of(4, 5)]);
    expect(estimate).toMatchObject({ mean: 4.5, count: 12, independent: 'blocks', clusters: 5 });
    const squares = [3 - 13.5, 12 - 13.5, 30 - 18, 4 - 4.5, 5 - 4.5].reduce((sum, x) => sum + x * x, 0);
    expect(estimate.standardError).toBeCloseTo(Math.sqrt((5 / 4) * squares) / 12, 14);
  });

  it('takes spectra from eight of them on, unless told otherwise', () => {
    const groups = Array.from({ length: 8 }, (_, g) => Float64Array.of(g, g + 1, 2));
    expect(meanWithStandardError(groups)).toMatchObject({ independent: 'spectra', clusters: 8 });
    expect(meanWithStandardError(groups.slice(1))).toMatchObject({ independent: 'blocks', clusters: 21 });
    expect(meanWithStandardError(groups, { independent: 'blocks' })).toMatchObject({ clusters: 24 });
  });

  it('finds what the shared spacing does to ratios of levels that do not interact, by either way', () => {
    // Given the shared spacing s the two ratios are independent: their covariance is the variance of
    // g(s) = E min(s, t)/max(s, t) over an exponential t, and ratios farther apart are independent.
    const exponential = (f: (s: number) => number) => integral((s) => f(s) * Math.exp(-s), 0, 40, 1 / 32);
    const beyond = (s: number) => integral((t) => Math.exp(-t) / t, s, s + 40, 1 / 16);
    const g = (s: number) => (1 - Math.exp(-s) * (1 + s)) / s + s * beyond(s);
    const mean = 2 * Math.LN2 - 1;
    const covariance = exponential((s) => g(s) ** 2) - mean ** 2;
    const variance = 3 - 4 * Math.LN2 - mean ** 2;
    expect(exponential(g)).toBeCloseTo(mean, 10);
    expect(covariance / variance).toBeCloseTo(0.1542, 4);
    const random = randomStream(6, 'poisson');
    const n = 250;
    const groups = Array.from({ length: 800 }, () => poissonRatios(n, random));
    const exact = (variance + 2 * (1 - 1 / n) * covariance) / (n * groups.length);
    // A variance estimated from G clusters has relative deviation sqrt(2/G): here of about 800, and of 800 * 16 blocks.
    const bySpectra = meanWithStandardError(groups);
    expect(Math.abs(bySpectra.standardError ** 2 / exact - 1)).toBeLessThan(5 * Math.sqrt(2 / 800));
    expect(Math.abs(bySpectra.mean - mean)).toBeLessThan(5 * Math.sqrt(exact));
    // Blocks of 15 or 16 lose the covariance across their ends, 1/15 of it at most.
    const byBlocks = meanWithStandardError(groups, { independent: 'blocks' });
    const lost = (2 * covariance) / (variance + 2 * covariance) / 15;
    expect(Math.abs(byBlocks.standardError ** 2 / exact - 1 + lost / 2)).toBeLessThan(
      lost / 2 + 5 * Math.sqrt(2 / 12_800),
    );
    expect(bySpectra.effectiveCount / bySpectra.count).toBeCloseTo(variance / (variance + 2 * covariance), 1);
  });

  it('covers the mean of the orthogonal ensemble in 95 of 100 cases, from one spectrum and from nine', async () => {
    const random = randomStream(7, 'orthogonal');
    const draw = async () =>
      foldedSpacingRatios((await betaHermiteEigenvalues({ size: 120, beta: 1 }, random, algebra)).subarray(20, 100));
    const cases = 500;
    const covered = { spectra: 0, blocks: 0, naive: 0 };
    const covers = ([low, high]: readonly [number, number]) => (low < 0.5307 && 0.5307 < high ? 1 : 0);
    for (let i = 0; i < cases; i++) {
      const groups = await repeat(9, draw);
      covered.spectra += covers(meanWithStandardError(groups).interval95);
      covered.blocks += covers(meanWithStandardError([groups[0]]).interval95);
      const { mean, deviation } = summary(groups.flatMap((ratios) => [...ratios]));
      const reach = (1.96 * deviation) / Math.sqrt(9 * groups[0].length);
      covered.naive += covers([mean - reach, mean + reach]);
    }
    expect(Math.abs(covered.spectra / cases - 0.95)).toBeLessThan(binomialBound(0.95, cases));
    // Blocks of eight values miss a sixteenth of the correlation: 0.943 to be expected.
    expect(Math.abs(covered.blocks / cases - 0.943)).toBeLessThan(binomialBound(0.943, cases));
    // Who ignores the correlation covers 89 in 100: P(|normal| < 1.96/1.22).
    expect(Math.abs(covered.naive / cases - 0.892)).toBeLessThan(binomialBound(0.892, cases));
  });

  it('refuses what has no standard error', () => {
    expect(() => meanWithStandardError([])).toThrow('at least two blocks with values, found 0');
    expect(() => meanWithStandardError([Float64Array.of(1)])).toThrow('at least two blocks with values, found 1');
    expect(() => meanWithStandardError([Float64Array.of(1, 2)], { independent: 'spectra' })).toThrow('two spectra');
    expect(() => meanWithStandardError([Float64Array.of(1, Number.NaN, 2, 3)])).toThrow('must be finite');
  });
});
