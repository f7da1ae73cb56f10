import { linearAlgebra as found, randomStream } from '@hessian-rmt/numerics';
import { betaHermiteEigenvalues, numberVariance, numberVarianceOf, semicircle } from '@hessian-rmt/rmt';
import { describe, expect, it } from 'vitest';
import { unfoldedByLaw, unfoldedByThirds } from '../src/long-range-unfolding.js';

const linearAlgebra = await found({ threads: 1 });

function goe(count: number, size: number, name: string) {
  const random = randomStream(1, name);
  return Promise.all(
    Array.from({ length: count }, (_, i) =>
      betaHermiteEigenvalues({ size, beta: 1 }, random.stream(`spectrum ${i}`), linearAlgebra),
    ),
  );
}

const exact = numberVarianceOf({ ensemble: 'goe' });

describe('unfoldings before statistics over long ranges', () => {
  it('leave the number variance of the GOE as it is when they are by its law', async () => {
    const spectra = unfoldedByLaw(await goe(30, 150, 'law'));
    for (const { length, value, standardError } of numberVariance({ spectra, lengths: [1, 5, 10] }, randomStream(1))) {
      expect(Math.abs(value - exact(length))).toBeLessThan(4 * standardError);
    }
  });

  it('add the share of one spectrum of the pool when they are by a pool', async () => {
    // Levels of the pool fluctuate too: m spectra add 1/m of a spectrum's number variance, here a quarter of it.
    const spectra = unfoldedByThirds(await goe(6 * 15, 150, 'pool'), 'pool');
    const few = unfoldedByThirds(await goe(6, 150, 'few'), 'pool');
    const [many] = numberVariance({ spectra, lengths: [5] }, randomStream(1));
    const ratio = many.value / exact(5);
    expect(Math.abs(ratio - (1 + 1 / 60))).toBeLessThan((4 * many.standardError) / exact(5));
    const more = [few];
    for (let i = 1; i < 15; i++) more.push(unfoldedByThirds(await goe(6, 150, `few ${i}`), 'pool'));
    const [noisy] = numberVariance({ spectra: more.flat(), lengths: [5] }, randomStream(1));
    expect(Math.abs(noisy.value / exact(5) - 1.25)).toBeLessThan((5 * noisy.standardError) / exact(5));
  });

  it('take out a density that differs from spectrum to spectrum when they are local', async () => {
    // Each spectrum bent by a power of its own: the pool alone leaves long waves, broadening takes them.
    const law = semicircle({ variance: 1 });
    const bent = (await goe(24, 300, 'bent')).map((levels, i) =>
      levels.map((level) => law.cumulative(level) ** (1 + 0.2 * (i / 23 - 0.5))),
    );
    const [pool] = numberVariance({ spectra: unfoldedByThirds(bent, 'pool'), lengths: [20] }, randomStream(1));
    const [local] = numberVariance({ spectra: unfoldedByThirds(bent, 'local'), lengths: [20] }, randomStream(1));
    expect(pool.value).toBeGreaterThan(1.5 * exact(20));
    expect(local.value).toBeLessThan(1.1 * exact(20));
  });
});
