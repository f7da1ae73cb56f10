import { semicircle } from '@hessian-rmt/rmt';
import { describe, expect, it } from 'vitest';
import { meanStaircase, printedStaircase } from '../src/mean-staircase.js';

describe('printedStaircase', () => {
  it('is the cumulative of the semicircle for elements of variance 1/2 off the diagonal', () => {
    for (const size of [2, 50]) {
      const law = semicircle({ variance: size / 2 });
      for (const share of [-1.2, -1, -0.7, 0, 0.3, 0.999, 1, 1.1]) {
        const lambda = share * Math.sqrt(2 * size);
        expect(printedStaircase(lambda, size)).toBeCloseTo(size * law.cumulative(lambda), 6);
      }
    }
  });

  it('rises from 0 to P between plus and minus sqrt(2 P)', () => {
    expect(printedStaircase(-3, 4)).toBe(0);
    expect(printedStaircase(0, 4)).toBe(2);
    expect(printedStaircase(3, 4)).toBe(4);
  });
});

describe('meanStaircase', () => {
  it('counts levels below each point, not at it', () => {
    const spectra = [Float64Array.of(0, 1, 1, 2), Float64Array.of(1, 2, 3, 4)];
    expect([...meanStaircase(spectra, Float64Array.of(-1, 1, 1.5, 10))]).toEqual([0, 0.5, 2, 4]);
  });
});
