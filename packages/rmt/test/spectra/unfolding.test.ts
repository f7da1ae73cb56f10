import { type LinearAlgebra, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  betaHermiteEigenvalues,
  gaussianOrthogonal,
  gaussianOrthogonalUnfolding,
  lawUnfolding,
  marchenkoPastur,
  pooledUnfolding,
  spacings,
  wignerSurmise,
  wishartEigenvalues,
} from '../../src/index.js';
import { integral, rigidBound } from '../oracles.js';
import { repeat, summary } from '../sampling.js';

let algebra: LinearAlgebra;
beforeAll(async () => {
  algebra = await linearAlgebra({ threads: 1 });
});

/** The levels stand where an unfolding of n levels should put them, 1/2, 3/2, ...: as far off as levels fluctuate. */
function expectUnfolded(unfolded: Float64Array, n = unfolded.length): void {
  const farthest = unfolded.reduce((most, l, i) => Math.max(most, Math.abs(l - (i + 0.5))), 0);
  expect(farthest).toBeLessThan(n * rigidBound(n));
}

describe('gaussianOrthogonalUnfolding', () => {
  it('is Eq. 9 as printed for elements of variance 1/2, that is, for the variance P/2', () => {
    const P = 50;
    const printed = (l: number) => {
      const root = Math.sqrt(2 * P - l * l);
      return P * (1 / 2 + (l / (2 * Math.PI * P)) * root + Math.atan(l / root) / Math.PI);
    };
    const levels = Float64Array.from({ length: 41 }, (_, i) => (Math.sqrt(2 * P) * (i - 20)) / 20.001);
    const unfolded = gaussianOrthogonalUnfolding({ size: P, variance: P / 2 }).unfold(levels);
    for (const [i, level] of levels.entries()) expect(Math.abs(unfolded[i] - printed(level)) / P).toBeLessThan(1e-12);
    // Beyond the edges Eq. 9 is not real: all levels are below, or none.
    expect([...gaussianOrthogonalUnfolding({ size: 3 }).unfold(Float64Array.of(-9, 9))]).toEqual([0, 3]);
  });

  it('puts the levels of a drawn matrix of any variance where they belong', async () => {
    for (const variance of [1, 40]) {
      const [size, random] = [400, randomStream(1, `variance ${variance}`)];
      const levels = await algebra.symmetricEigenvalues(gaussianOrthogonal(size, random, { variance }), size);
      expectUnfolded(gaussianOrthogonalUnfolding({ size, variance }).unfold(levels));
    }
  });

  it('refuses sizes and variances that mean nothing', () => {
    expect(() => gaussianOrthogonalUnfolding({ size: 0 })).toThrow('size of a matrix to unfold must be an integer');
    expect(() => gaussianOrthogonalUnfolding({ size: 2, variance: 0 })).toThrow('must be positive and finite, found 0');
  });
});

describe('lawUnfolding', () => {
  it('puts the eigenvalues of a Wishart matrix where they belong, of which the law has half at zero', async () => {
    const [dimension, samples] = [400, 200];
    const levels = await wishartEigenvalues({ dimension, samples }, randomStream(2, 'wishart'), algebra);
    const { name, unfold } = lawUnfolding(marchenkoPastur({ ratio: dimension / samples }), dimension);
    expect(name).toBe('Marchenko-Pastur, ratio 2, scale 1, 400 levels');
    const unfolded = unfold(levels.subarray(200));
    expectUnfolded(unfolded.map((l) => l - 200));
    expect(Math.abs(summary(spacings(unfolded)).mean - 1)).toBeLessThan(2 * rigidBound(200));
  });

  it('refuses levels out of order, and gives none for none', () => {
    const { unfold } = lawUnfolding(marchenkoPastur({ ratio: 0.5 }), 10);
    expect(() => unfold(Float64Array.of(2, 1))).toThrow('the levels to unfold must be in ascending order');
    expect(unfold(new Float64Array(0))).toHaveLength(0);
  });
});

describe('pooledUnfolding', () => {
  it('is P times Eq. 10: levels strictly below, over the number of spectra', () => {
    const random = randomStream(4, 'pool');
    // Few distinct numbers, so that levels meet levels of the pool.
    const draw = () => Float64Array.from({ length: 12 }, () => random.integer(30)).sort();
    const pool = [draw(), draw(), draw(), draw(), draw()];
    const levels = draw();
    const all = pool.flatMap((spectrum) => [...spectrum]);
    const printed = [...levels].map((l) => all.filter((other) => other < l).length / all.length);
    const unfolded = pooledUnfolding(pool).unfold(levels);
    for (const [i, l] of printed.entries()) expect(Math.abs(unfolded[i] - 12 * l)).toBeLessThan(1e-13);
  });

  it('counts spectra of different sizes by what they hold', () => {
    const { name, unfold } = pooledUnfolding([Float64Array.of(1, 2, 3, 4), Float64Array.of(2.5)]);
    expect(name).toBe('pool of 2 spectra');
    expect([...unfold(Float64Array.of(0, 2.7, 9))]).toEqual([0, 1.5, 2.5]);
  });

  it('makes as many levels of the orthogonal ensemble equal as gaps of other spectra hold', async () => {
    // A spacing s becomes 0 when none of m independent spectra has a level in it: E(0; s)^m, in the surmise
    // E(0; s) = erfc(sqrt(pi) s/2) (Mehta 2004, sec. 1.5 and 6.1.2: E'' = p). At small s, where it matters, exact spacings
    // are pi/3 = 1.047 times as dense as the surmise's (pi^2 s/6 for pi s/2).
    const surmise = wignerSurmise({ beta: 1 });
    const emptiness = (s: number) => integral((t) => (t - s) * surmise.density(t), s, 12, 1 / 32);
    const [size, analysed] = [200, 150];
    const random = randomStream(5, 'orthogonal');
    for (const m of [4, 10]) {
      const pools = await repeat(analysed, async () => {
        const spectra = await repeat(m + 1, () => betaHermiteEigenvalues({ size, beta: 1 }, random, algebra));
        const unfolded = pooledUnfolding(spectra.slice(1)).unfold(spectra[0].subarray(50, 150));
        return spacings(unfolded).filter((s) => s === 0).length / 99;
      });
      const expected = integral((s) => surmise.density(s) * emptiness(s) ** m, 0, 8, 1 / 32);
      const { mean, deviation } = summary(pools);
      const bound = (5 * deviation) / Math.sqrt(analysed);
      expect(mean, `pool of ${m}`).toBeGreaterThan(expected - bound);
      expect(mean, `pool of ${m}`).toBeLessThan((Math.PI / 3) * expected + bound);
      expect(bound).toBeLessThan(expected / 2);
    }
  });

  it('refuses an empty pool, and says which spectrum is not sorted', () => {
    expect(() => pooledUnfolding([])).toThrow('at least one spectrum, found none');
    expect(() => pooledUnfolding([Float64Array.of(1), Float64Array.of(1, 0)])).toThrow(
      'spectrum 1 of the pool must be',
    );
    expect(() => pooledUnfolding([Float64Array.of(1)]).unfold(Float64Array.of(1, 0))).toThrow('the levels to unfold');
  });
});
