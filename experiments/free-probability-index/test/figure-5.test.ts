import { describe, expect, it } from 'vitest';
import { marchenkoPasturGap } from '../src/autoencoder-sizes.js';
import { fittedSigma } from '../src/figure-5.js';

describe('fittedSigma', () => {
  it('finds the sigma of exact gaps', () => {
    const points = [0.1, 0.4, 0.9].map((phi) => ({ phi, mean: marchenkoPasturGap(phi, 0.07) }));
    expect(fittedSigma(points)).toBeCloseTo(0.07, 12);
  });

  it('leaves a residual orthogonal to the curve', () => {
    const points = [0.1, 0.4, 0.9].map((phi, i) => ({ phi, mean: 0.01 * (3 - i) }));
    const sigma = fittedSigma(points);
    const product = points.reduce(
      (sum, { phi, mean }) => sum + marchenkoPasturGap(phi) * (mean - marchenkoPasturGap(phi, sigma)),
      0,
    );
    expect(Math.abs(product)).toBeLessThan(1e-15);
  });
});
