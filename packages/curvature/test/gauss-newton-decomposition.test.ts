import { mlp, parameterCount } from '@hessian-rmt/models';
import { linearAlgebra } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { exactHessian, gaussNewtonDecomposition, InsufficientMemoryError } from '../src/index.js';
import { examples, randomData, randomWeights, relativeDifference } from './examples.js';
import { naiveHessian } from './naive-derivatives.js';

const la = await linearAlgebra();

describe('the Gauss-Newton decomposition', () => {
  it.each(examples)('is H = G + R, each as written out: $title', async ({ network }) => {
    const data = randomData(network, 5);
    const weights = randomWeights(network);
    const { hessian, gaussNewton, residual } = await gaussNewtonDecomposition(network, weights, data, {
      linearAlgebra: la,
    });
    expect(hessian.n).toBe(parameterCount(network));
    const naive = (part: 'hessian' | 'gauss-newton' | 'residual') => naiveHessian(network, weights, data, part);
    expect(relativeDifference(hessian.data, naive('hessian'))).toBeLessThan(1e-14);
    expect(relativeDifference(gaussNewton.data, naive('gauss-newton'))).toBeLessThan(1e-14);
    expect(relativeDifference(residual.data, naive('residual'))).toBeLessThan(1e-14);
    const whole = await exactHessian(network, weights, data, { linearAlgebra: la });
    expect(relativeDifference(hessian.data, whole.data)).toBeLessThan(1e-14);
  });

  it('gives weight decay to H and to G', async () => {
    const network = mlp([3, 4, 2]);
    const data = randomData(network, 5);
    const weights = randomWeights(network);
    const plain = await gaussNewtonDecomposition(network, weights, data, { linearAlgebra: la });
    const decayed = await gaussNewtonDecomposition(network, weights, data, { linearAlgebra: la, weightDecay: 0.5 });
    expect(decayed.hessian.data[0] - plain.hessian.data[0]).toBeCloseTo(0.5, 14);
    expect(decayed.gaussNewton.data[0] - plain.gaussNewton.data[0]).toBeCloseTo(0.5, 14);
    expect(decayed.residual.data).toEqual(plain.residual.data);
  });

  it('counts all three matrices before it starts', async () => {
    const network = mlp([100, 30, 30, 10]);
    const size = parameterCount(network);
    const options = { linearAlgebra: la, memoryLimit: 8 * size * size * 2.5 };
    const decomposed = gaussNewtonDecomposition(network, new Float64Array(size), randomData(network, 2), options);
    await expect(decomposed).rejects.toThrow(InsufficientMemoryError);
  });
});
