import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  berryRobnik,
  brodyDistribution,
  kolmogorovSmirnov,
  type Law,
  poissonSpacing,
  wignerSurmise,
} from '../../src/index.js';
import { incompleteGamma } from '../../src/laws/incomplete-gamma.js';
import { independentBound, integral } from '../oracles.js';

const shares = [0, 0.05, 0.4, 0.9, 1];
const points = [0.01, 0.1, 0.5, 1, 1.7, 3, 5];

function expectSpacings(law: Law) {
  for (const s of points) {
    expect(Math.abs(law.cumulative(s) - integral(law.density, 0, s))).toBeLessThan(1e-13);
    const resolution = 1e-13 + (8 * Number.EPSILON) / law.density(s);
    if (resolution < 0.01) expect(Math.abs(law.quantile(law.cumulative(s)) - s)).toBeLessThan(resolution);
  }
  for (let k = 0; k <= 6; k++) {
    const moment = integral((s) => s ** k * law.density(s), 0, 100, 1 / 256);
    expect(Math.abs(law.moment(k) / moment - 1), `moment ${k} of ${law.name}`).toBeLessThan(1e-12);
  }
  expect(law.moment(1)).toBeCloseTo(1, 13);
  expect([0, 1].map(law.quantile)).toEqual([0, Number.POSITIVE_INFINITY]);
  expect([-1, 0, Number.POSITIVE_INFINITY].map(law.cumulative)).toEqual([0, 0, 1]);
  expect([-1, Number.POSITIVE_INFINITY].map(law.density)).toEqual([0, 0]);
  const draws = law.sample(20_000, randomStream(1, law.name)).sort();
  expect(kolmogorovSmirnov(draws, law)).toBeLessThan(independentBound(20_000));
}

function expectEnds(law: (share: number) => Law) {
  const [poisson, wigner] = [poissonSpacing(), wignerSurmise({ beta: 1 })];
  for (const s of points) {
    expect(law(0).density(s)).toBeCloseTo(poisson.density(s), 14);
    expect(law(1).density(s)).toBeCloseTo(wigner.density(s), 14);
    expect(law(0).cumulative(s)).toBeCloseTo(poisson.cumulative(s), 14);
    expect(law(1).cumulative(s)).toBeCloseTo(wigner.cumulative(s), 14);
  }
}

describe('brodyDistribution', () => {
  it.each(shares)('is a law of mean 1 at parameter %d', (parameter) => {
    expectSpacings(brodyDistribution({ parameter }));
  });

  it("goes from Poisson's spacings to Wigner's, repelling like s^q", () => {
    expectEnds((parameter) => brodyDistribution({ parameter }));
    const { density } = brodyDistribution({ parameter: 0.3 });
    expect(Math.log(density(2e-9) / density(1e-9)) / Math.LN2).toBeCloseTo(0.3, 8);
  });

  it('refuses parameters outside of 0 to 1', () => {
    expect(() => brodyDistribution({ parameter: 1.2 })).toThrow("Brody's parameter must be from 0 to 1, found 1.2");
  });
});

describe('berryRobnik', () => {
  it.each(shares)('is a law of mean 1 at share %d', (chaotic) => {
    expectSpacings(berryRobnik({ chaotic }));
  });

  it("goes from Poisson's spacings to Wigner's, and does not forbid small ones between", () => {
    expectEnds((chaotic) => berryRobnik({ chaotic }));
    expect(berryRobnik({ chaotic: 0.6 }).density(0)).toBeCloseTo(1 - 0.36, 15);
  });

  it('is the second derivative of the product of the gap probabilities of its parts', () => {
    const [h, chaotic] = [1e-3, 0.7];
    const gap = (s: number) =>
      Math.exp((chaotic - 1) * s) * (1 - incompleteGamma(0.5, (Math.PI / 4) * (chaotic * s) ** 2));
    for (const s of [0.3, 1, 2.2]) {
      const second = (gap(s + h) - 2 * gap(s) + gap(s - h)) / h ** 2;
      expect(Math.abs(berryRobnik({ chaotic }).density(s) - second)).toBeLessThan(1e-6);
    }
  });

  it('is the spacing of two superposed renewal sequences, Wigner-spaced and Poisson', () => {
    const chaotic = 0.6;
    const n = 20_000;
    const random = randomStream(5, 'superposed');
    const walk = (law: Law, share: number) => {
      let at = 0;
      return law.sample(n, random).map((s) => (at += s / share));
    };
    const parts = [walk(wignerSurmise({ beta: 1 }), chaotic), walk(poissonSpacing(), 1 - chaotic)];
    const end = Math.min(...parts.map((levels) => levels[n - 1]));
    const levels = Float64Array.from(parts.flatMap((part) => [...part].filter((level) => level < end))).sort();
    const spacings = levels.subarray(1).map((level, i) => level - levels[i]);
    // Neighbouring spacings depend on each other: every tenth hardly.
    const sparse = spacings.filter((_, i) => i % 10 === 0).sort();
    expect(kolmogorovSmirnov(sparse, berryRobnik({ chaotic }))).toBeLessThan(independentBound(sparse.length));
  });

  it('refuses shares outside of 0 to 1', () => {
    expect(() => berryRobnik({ chaotic: Number.NaN })).toThrow('the chaotic share must be from 0 to 1, found NaN');
  });
});
