import { mlp } from '@hessian-rmt/models';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  denseOperator,
  exactHessian,
  hessianOperator,
  matrixOf,
  type Operator,
  parametersMatching,
  restricted,
} from '../../src/index.js';
import { randomData, randomWeights, relativeDifference } from '../examples.js';

const la = await linearAlgebra();

describe('an operator restricted to some parameters', () => {
  it('is the block of the exact Hessian that belongs to a layer', async () => {
    const network = mlp([5, 4, 3], { activation: 'tanh' });
    const data = randomData(network, 20);
    const weights = randomWeights(network);
    const whole = await exactHessian(network, weights, data, { linearAlgebra: la });
    const { indices } = parametersMatching(network, 'layer2.*');
    const operator = restricted(hessianOperator(network, weights, data, { linearAlgebra: la }), indices);
    const block = Float64Array.from(
      { length: indices.length ** 2 },
      (_, at) => whole.data[indices[Math.floor(at / indices.length)] * whole.n + indices[at % indices.length]],
    );
    expect(operator.shape).toEqual([15, 15]);
    expect(relativeDifference((await matrixOf(operator)).data, block)).toBeLessThan(1e-13);
  });

  it('takes its rows and columns in the order of the indices', async () => {
    const n = 4;
    const data = randomStream(1, 'matrix').normals(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) data[i * n + j] = data[j * n + i];
    const { data: block } = await matrixOf(restricted(denseOperator({ n, data }), [3, 1]));
    expect([...block]).toEqual([data[15], data[7], data[7], data[5]]);
  });

  it('refuses indices that are outside, twice there or none, and an operator that is not square', () => {
    const square = denseOperator({ n: 2, data: new Float64Array(4) });
    expect(() => restricted(square, [])).toThrow('expected at least one index');
    expect(() => restricted(square, [0, 2])).toThrow('index 2 is not among 0 .. 1');
    expect(() => restricted(square, [0.5])).toThrow('index 0.5');
    expect(() => restricted(square, [1, 1])).toThrow('index 1 is there twice');
    const oblong: Operator = { shape: [2, 3], matvec: (v) => v };
    expect(() => restricted(oblong, [0])).toThrow('found 2 x 3');
  });
});
