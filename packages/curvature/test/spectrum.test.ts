import { mlp } from '@hessian-rmt/models';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { eigenvalues, exactHessian } from '../src/index.js';
import { examples, randomData, randomWeights } from './examples.js';

const la = await linearAlgebra();

describe('the spectrum of an exact Hessian', () => {
  // Inputs sqrt(N) Q diag(s) with orthonormal columns of Q: X^T X / N = diag(s^2), once for every output.
  it('is the squared scales of an orthogonal design, to 1e-14 of the largest', async () => {
    const count = 60;
    const scales = Float64Array.from({ length: 20 }, (_, j) => 10 ** (-j / 10));
    const { q } = await la.qr(randomStream(1, 'design').normals(count * 20), count, 20);
    const network = mlp([20, 3], { activation: 'identity', loss: 'squared-error', bias: false });
    const data = {
      ...randomData(network, count),
      inputs: q.map((value, index) => value * Math.sqrt(count) * scales[index % 20]),
    };
    const hessian = await exactHessian(network, randomWeights(network), data, { linearAlgebra: la });
    const { values, size, precision, roundingFloor } = await eigenvalues(hessian, { linearAlgebra: la });
    const expected = Array.from(scales, (scale) => scale ** 2)
      .flatMap((value) => [value, value, value])
      .sort((a, b) => a - b);
    expect({ size, precision, roundingFloor }).toEqual({
      size: 60,
      precision: 'float64',
      roundingFloor: 60 * 2 ** -52 * values[59],
    });
    values.forEach((value, index) => {
      expect(Math.abs(value - expected[index])).toBeLessThan(1e-14);
    });
  });

  it('has the trace and the Frobenius norm of the matrix', async () => {
    for (const { network } of examples) {
      const { n, data } = await exactHessian(network, randomWeights(network), randomData(network, 5), {
        linearAlgebra: la,
      });
      const trace = Array.from({ length: n }, (_, i) => data[i * (n + 1)]).reduce((sum, entry) => sum + entry);
      const squares = data.reduce((sum, entry) => sum + entry ** 2, 0);
      const { values } = await eigenvalues({ n, data }, { linearAlgebra: la, overwrite: true });
      expect(values.reduce((sum, value) => sum + value) / Math.sqrt(squares)).toBeCloseTo(
        trace / Math.sqrt(squares),
        12,
      );
      expect(values.reduce((sum, value) => sum + value ** 2, 0) / squares).toBeCloseTo(1, 12);
    }
  });
});
