import { describe, expect, it } from 'vitest';
import { pooledRatios, ratioStatistics } from '../src/ratio-statistics.js';

describe('ratioStatistics', () => {
  // Spacings 1, 2, 1 and 3, 1, 4.
  const spectra = [Float64Array.of(0, 1, 3, 4), Float64Array.of(0, 3, 4, 8)];

  it('pools the ratios of all spectra', () => {
    expect([...pooledRatios(spectra)]).toEqual([1 / 3, 1 / 2, 2, 4]);
  });

  it('takes the mean of min(r, 1/r), and the distance from the surmise at its largest', () => {
    const { mean, distance } = ratioStatistics(spectra);
    expect(mean).toBeCloseTo((1 / 2 + 1 / 2 + 1 / 3 + 1 / 4) / 4, 14);
    // The surmise P(r) = 27 (r + r^2)/(8 (1 + r + r^2)^(5/2)), integrated by Simpson's rule.
    const cumulative = (to: number) => {
      const steps = 2000;
      let sum = 0;
      for (let i = 0; i <= steps; i++) {
        const r = (to * i) / steps;
        sum += ((i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * (27 * (r + r * r))) / (8 * (1 + r + r * r) ** 2.5);
      }
      return (sum * to) / steps / 3;
    };
    const expected = [1 / 3, 1 / 2, 2, 4].map((r, i) =>
      Math.max(Math.abs(cumulative(r) - i / 4), Math.abs(cumulative(r) - (i + 1) / 4)),
    );
    expect(distance).toBeCloseTo(Math.max(...expected), 10);
  });

  it('refuses equal levels', () => {
    expect(() => ratioStatistics([Float64Array.of(0, 0, 1)])).toThrow('merge them with distinctLevels');
  });
});
