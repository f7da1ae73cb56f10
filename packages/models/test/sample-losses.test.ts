import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { expect, test } from 'vitest';
import { convolutionalSums, gaussianClusters, initialConvolutionalWeights, leNet, sampleLosses } from '../src/index.js';

test('losses one by one add up to the sum, and are those of the samples alone', async () => {
  const algebra = await linearAlgebra({ threads: 1 });
  const random = randomStream(4, 'sample losses');
  const image = { height: 8, width: 8, channels: 1 };
  const data = { ...gaussianClusters({ count: 3, samples: 12, dimension: 64 }, random.stream('data')), image };
  const network = leNet({ input: image, classes: 3, channels: [2, 3], hidden: [5, 4], size: 3 });
  const weights = initialConvolutionalWeights(network, random.stream('weights'));
  const normalisation = { mode: 'evaluation', statistics: new Float64Array(0) } as const;
  const sums = convolutionalSums(network, data, algebra, { normalisation });

  const { losses, correct } = sampleLosses(sums, network.loss, data, weights, 2, 11);
  const whole = sums.loss(weights, 2, 11);
  expect(losses).toHaveLength(9);
  expect(losses.reduce((sum, loss) => sum + loss, 0)).toBeCloseTo(whole.loss, 12);
  expect(correct).toBe(whole.correct);
  losses.forEach((loss, n) => {
    expect(loss).toBeCloseTo(sums.loss(weights, n + 2, n + 3).loss, 12);
  });
});
