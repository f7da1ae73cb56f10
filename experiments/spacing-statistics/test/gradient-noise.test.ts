import { denseObjective, gaussianClusters, initialWeights, mlp, slice } from '@hessian-rmt/models';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { gradientNoise } from '../src/gradient-noise.js';

describe('gradientNoise', () => {
  it('is the covariance of the gradients of single samples, formed one by one', async () => {
    const algebra = await linearAlgebra();
    const random = randomStream(1, 'noise');
    const data = gaussianClusters({ count: 3, samples: 12, dimension: 5 }, random.stream('data'));
    for (const bias of [true, false]) {
      const network = mlp([5, 4, 3], { activation: 'tanh', bias });
      const points = ['a', 'b', 'c'].map((name) => initialWeights(network, random.stream(name)));
      const gradients = points.map((weights) =>
        Array.from({ length: data.count }, (_, n) => {
          const gradient = new Float64Array(weights.length);
          denseObjective(network, slice(data, n, n + 1), algebra).gradient(weights, gradient);
          return gradient;
        }),
      );
      const { traces, along, distances } = gradientNoise(network, points, data, algebra);
      const P = points[0].length;
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) {
          const step = points[i].map((x, c) => x - points[j][c]);
          const distance = Math.hypot(...step);
          const cross = (a: number, b: number) => {
            const mean = (at: number, c: number) => gradients[at].reduce((sum, g) => sum + g[c], 0) / data.count;
            const [meanI, meanJ] = [mean(i, a), mean(j, b)];
            return (
              gradients[i].reduce((sum, g, n) => sum + (g[a] - meanI) * (gradients[j][n][b] - meanJ), 0) /
              (data.count - 1)
            );
          };
          let trace = 0;
          let line = 0;
          for (let a = 0; a < P; a++) {
            trace += cross(a, a);
            for (let b = 0; b < P && i !== j; b++) line += (cross(a, b) * step[a] * step[b]) / distance ** 2;
          }
          expect(traces[3 * i + j]).toBeCloseTo(trace, 11);
          expect(distances[3 * i + j]).toBeCloseTo(distance, 12);
          expect(along[3 * i + j]).toBeCloseTo(line, 11);
        }
      }
    }
  });

  it('refuses a single sample', async () => {
    const data = gaussianClusters({ count: 2, samples: 2, dimension: 2 }, randomStream(2));
    const network = mlp([2, 2]);
    const points = [initialWeights(network, randomStream(3))];
    const algebra = await linearAlgebra();
    expect(() => gradientNoise(network, points, slice(data, 0, 1), algebra)).toThrow('found 1 and 1');
  });
});
