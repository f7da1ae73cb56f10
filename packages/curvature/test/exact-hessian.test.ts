import { denseObjective, layerShapes, mlp, parameterCount, softmaxRegression } from '@hessian-rmt/models';
import { linearAlgebra, portableLinearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { exactHessian, type HessianPart, InsufficientMemoryError } from '../src/index.js';
import { examples, randomData, randomWeights, relativeDifference } from './examples.js';
import { finiteDifferenceHessian, naiveHessian } from './naive-derivatives.js';

const la = await linearAlgebra();
const parts: readonly HessianPart[] = ['hessian', 'gauss-newton', 'residual'];

describe('the exact Hessian', () => {
  it.each(examples)('and its two parts equal the sum written out, sample by sample: $title', async ({ network }) => {
    const data = randomData(network, 7);
    const weights = randomWeights(network);
    for (const part of parts) {
      const { n, data: entries } = await exactHessian(network, weights, data, { linearAlgebra: la, part, chunk: 3 });
      expect(n).toBe(parameterCount(network));
      expect(relativeDifference(entries, naiveHessian(network, weights, data, part)), part).toBeLessThan(1e-14);
    }
  });

  // Truncation is about step^2 = 1e-10 times a fourth derivative, rounding about 1e-16 / 1e-5.
  it.each(examples)('equals differences of gradients: $title', async ({ network }) => {
    const data = randomData(network, 5);
    const weights = randomWeights(network);
    const { data: entries } = await exactHessian(network, weights, data, { linearAlgebra: la });
    expect(relativeDifference(entries, finiteDifferenceHessian(network, weights, data))).toBeLessThan(2e-8);
  });
});
