import { describe, expect, it } from 'vitest';
import { countAbove, elbow, largestGap, largestRatio, rankReport, spectrumOf } from '../../src/index.js';

const spectrum = (...values: number[]) => spectrumOf(Float64Array.from(values).sort());
/** Five outliers over a bulk of 300 that falls slowly. */
const planted = spectrum(8, 7, 5, 4, 3.5, ...Array.from({ length: 300 }, (_, i) => 0.01 * 0.99 ** i));

describe('outlier counts', () => {
  it('find planted outliers by gap, ratio and elbow', () => {
    expect(largestRatio(planted).count).toBe(5);
    expect(elbow(planted).count).toBe(5);
    expect(elbow(planted).cutoff).toBe(0.01);
    expect(largestGap(planted)).toEqual({ count: 5, gap: 3.49 });
    expect(countAbove(planted, 0.01)).toBe(5);
  });

  it('differ as in Table 1: the gap is misled by the spread inside the outliers, the ratio is not', () => {
    const spread = spectrum(20, 8, 4, 2, 1, ...Array.from({ length: 50 }, (_, i) => 0.01 - 1e-4 * i));
    expect(largestGap(spread).count).toBe(1);
    expect(largestRatio(spread).count).toBe(5);
  });

  it('do not search rounding for ratios, and say how far they searched', () => {
    const withNoise = spectrum(10, 5, 4, 1e-15, 1e-18, -1e-15);
    expect(largestRatio(withNoise)).toEqual({ count: 1, ratio: 2, searched: 3 });
    expect(largestRatio(withNoise, { above: 0 }).count).toBe(3);
    expect(largestRatio(withNoise, { among: 2 })).toEqual({ count: 1, ratio: 2, searched: 2 });
  });

  it('are zero for spectra without outliers to speak of', () => {
    for (const flat of [spectrum(0, 0, 0), spectrum(1), spectrum(-2, -1, -1)]) {
      expect(largestRatio(flat).count).toBe(0);
      expect(elbow(flat)).toMatchObject({ count: 0, cutoff: null });
    }
    expect(largestGap(spectrum(1))).toEqual({ count: 0, gap: 0 });
    // A straight line has no elbow.
    expect(elbow(spectrum(...Array.from({ length: 30 }, (_, i) => 3 - 0.1 * i))).count).toBe(0);
  });

  it('refuse ranges that are none', () => {
    expect(() => largestRatio(planted, { above: -1 })).toThrow('above must be a number from 0, found -1');
    expect(() => elbow(planted, { among: 0 })).toThrow('among must be a number from 1, found 0');
  });
});

describe('rankReport', () => {
  it('counts positive, negative and vanishing eigenvalues', () => {
    expect(rankReport(spectrum(3, 1e-20, 0, -1e-20, -0.5))).toMatchObject({
      rank: 2,
      positive: 1,
      negative: 1,
      zeros: 3,
      smallestNonzero: 0.5,
    });
    expect(rankReport(spectrum(0, 0))).toMatchObject({ rank: 0, zeros: 2, smallestNonzero: null });
  });
});

describe('spectrumOf', () => {
  it('puts the rounding floor at n epsilon times the largest magnitude', () => {
    expect(spectrum(-4, 1, 2).roundingFloor).toBe(3 * Number.EPSILON * 4);
  });

  it('refuses values that are not ascending and finite', () => {
    expect(() => spectrumOf(Float64Array.of(2, 1))).toThrow('eigenvalues must ascend; number 1 is 1 after 2');
    expect(() => spectrumOf(Float64Array.of(Number.NaN))).toThrow('eigenvalue 0 is NaN');
    expect(() => spectrumOf(new Float64Array())).toThrow('found none');
  });
});
