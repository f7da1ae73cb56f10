import { gaussianClusters, initialWeights, mlp } from '@hessian-rmt/models';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { expect, test } from 'vitest';
import { exactHessian, fromMatvec, hessianOperator, InsufficientMemoryError, matrixOf } from '../../src/index.js';

test('products with all unit vectors give the Hessian that is assembled in closed form', async () => {
  const algebra = await linearAlgebra({ threads: 1 });
  const random = randomStream(3, 'matrix of');
  const data = gaussianClusters({ count: 3, samples: 40, dimension: 6 }, random.stream('data'));
  const network = mlp([6, 5, 3], { activation: 'tanh' });
  const weights = initialWeights(network, random.stream('weights'));

  const expected = await exactHessian(network, weights, data, { linearAlgebra: algebra });
  const found = await matrixOf(hessianOperator(network, weights, data, { linearAlgebra: algebra }));

  const largest = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(found.n).toBe(expected.n);
  for (let i = 0; i < expected.data.length; i++) {
    expect(Math.abs(found.data[i] - expected.data[i])).toBeLessThan(1e-13 * largest);
  }
  expect(found.asymmetry).toBeLessThan(1e-13);
});

test('an operator that is not symmetric says so, and gives its symmetric part', async () => {
  const shear = fromMatvec(2, ([x, y]) => Float64Array.of(x + 4 * y, x));
  expect(await matrixOf(shear)).toEqual({ n: 2, data: Float64Array.of(1, 2.5, 2.5, 0), asymmetry: 3 / 2.5 });
});

test('a product that is not finite is named', async () => {
  const broken = fromMatvec(2, ([x]) => Float64Array.of(x, x / 0));
  await expect(matrixOf(broken)).rejects.toThrow(
    'product with e_0: expected finite numbers, found Infinity as element 1',
  );
});

test('a product of a wrong length is refused, and one in memory that is not its own is taken as it was', async () => {
  const short = fromMatvec(2, () => Float64Array.of(1));
  await expect(matrixOf(short)).rejects.toThrow('product with e_0: expected a vector of length 2, found 1');
  const { data } = await matrixOf(fromMatvec(2, (v) => v));
  expect(data).toEqual(Float64Array.of(1, 0, 0, 1));
});

test('a matrix that does not fit into memory is refused before the first product', async () => {
  let products = 0;
  const huge = fromMatvec(1e7, (v) => {
    products++;
    return v;
  });
  await expect(matrixOf(huge)).rejects.toThrow(InsufficientMemoryError);
  expect(products).toBe(0);
});
