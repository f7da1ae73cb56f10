import { randomStream } from '@hessian-rmt/numerics';
import { expect, it } from 'vitest';
import { neighbourCorrelation } from '../src/unfolding-distances.js';

it('is that of a moving average, and does not reach from one spectrum to the next', () => {
  // x_i + x_(i + 1) of independent x: correlation 1/2. Within a pair of equal values 1, between pairs none.
  const random = randomStream(1, 'correlation');
  const x = random.normals(20_001);
  const average = Float64Array.from({ length: 20_000 }, (_, i) => x[i] + x[i + 1]);
  // A standard error is below 1/sqrt(20,000).
  expect(Math.abs(neighbourCorrelation([average]) - 0.5)).toBeLessThan(5 / Math.sqrt(20_000));
  const pairs = Array.from(x, (value) => Float64Array.of(value, value));
  expect(neighbourCorrelation(pairs)).toBeCloseTo(1, 12);
});
