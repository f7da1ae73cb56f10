import { type Dataset, type DenseNetwork, mlp, softmaxRegression, type Weights } from '@hessian-rmt/models';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  deflatedHessian,
  deflatedSpectrum,
  exactHessian,
  type HessianPart,
  hessianOperator,
  paddedWithZeros,
} from '../../src/index.js';
import { activations, examples, losses, randomData, randomWeights, relativeDifference } from '../examples.js';

const la = await linearAlgebra();
const parts: readonly HessianPart[] = ['hessian', 'gauss-newton', 'residual'];

/** |deflated spectrum with its zeros - full spectrum|, in units of epsilon max |lambda|. */
async function distance(network: DenseNetwork, weights: Weights, data: Dataset, part: HessianPart = 'hessian') {
  const full = await exactHessian(network, weights, data, { linearAlgebra: la, part });
  const values = await la.symmetricEigenvalues(full.data, full.n);
  const deflated = await deflatedSpectrum(network, weights, data, { linearAlgebra: la, part });
  expect(deflated.size).toBe(full.n);
  expect(deflated.values.length + deflated.zeros.total).toBe(full.n);
  const { total, ...causes } = deflated.zeros;
  expect(Object.values(causes).reduce((sum, zeros) => sum + zeros)).toBe(total);
  for (const zeros of Object.values(causes)) expect(zeros).toBeGreaterThanOrEqual(0);
  return { deflated, epsilons: relativeDifference(paddedWithZeros(deflated), values) / Number.EPSILON };
}

describe('the deflated Hessian', () => {
  it.each(examples)('has all eigenvalues of the full one but its zeros: $title', async ({ network }) => {
    for (const count of [1, 3, 7, 60]) {
      const data = randomData(network, count);
      for (const part of parts) {
        const { epsilons } = await distance(network, randomWeights(network), data, part);
        expect(epsilons, `${count} samples, ${part}`).toBeLessThan(20);
      }
    }
  });
});
