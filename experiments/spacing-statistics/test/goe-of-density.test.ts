import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { foldedSpacingRatios, kolmogorovSmirnovBetween } from '@hessian-rmt/rmt';
import { expect, test } from 'vitest';
import { joined } from '../src/authors-procedure.js';
import { deflatedLevels } from '../src/batch-spectra.js';
import { goeOfDensity } from '../src/goe-of-density.js';

/** Twenty spectra of 200 independent levels, log-uniform over six powers of ten, and a negative one each. */
const random = randomStream(3, 'levels');
const spectra = Array.from({ length: 20 }, (_, i) => {
  const stream = random.stream(`spectrum ${i}`);
  const levels = Float64Array.from({ length: 201 }, (_, k) => (k === 0 ? -1e-3 : 10 ** (6 * stream.uniform() - 6)));
  return levels.sort();
});
const found = {
  numbers: {},
  arrays: {
    levels: { shape: [20 * 201], data: joined(spectra) },
    'levels-per-batch': { shape: [20], data: new Int32Array(20).fill(201) },
  },
};

test('GOE levels get the density of the levels, and keep the ratios of the GOE', async () => {
  const config = { spectra: { batch: 64, first: 0, count: 20 }, draws: 3 } as never;
  const drawn = deflatedLevels(
    await goeOfDensity.run(config, {
      repetition: 0,
      random: randomStream(5, 'goe'),
      linearAlgebra: await linearAlgebra({ threads: 1 }),
      of: async () => found,
      progress: () => {},
      scratch: () => Promise.reject(new Error('no checkpoints')),
    }),
  );
  expect(drawn.map(({ length }) => length)).toEqual(Array.from({ length: 60 }, () => 200));
  const positive = joined(spectra)
    .filter((level) => level > 0)
    .sort();
  // 4,000 independent levels: their own cumulative is known to 1.63/sqrt(4000) = 0.026 (99 %); GOE levels are rigid.
  expect(kolmogorovSmirnovBetween(joined(drawn).sort(), positive)).toBeLessThan(0.026);
  const ratios = joined(drawn.map((levels) => foldedSpacingRatios(levels)));
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  // Standard deviation 0.25 of a ratio, 1.25 times for neighbours' correlation, 11,880 of them: five standard errors.
  expect(Math.abs(mean - 0.5307)).toBeLessThan((5 * 1.25 * 0.25) / Math.sqrt(ratios.length));
});
