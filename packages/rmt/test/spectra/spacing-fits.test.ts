import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  berryRobnik,
  berryRobnikFit,
  brodyDistribution,
  brodyFit,
  type Law,
  poissonSpacing,
  type SpacingFit,
  type SpacingFitOptions,
  wignerSurmise,
} from '../../src/index.js';
import { digamma } from '../../src/laws/gamma-function.js';
import { integral } from '../oracles.js';

const families: readonly {
  name: string;
  fit: (spacings: Float64Array, options?: SpacingFitOptions) => SpacingFit;
  law: (parameter: number) => Law;
}[] = [
  { name: 'brodyFit', fit: brodyFit, law: (parameter) => brodyDistribution({ parameter }) },
  { name: 'berryRobnikFit', fit: berryRobnikFit, law: (chaotic) => berryRobnik({ chaotic }) },
];

/** Fisher's information of one spacing, known only as "below" under a resolution, by differences and quadrature. */
function information(law: (parameter: number) => Law, parameter: number, resolution = 0): number {
  const h = 1e-5;
  const [before, at, after] = [law(parameter - h), law(parameter), law(parameter + h)];
  const share = (f: (law: Law) => number) => {
    const slope = (f(after) - f(before)) / (2 * h);
    return slope === 0 ? 0 : slope ** 2 / f(at);
  };
  const resolved = integral((s) => share(({ density }) => density(s)), resolution, 40);
  return resolved + share(({ cumulative }) => cumulative(resolution));
}

const logLikelihood = (law: Law, spacings: Float64Array) =>
  spacings.reduce((sum, s) => sum + Math.log(law.density(s)), 0);

