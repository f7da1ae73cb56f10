import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { foldedSpacingRatios } from '@hessian-rmt/rmt';
import { describe, expect, it } from 'vitest';
import { processHessians } from '../src/process-hessians.js';

const base = { size: 12, elements: 0.3, shift: 1, zeroDirections: 0, outliers: { count: 0, scale: 0 }, samples: 3 };

const run = async (config: Partial<typeof base>) => {
  const { arrays } = await processHessians.run(
    { ...base, ...config },
    {
      random: randomStream(1, 'unit'),
      linearAlgebra: await linearAlgebra(),
      repetition: 0,
      progress: () => {},
      scratch: () => Promise.reject(new Error('no checkpoints')),
      of: () => Promise.reject(new Error('needs none')),
    },
  );
  return (name: string) => {
    const { shape, data } = arrays[name];
    return Array.from({ length: shape[0] }, (_, i) => (data as Float64Array).slice(i * shape[1], (i + 1) * shape[1]));
  };
};

describe('processHessians', () => {
  it('gives every kernel the same ratios, sample by sample', async () => {
    const [one, other] = [await run({}), await run({ elements: 20, shift: 0 })];
    one('levels').forEach((levels, sample) => {
      const ratios = foldedSpacingRatios(other('levels')[sample]);
      foldedSpacingRatios(levels).forEach((ratio, i) => {
        expect(ratio).toBeCloseTo(ratios[i], 9);
      });
    });
  });

  it('has the spectrum of the block and as many zeros, whatever the basis', async () => {
    const rows = await run({ zeroDirections: 5 });
    rows('levels').forEach((levels, sample) => {
      const expected = Float64Array.from([...levels, 0, 0, 0, 0, 0]).sort();
      for (const values of [rows('whole')[sample], rows('rotated')[sample]]) {
        values.forEach((x, i) => {
          expect(x).toBeCloseTo(expected[i], 12);
        });
      }
    });
  });

  it('has outliers of scale (1 + x^2) and more where they dwarf the rest', async () => {
    const rows = await run({ outliers: { count: 2, scale: 1e6 } });
    for (const levels of rows('levels')) {
      expect(levels[9]).toBeLessThan(10);
      expect(levels[10]).toBeGreaterThan(0.99e6);
    }
    expect(rows('levels')[0][11]).not.toBe(rows('levels')[1][11]);
  });
});
