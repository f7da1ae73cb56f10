import { denseObjective } from '@hessian-rmt/models';
import { portableLinearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { memorisationTask, squareNetwork } from '../src/memorisation.js';
import { smallObjective } from '../src/small-objective.js';

describe('smallObjective', () => {
  it.each(['tanh', 'identity'] as const)(
    'has loss, gradient and Hessian-vector product of the dense network, %s',
    (f) => {
      const random = randomStream(4, f);
      const n = 3;
      const data = memorisationTask(n, 7, random.stream('data'));
      const weights = random.stream('weights').normals(2 * n * n);
      const vector = random.stream('vector').normals(2 * n * n);
      const small = smallObjective(n, f, data);
      const dense = denseObjective(squareNetwork(n, f), data, portableLinearAlgebra());
      const gradients = [new Float64Array(2 * n * n), new Float64Array(2 * n * n)];
      expect(small.gradient(weights, gradients[0])).toBeCloseTo(dense.gradient(weights, gradients[1]), 12);
      gradients[0].forEach((entry, i) => {
        expect(entry).toBeCloseTo(gradients[1][i], 12);
      });
      const product = dense.hessianVectorProduct(weights, vector);
      small.hessianVectorProduct(weights, vector).forEach((entry, i) => {
        expect(entry).toBeCloseTo(product[i], 12);
      });
    },
  );
});