describe.each(families)('$name', ({ fit, law }) => {
  it('is the highest point of the likelihood, as a search over a fine grid finds it', () => {
    for (const [draw, parameter] of [0.1, 0.35, 0.8].entries()) {
      const spacings = law(parameter).sample(400, randomStream(draw, 'grid'));
      const found = fit(spacings);
      const grid = Array.from({ length: 1001 }, (_, i) => logLikelihood(law(i / 1000), spacings));
      const best = grid.indexOf(Math.max(...grid)) / 1000;
      expect(Math.abs(found.parameter - best)).toBeLessThan(0.0006);
      expect(found.logLikelihood).toBeGreaterThanOrEqual(Math.max(...grid));
      expect(Math.abs(found.logLikelihood - logLikelihood(found.law, spacings))).toBeLessThan(1e-9);
      expect(found.count).toBe(400);
    }
  });

  it('finds the parameter that spacings were drawn with, within five standard errors', () => {
    for (const parameter of [0.15, 0.5, 0.85]) {
      const found = fit(law(parameter).sample(20_000, randomStream(1, 'drawn', `${parameter}`)));
      expect(Math.abs(found.parameter - parameter)).toBeLessThan(5 * found.standardError);
      expect(found.boundary).toBeUndefined();
    }
  });

  it("has the standard error of Fisher's information, which is 1/sqrt(n I)", () => {
    const n = 2000;
    for (const parameter of [0.2, 0.5, 0.8]) {
      for (const resolution of [0, 0.1]) {
        const spacings = law(parameter).sample(n, randomStream(2, 'information', `${parameter}`));
        const found = fit(spacings, { resolution });
        const expected = 1 / Math.sqrt(n * information(law, found.parameter, resolution));
        expect(Math.abs(found.standardError / expected - 1)).toBeLessThan(1e-6);
      }
    }
  });

  it('has errors that are as large as it says: 68.3 % of 200 intervals hold the truth, give or take 5 deviations', () => {
    const draws = 200;
    let hits = 0;
    for (let draw = 0; draw < draws; draw++) {
      const { parameter, standardError } = fit(law(0.5).sample(500, randomStream(draw, 'coverage')));
      if (Math.abs(parameter - 0.5) < standardError) hits++;
    }
    expect(Math.abs(hits / draws - 0.683)).toBeLessThan(5 * Math.sqrt((0.683 * 0.317) / draws));
  });

  it('says when the likelihood is highest at an end, and gives the distance at which it is 1/2 lower', () => {
    const ends = [
      {
        parameter: 0,
        boundary: 'Poisson',
        spacings: Float64Array.from({ length: 100 }, (_, i) => (i < 80 ? 0.1 : 4.6)),
      },
      { parameter: 1, boundary: 'Wigner', spacings: Float64Array.from({ length: 100 }, (_, i) => 0.9 + 0.002 * i) },
    ];
    for (const { parameter, boundary, spacings } of ends) {
      const found = fit(spacings);
      expect(found).toMatchObject({ parameter, boundary });
      const inside = law(Math.abs(parameter - found.standardError));
      expect(logLikelihood(found.law, spacings) - logLikelihood(inside, spacings)).toBeCloseTo(0.5, 9);
    }
  });

  it('stays within a few errors of the ends when the truth is there', () => {
    const poisson = fit(poissonSpacing().sample(5000, randomStream(3, 'Poisson')));
    expect(poisson.parameter).toBeLessThan(5 * poisson.standardError);
    const wigner = fit(wignerSurmise({ beta: 1 }).sample(5000, randomStream(3, 'Wigner')));
    expect(1 - wigner.parameter).toBeLessThan(5 * wigner.standardError);
  });

  it('counts spacings below the resolution with their probability, and is not misled by their values', () => {
    const spacings = law(0.5).sample(20_000, randomStream(4, 'resolution'));
    const zeros = fit(
      spacings.map((s) => (s < 0.1 ? 0 : s)),
      { resolution: 0.1 },
    );
    const shifted = fit(
      spacings.map((s) => (s < 0.1 ? 0.05 : s)),
      { resolution: 0.1 },
    );
    expect(zeros.parameter).toBe(shifted.parameter);
    expect(Math.abs(zeros.parameter - 0.5)).toBeLessThan(5 * zeros.standardError);
    const { law: fitted, logLikelihood: value } = zeros;
    const above = spacings.filter((s) => s >= 0.1);
    const expected = logLikelihood(fitted, above) + (spacings.length - above.length) * Math.log(fitted.cumulative(0.1));
    expect(Math.abs(value - expected)).toBeLessThan(1e-8);
    const censored = (parameter: number) =>
      logLikelihood(law(parameter), above) +
      (spacings.length - above.length) * Math.log(law(parameter).cumulative(0.1));
    for (const step of [-0.01, 0.01]) expect(censored(zeros.parameter + step)).toBeLessThan(value);
  });

  it('finds the highest point also when the density of an outlier underflows at one end', () => {
    for (const outlier of [40, 60]) {
      const spacings = law(0.95).sample(3000, randomStream(6, 'outlier'));
      spacings[0] = outlier;
      expect(law(1).density(outlier)).toBe(0);
      const grid = Array.from({ length: 201 }, (_, i) => logLikelihood(law(i / 200), spacings));
      const { parameter, logLikelihood: highest } = fit(spacings);
      expect(Math.abs(parameter - grid.indexOf(Math.max(...grid)) / 200)).toBeLessThan(0.0051);
      expect(highest).toBeGreaterThanOrEqual(Math.max(...grid) - 1e-8);
    }
  });

  it('refuses what is no list of unfolded spacings', () => {
    expect(() => fit(Float64Array.of(1))).toThrow('needs two spacings or more, found 1');
    expect(() => fit(Float64Array.of(1, -1))).toThrow('found -1 at position 1');
    expect(() => fit(Float64Array.of(1, 0))).toThrow('must be above 0, found 0 at position 1: merge equal levels');
    expect(() => fit(Float64Array.of(10, 30))).toThrow('must be unfolded to a mean of 1, found a mean of 20');
    expect(() => fit(Float64Array.of(1, 1), { resolution: -1 })).toThrow('found -1');
  });
});

describe('brodyFit', () => {
  it('has the information (pi^2/6 + (psi(1 + 1/k) - 1 + gamma)^2)/k^2, k = q + 1, in closed form', () => {
    const euler = 0.5772156649015329;
    for (const q of [0.1, 0.5, 0.9]) {
      const closed = (Math.PI ** 2 / 6 + (digamma(1 + 1 / (q + 1)) - 1 + euler) ** 2) / (q + 1) ** 2;
      expect(information((parameter) => brodyDistribution({ parameter }), q)).toBeCloseTo(closed, 6);
    }
  });
});
