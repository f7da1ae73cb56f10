import { exactHessian } from '@hessian-rmt/curvature';
import { portableLinearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { memorisationTask, squareNetwork } from '../src/memorisation.js';
import { squareHessian } from '../src/square-hessian.js';

describe('squareHessian', () => {
  it.each(['tanh', 'identity'] as const)('is the exact Hessian of the dense network, %s', async (activation) => {
    const random = randomStream(5, activation);
    const n = 4;
    const parameters = 2 * n * n;
    const linearAlgebra = portableLinearAlgebra();
    const data = memorisationTask(n, 9, random.stream('data'));
    const hessianAt = squareHessian(n, activation, data, linearAlgebra);
    const matrix = new Float64Array(parameters ** 2).fill(Number.NaN);
    // Twice, so that nothing of the first matrix is left in the second.
    for (const name of ['elsewhere', 'here']) {
      const weights = random.stream(name).normals(parameters);
      hessianAt(weights, matrix);
      const expected = await exactHessian(squareNetwork(n, activation), weights, data, { linearAlgebra });
      matrix.forEach((entry, i) => {
        expect(entry).toBeCloseTo(expected.data[i], 11);
        expect(entry).toBe(matrix[(i % parameters) * parameters + Math.floor(i / parameters)]);
      });
    }
  });
});
