import { describe, expect, it } from 'vitest';
import { crossTerm, widthExponent } from '../src/equation-21-claims.js';
import { varianceLeft } from '../src/trajectories.js';

describe('crossTerm', () => {
  const exponential = { kind: 'exponential', variance: 3, length: 1 } as const;

  it("is exp(-P^(2 eta)/2) (1 - P^(2 eta - 1)) for k = 3 exp(s), over k'(0) = 3", () => {
    for (const [size, exponent] of [
      [10, 0.1],
      [1e4, 0.25],
      [50, 0.4],
    ]) {
      const expected = Math.exp(-(size ** (2 * exponent)) / 2) * (1 - size ** (2 * exponent - 1));
      expect(crossTerm(exponential, size, exponent) / expected).toBeCloseTo(1, 12);
    }
  });

  it('vanishes for it at eta = 1/2, where the covariance along the line is P - 1 times the others, negative', () => {
    expect(crossTerm(exponential, 16, 0.5)).toBeCloseTo(0, 15);
  });
});

describe('widthExponent', () => {
  it('is the exponent of an exact power law', () => {
    const byWidth = [10, 100, 2000].map((parameters) => ({
      parameters,
      distance: [7 * parameters ** 0.3, parameters ** -1],
    }));
    expect(widthExponent(byWidth, 0)).toBeCloseTo(0.3, 12);
    expect(widthExponent(byWidth, 1)).toBeCloseTo(-1, 12);
  });
});

describe('varianceLeft', () => {
  const trajectory = (traces: readonly number[]) => ({
    parameters: 1,
    pairs: [],
    variances: [traces[0], traces[3]],
    traces: Float64Array.from(traces),
  });

  it('is 1/T for independent gradients and 1 for equal ones', () => {
    expect(varianceLeft(trajectory([2, 0, 0, 3]))).toBeCloseTo(1 / 2, 15);
    expect(varianceLeft(trajectory([2, 2, 2, 2]))).toBeCloseTo(1, 15);
  });
});
