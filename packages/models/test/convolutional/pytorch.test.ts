import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linearAlgebra } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  type CurvatureKind,
  convolutionalParameterCount,
  convolutionalSums,
  curvatureKinds,
  preResNet,
  statisticsCount,
} from '../../src/index.js';
import { relativeError } from '../support/naive-network.js';
import { waves } from '../support/waves.js';

type Mode = Record<CurvatureKind | 'gradient', number[]> & { loss: number };

/** Written by test/fixtures/pre_resnet_products.py (PyTorch 1.13), with 10 digits. */
const reference: Record<'training' | 'evaluation', Mode> = JSON.parse(
  await readFile(join(import.meta.dirname, '../fixtures/pre_resnet_products.json'), 'utf8'),
);
const data = waves(6);
const { count, classes, image } = data;
const library = await linearAlgebra({ threads: 1 });

describe.each(['training', 'evaluation'] as const)('a PreResNet in %s mode', (mode) => {
  const network = preResNet(8, { input: image, classes, widths: [4, 2, 4] });
  const parameters = convolutionalParameterCount(network);
  const weights = Float64Array.from({ length: parameters }, (_, i) => 0.5 * Math.sin(1.7 * i + 0.3));
  const vector = Float64Array.from({ length: parameters }, (_, i) => Math.cos(0.9 * i * i));
  const statistics = Float64Array.from({ length: statisticsCount(network) }, (_, i) => 0.5 + 0.4 * Math.sin(i));
  const normalisation = mode === 'training' ? { mode, batch: count } : { mode, statistics };
  const expected = reference[mode];

  it.each([
    { precision: 'float64', tolerance: 1e-9 },
    { precision: 'float32', tolerance: 1e-5 },
  ] as const)('has the loss and the derivatives of PyTorch, in $precision', ({ precision, tolerance }) => {
    const sums = convolutionalSums(network, data, library, { normalisation, precision });
    const gradient = new Float64Array(parameters);
    expect(Math.abs(sums.addGradient(weights, 0, count, gradient) / expected.loss - 1)).toBeLessThan(tolerance);
    expect(relativeError(gradient, expected.gradient)).toBeLessThan(tolerance);
    for (const kind of curvatureKinds) {
      const product = new Float64Array(parameters);
      sums.addProduct(kind, weights, vector, 0, count, product);
      expect(relativeError(product, expected[kind])).toBeLessThan(tolerance);
    }
  });
});
