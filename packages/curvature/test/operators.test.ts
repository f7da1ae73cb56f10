import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { denseOperator, exactHessian, fromMatvec, gaussNewtonOperator, hessianOperator } from '../src/index.js';
import { examples, randomData, randomWeights, relativeDifference } from './examples.js';

const la = await linearAlgebra();

describe('operators', () => {
  it.each(examples)('act as the exact matrices do: $title', async ({ network }) => {
    const data = randomData(network, 9);
    const weights = randomWeights(network);
    for (const [part, makeOperator] of [
      ['hessian', hessianOperator],
      ['gauss-newton', gaussNewtonOperator],
    ] as const) {
      const matrix = await exactHessian(network, weights, data, { linearAlgebra: la, part });
      const operator = makeOperator(network, weights, data, { linearAlgebra: la });
      expect(operator.shape).toEqual([matrix.n, matrix.n]);
      const v = randomStream(3, part).normals(matrix.n);
      const product = await operator.matvec(v);
      expect(relativeDifference(await denseOperator(matrix).matvec(v), product), part).toBeLessThan(1e-13);
      expect(relativeDifference(await denseOperator(matrix, la).matvec(v), product), part).toBeLessThan(1e-13);
    }
  });

  it('refuse vectors of another length', () => {
    const doubling = fromMatvec(3, (v) => v.map((x) => 2 * x));
    expect(doubling.matvec(Float64Array.of(1, 2, 3))).toEqual(Float64Array.of(2, 4, 6));
    expect(() => doubling.matvec(Float64Array.of(1, 2))).toThrow('expected a vector of length 3, found 2');
  });
});
