import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { expect, it } from 'vitest';
import { convolutionalSums, parametersOf, preResNet, train } from '../../src/index.js';
import { relativeError } from '../support/naive-network.js';
import { waves } from '../support/waves.js';

/** Written by test/fixtures/pre_resnet_training.py (PyTorch 1.13). */
const reference: { losses: number[]; weights: number[]; statistics: number[]; outputs: number[] } = JSON.parse(
  await readFile(join(import.meta.dirname, '../fixtures/pre_resnet_training.json'), 'utf8'),
);
const data = waves(12);
const { count, classes, image } = data;

it('a PreResNet trains as by PyTorch: weights, losses, running statistics and what it then says of the images', async () => {
  const network = preResNet(8, { input: image, classes, widths: [2, 3, 4] });
  const start = Float64Array.from({ length: parametersOf(network) }, (_, i) => 0.6 * Math.sin(1.7 * i + 0.3));
  const algebra = await linearAlgebra();
  // One mini-batch an epoch: its order does not matter.
  const trained = await train(
    network,
    start,
    data,
    { algorithm: 'sgd', batch: count, steps: 5, rate: 0.05, momentum: 0.9, weightDecay: 0.01, recordEvery: 1 },
    randomStream(1),
    { linearAlgebra: algebra, precision: 'float64' },
  );
  expect(relativeError(start, Float64Array.from(reference.weights))).toBeGreaterThan(0.1);
  expect(relativeError(trained.weights, Float64Array.from(reference.weights))).toBeLessThan(1e-12);
  expect(relativeError(trained.statistics!, Float64Array.from(reference.statistics))).toBeLessThan(1e-12);
  const losses = trained.history.slice(0, 5).map(({ loss }) => loss);
  expect(relativeError(losses, reference.losses)).toBeLessThan(1e-12);
  const normalisation = { mode: 'evaluation', statistics: trained.statistics! } as const;
  const outputs = convolutionalSums(network, data, algebra, { normalisation }).outputsOf(trained.weights, 0, count);
  expect(relativeError(outputs, reference.outputs)).toBeLessThan(1e-12);
});
