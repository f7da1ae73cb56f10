import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  foldedPoissonRatio,
  foldedRatioSurmise,
  kolmogorovSmirnov,
  poissonRatio,
  ratioSurmise,
} from '../../src/index.js';
import { expectLaw, independentBound, integral } from '../oracles.js';

const betas = [1, 2, 4] as const;

describe('foldedRatioSurmise', () => {
  it.each(betas)('is a law on [0, 1] at beta %d', (beta) => {
    expectLaw(foldedRatioSurmise({ beta }), 1e-11);
  });

  it('has the means that Atas et al. print', () => {
    const mean = (beta: 1 | 2 | 4) => foldedRatioSurmise({ beta }).moment(1);
    expect(mean(1)).toBeCloseTo(4 - 2 * Math.sqrt(3), 13);
    expect(mean(2)).toBeCloseTo((2 * Math.sqrt(3)) / Math.PI - 1 / 2, 13);
    expect(mean(4)).toBeCloseTo((32 * Math.sqrt(3)) / (15 * Math.PI) - 1 / 2, 13);
  });
});

describe('ratioSurmise', () => {
  it.each(betas)('is a law on (0, inf), with infinite moments beyond beta, at beta %d', (beta) => {
    const law = ratioSurmise({ beta });
    for (const r of [0.01, 0.3, 0.99, 1, 1.01, 2, 7]) {
      expect(Math.abs(law.cumulative(r) - integral(law.density, 0, r))).toBeLessThan(1e-12);
      expect(law.quantile(law.cumulative(r)) / r).toBeCloseTo(1, 10);
    }
    // Beyond 1 by u = 1/r: P(1/u)/u^2 = P(u).
    const bulk = (r: number) => (1 + r) ** beta / (1 + r + r * r) ** (1 + 1.5 * beta);
    const mass = 2 * integral((r) => r ** beta * bulk(r), 0, 1);
    for (let k = 0; k <= beta; k++) {
      const moment = integral((r) => (r ** (beta + k) + r ** (beta - k)) * bulk(r), 0, 1) / mass;
      expect(Math.abs(law.moment(k) - moment)).toBeLessThan(1e-12);
    }
    expect(law.moment(beta + 1)).toBe(Number.POSITIVE_INFINITY);
    expect([0, 0.5, 1].map(law.quantile)).toEqual([0, 1, Number.POSITIVE_INFINITY]);
    expect([-1, Number.POSITIVE_INFINITY].map(law.cumulative)).toEqual([0, 1]);
    expect(law.density(-1)).toBe(0);
    const draws = law.sample(20_000, randomStream(1, law.name)).sort();
    expect(kolmogorovSmirnov(draws, law)).toBeLessThan(independentBound(20_000));
    const folded = draws.map((r) => Math.min(r, 1 / r)).sort();
    expect(kolmogorovSmirnov(folded, foldedRatioSurmise({ beta }))).toBeLessThan(independentBound(20_000));
  });

  it('has the means that Atas et al. print', () => {
    expect(ratioSurmise({ beta: 1 }).moment(1)).toBeCloseTo(7 / 4, 13);
    expect(ratioSurmise({ beta: 2 }).moment(1)).toBeCloseTo((27 * Math.sqrt(3)) / (8 * Math.PI) - 1 / 2, 13);
    expect(ratioSurmise({ beta: 4 }).moment(1)).toBeCloseTo((243 * Math.sqrt(3)) / (80 * Math.PI) - 1 / 2, 13);
  });

  it('is the ratio of the two spacings of 3 x 3 matrices of the Gaussian orthogonal ensemble', () => {
    const stream = randomStream(4, 'three');
    const ratios = Float64Array.from({ length: 20_000 }, () => {
      const [a, b, c] = stream.normals(3, Math.SQRT2);
      const [d, e, f] = stream.normals(3);
      // Eigenvalues of a symmetric 3 x 3 matrix by the angle of its characteristic cubic (Smith 1961).
      const mean = (a + b + c) / 3;
      const [p, q, r] = [a - mean, b - mean, c - mean];
      const size = Math.sqrt((p * p + q * q + r * r + 2 * (d * d + e * e + f * f)) / 6);
      const half = (p * (q * r - f * f) - d * (d * r - f * e) + e * (d * f - q * e)) / 2;
      const angle = Math.acos(Math.max(-1, Math.min(1, half / size ** 3))) / 3;
      const [top, bottom] = [Math.cos(angle), Math.cos(angle + (2 * Math.PI) / 3)];
      const middle = -top - bottom;
      return (top - middle) / (middle - bottom);
    }).sort();
    expect(kolmogorovSmirnov(ratios, ratioSurmise({ beta: 1 }))).toBeLessThan(independentBound(20_000));
  });

  it('refuses other values of beta', () => {
    expect(() => ratioSurmise({ beta: 3 as 4 })).toThrow('beta of the ratio surmise must be 1, 2 or 4, found 3');
  });
});

describe('poissonRatio', () => {
  it('is 1/(1 + r)^2 on (0, inf) and 2/(1 + r)^2 on [0, 1]', () => {
    const [law, folded] = [poissonRatio(), foldedPoissonRatio()];
    expectLaw(folded, 1e-12);
    expect(folded.moment(1)).toBeCloseTo(2 * Math.LN2 - 1, 14);
    for (const r of [0.1, 0.9, 1, 3, 50]) {
      expect(law.density(r)).toBeCloseTo(1 / (1 + r) ** 2, 15);
      expect(law.cumulative(r)).toBeCloseTo(r / (1 + r), 15);
    }
    expect(law.quantile(0.75)).toBeCloseTo(3, 12);
    expect(law.moment(1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is the ratio of two exponential spacings', () => {
    const stream = randomStream(5, 'exponential');
    const ratios = Float64Array.from(
      { length: 20_000 },
      () => Math.log(1 - stream.uniform()) / Math.log(1 - stream.uniform()),
    ).sort();
    expect(kolmogorovSmirnov(ratios, poissonRatio())).toBeLessThan(independentBound(20_000));
  });
});
