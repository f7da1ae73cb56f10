import { type LinearAlgebra, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { beforeAll, describe, expect, it } from 'vitest';
import { gaussianBroadening, poissonLevels, spacings } from '../../src/index.js';
import { integral } from '../oracles.js';
import { summary } from '../sampling.js';
import { expectOrthogonalSpacings } from './unfolded-orthogonal.js';

let algebra: LinearAlgebra;
beforeAll(async () => {
  algebra = await linearAlgebra({ threads: 1 });
});

const normal = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
const normalCumulative = (z: number) => 0.5 + Math.sign(z) * integral(normal, 0, Math.min(40, Math.abs(z)), 1 / 32);

describe('gaussianBroadening', () => {
  const random = randomStream(1, 'levels');
  const levels = Float64Array.from({ length: 60 }, () => random.uniform() ** 3).sort();
  const wanted = Float64Array.from({ length: 30 }, (_, i) => -0.2 + i / 20);

  it('is the sum of normal cumulatives, of one width for all levels', () => {
    const deviation = (2.5 * (levels[59] - levels[0])) / 59;
    const { name, unfold } = gaussianBroadening(levels, { width: 2.5 });
    expect(name).toBe('Gaussian broadening of 2.5 mean spacings');
    for (const [i, l] of unfold(wanted).entries()) {
      const expected = levels.reduce((sum, level) => sum + normalCumulative((wanted[i] - level) / deviation), 0);
      expect(Math.abs(l - expected)).toBeLessThan(1e-12);
    }
  });

  it('is the same with local widths, by the levels around each as far as there are', () => {
    const { name, unfold } = gaussianBroadening(levels, { width: 1.5, local: 4 });
    expect(name).toBe('Gaussian broadening of 1.5 local mean spacings');
    for (const [i, l] of unfold(wanted).entries()) {
      const expected = levels.reduce((sum, level, j) => {
        const around = levels.slice(Math.max(0, j - 4), j + 5);
        const spacing = summary(spacings(around)).mean;
        return sum + normalCumulative((wanted[i] - level) / (1.5 * spacing));
      }, 0);
      expect(Math.abs(l - expected)).toBeLessThan(1e-12);
    }
    // More levels around than there are: one width again.
    expect([...gaussianBroadening(levels, { width: 2, local: 500 }).unfold(wanted)]).toEqual([
      ...gaussianBroadening(levels, { width: 2 }).unfold(wanted),
    ]);
  });

  it('leaves even levels as they are in the middle, halves spacings at the ends and keeps the number of levels', () => {
    const even = Float64Array.from({ length: 101 }, (_, i) => 3 * i);
    const unfolded = gaussianBroadening(even, { width: 4 }).unfold(even);
    expect(unfolded[50]).toBeCloseTo(50.5, 12);
    expect(unfolded[51] - unfolded[50]).toBeCloseTo(1, 12);
    // One Gaussian after the other cancels: what is left of the first spacing is Phi(1/4).
    expect(unfolded[1] - unfolded[0]).toBeCloseTo(normalCumulative(1 / 4), 12);
    expect(gaussianBroadening(even, { width: 4 }).unfold(Float64Array.of(-1e4, 1e4))).toEqual(Float64Array.of(0, 101));
  });

  it('leaves the spacings of the orthogonal ensemble', async () => {
    await expectOrthogonalSpacings((spectrum) => gaussianBroadening(spectrum, { width: 6 }), algebra);
  });

  it('makes levels that do not interact rigid: beyond the width their number variance grows no more', () => {
    // Counts of independent levels of unit density less their broadened counts have, at a point, the variance
    // int (step - Phi(x/width))^2 = width (sqrt(2) - 1)/sqrt(pi); far-apart ends of a window add up.
    const [n, width, draws] = [200, 5, 500];
    const limit = (2 * width * (Math.SQRT2 - 1)) / Math.sqrt(Math.PI);
    const unfolded = Array.from({ length: draws }, () => {
      const drawn = poissonLevels(n, random);
      return gaussianBroadening(drawn, { width }).unfold(drawn);
    });
    for (const length of [30, 100]) {
      const counts = unfolded.map((all) => all.filter((l) => l >= 50 && l < 50 + length).length);
      const relative = summary(counts).deviation ** 2 / limit - 1;
      // A variance of `draws` near-normal counts; and the order 1/width that the broadened count's own fluctuation adds.
      expect(Math.abs(relative)).toBeLessThan(5 * Math.sqrt(2 / draws) + 1 / (2 * width));
    }
  });

  it('refuses widths that mean nothing and levels that have none', () => {
    const { of } = Float64Array;
    const refused = (width: number, local?: number) =>
      gaussianBroadening(of.call(Float64Array, 0, 0, 0, 1), local === undefined ? { width } : { width, local });
    expect(() => refused(0)).toThrow('the width of a Gaussian broadening must be positive');
    expect(() => refused(1, 0)).toThrow('the number of levels around a level must be an integer of at least 1');
    expect(() => refused(1, 1)).toThrow('found only 0 from position 0 to 1: merge them with distinctLevels');
    expect(() => gaussianBroadening(Float64Array.of(2, 2), { width: 1 })).toThrow(
      'at least 2 different levels, found 1',
    );
    expect(() => refused(1).unfold(Float64Array.of(1, 0))).toThrow('the levels to unfold must be in ascending order');
  });
});
