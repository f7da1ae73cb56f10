import { denseOperator, lanczos } from '@hessian-rmt/curvature';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { gaussianOrthogonal } from '@hessian-rmt/rmt';
import { describe, expect, it } from 'vitest';
import type { MeasuredSpectrum } from '../src/network-spectrum.js';
import { broadeningOf, secondMoment } from '../src/second-moment.js';

const algebra = await linearAlgebra({ threads: 1 });
const random = randomStream(3);
const n = 400;

/** A true matrix with two outliers, and noise of variance x / n in its elements: x is (P/N) sigma^2. */
async function sampled(x: number, samples: number): Promise<MeasuredSpectrum & { readonly exact: number }> {
  const data = gaussianOrthogonal(n, random.stream(`noise ${samples}`), { variance: x, spikes: [8, -3] });
  const exact = data.reduce((sum, value) => sum + value * value, 0) / n;
  const start = { random: random.stream('start') };
  const { values, weights, residuals } = await lanczos(denseOperator({ n, data }), {
    linearAlgebra: algebra,
    steps: 60,
    start,
  });
  return {
    parameters: n,
    samples,
    q: n / samples,
    loss: 0,
    accuracy: 1,
    nodes: values,
    weights,
    residuals,
    smallest: values[0],
    largest: values[values.length - 1],
    exact,
  };
}

describe('The second moment of a spectrum', () => {
  it('is that of the matrix, within what one random vector leaves open once outliers are counted once each', async () => {
    const found = await sampled(1, 100);
    // Without the outliers the fourth moment of the semicircle is 2: an error of sqrt(2 * 2 / n), here three of them.
    expect(Math.abs(secondMoment(found) - found.exact)).toBeLessThan(3 * Math.sqrt(4 / n));
  });
});

describe('Theorem 1 from two samples', () => {
  it('gives back the noise between them, and where the outliers of the small one are', async () => {
    const [small, large] = [await sampled(1, 100), await sampled(0.01, 10_000)];
    const { threshold, largest, smallest } = broadeningOf(small, large);
    expect(threshold ** 2).toBeGreaterThan(0.75);
    expect(threshold ** 2).toBeLessThan(1.25);
    // Fluctuations of the outliers: 2 x (1 - x/theta^2) / n (Capitaine et al. 2009), four deviations.
    const deviation = Math.sqrt(2 / n);
    expect(Math.abs(largest - small.largest)).toBeLessThan(4 * deviation);
    expect(Math.abs(smallest - small.smallest)).toBeLessThan(4 * deviation + 0.25 / 3);
  });

  it('moves nothing where no noise is seen', async () => {
    const one = await sampled(1, 100);
    expect(broadeningOf(one, { ...one, samples: 1000 })).toEqual({
      threshold: 0,
      largest: one.largest,
      smallest: one.smallest,
    });
  });
});
