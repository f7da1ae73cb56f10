import { randomStream } from '@hessian-rmt/numerics';
import { kolmogorovSmirnov, wignerSurmise } from '@hessian-rmt/rmt';
import { expect, it } from 'vitest';
import { independentDistance } from '../src/independent-distance.js';

it('one sample of independent values in a thousand lies farther from its law', () => {
  const [count, samples] = [50, 4000];
  const law = wignerSurmise({ beta: 1 });
  const random = randomStream(1, 'independent distance');
  let farther = 0;
  for (let i = 0; i < samples; i++) {
    const values = Float64Array.from(law.sample(count, random)).sort();
    if (kolmogorovSmirnov(values, law) > independentDistance(count)) farther++;
  }
  // 4 expected in the limit, somewhat fewer of 50 values: 13 and more are one case in three thousand, none at all one in 55.
  expect(farther).toBeGreaterThan(0);
  expect(farther).toBeLessThan(13);
});
