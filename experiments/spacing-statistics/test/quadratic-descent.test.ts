import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { exactNorms } from '../src/descent-norms.js';
import { quadraticDescent } from '../src/quadratic-descent.js';

const run = async (spectrum: 'wishart' | 'goe' | 'outliers', variance: number) => {
  const config = { spectrum, parameters: 60, rate: 0.3, variance, start: 2, steps: [5, 20], runs: 2 };
  const { arrays } = await quadraticDescent.run(config, {
    random: randomStream(1, 'unit'),
    linearAlgebra: await linearAlgebra(),
    repetition: 0,
    progress: () => {},
    scratch: () => Promise.reject(new Error('no checkpoints')),
    of: () => Promise.reject(new Error('needs none')),
  });
  return arrays;
};

describe('quadraticDescent', () => {
  it('has the spectra that it names', async () => {
    // Edges, with four Tracy-Widom fluctuations of about n^(-2/3) of the scale.
    const room = 4 * 60 ** (-2 / 3);
    for (const [spectrum, low, high] of [
      ['wishart', (1 - Math.SQRT1_2) ** 2, (1 + Math.SQRT1_2) ** 2],
      ['goe', 0.25, 2.25],
    ] as const) {
      const curvatures = (await run(spectrum, 1)).curvatures.data;
      expect(curvatures[0]).toBeGreaterThan(Math.max(0, low - room));
      expect(curvatures[59]).toBeLessThan(high + room);
    }
    const outliers = (await run('outliers', 1)).curvatures.data;
    expect([...outliers.slice(57)]).toEqual([4, 5, 6]);
    expect(outliers[56]).toBeLessThan(3);
  });

  it('without noise follows the exact norms, which is what theorem 8.1 says of the start', async () => {
    const { curvatures, last, average } = await run('wishart', 0);
    const descent = {
      curvatures: curvatures.data,
      start: new Float64Array(60).fill(2),
      rate: 0.3,
      variance: 0,
    };
    [5, 20].forEach((steps, k) => {
      const norms = exactNorms(descent, steps);
      for (const run of [0, 1]) {
        expect(last.data[2 * run + k]).toBeCloseTo(norms.last, 12);
        expect(average.data[2 * run + k]).toBeCloseTo(norms.average, 12);
      }
    });
  });
});
