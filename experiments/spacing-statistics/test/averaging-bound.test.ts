import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { printedBound, safeBound, spreadOf, weightedVariance } from '../src/averaging-bound.js';
import { kernelOf } from '../src/kernels.js';

const kernels = (['exponential', 'power', 'floor'] as const).map((kind) =>
  kernelOf({ kind, variance: 1.3, length: 0.8 }),
);
const exponential = kernelOf({ kind: 'exponential', variance: 1, length: 1 });

const diagonal = (values: readonly number[]) =>
  Float64Array.from({ length: values.length ** 2 }, (_, e) =>
    e % (values.length + 1) === 0 ? values[e / (values.length + 1)] : 0,
  );

describe('weightedVariance', () => {
  it('is the trace of A C A^T with the covariance of all gradients written out', () => {
    const random = randomStream(1, 'written out');
    const [count, size] = [3, 4];
    const points = Array.from({ length: count }, () => random.normals(size));
    const matrices = points.map(() => {
      const matrix = random.normals(size * size);
      for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) matrix[i * size + j] = matrix[j * size + i];
      return matrix;
    });
    for (const kernel of kernels) {
      // Equation 16, element by element.
      const covariance = (i: number, j: number, a: number, b: number) => {
        const s = -points[i].reduce((sum, x, c) => sum + (x - points[j][c]) ** 2, 0) / 2;
        const product = (points[i][a] - points[j][a]) * (points[j][b] - points[i][b]);
        return product * kernel.second(s) + (a === b ? kernel.first(s) : 0);
      };
      let trace = 0;
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < count; j++) {
          for (let c = 0; c < size; c++) {
            for (let a = 0; a < size; a++) {
              for (let b = 0; b < size; b++) {
                trace += matrices[i][c * size + a] * covariance(i, j, a, b) * matrices[j][c * size + b];
              }
            }
          }
        }
      }
      expect(weightedVariance(kernel, { points, matrices })).toBeCloseTo(trace / count ** 2 / size, 12);
    }
  });
});

describe('the bound of equation 19', () => {
  it('is an equality for A_i = a 1 with the operator norm, whatever the points', () => {
    const random = randomStream(2, 'equality');
    const points = Array.from({ length: 5 }, () => random.normals(3, 2));
    for (const kernel of kernels) {
      const matrices = points.map(() => diagonal([0.7, 0.7, 0.7]));
      const exact = weightedVariance(kernel, { points, matrices });
      expect(printedBound(kernel, spreadOf(points), 0.7)).toBeCloseTo(exact, 13);
    }
  });

  it('fails for two points in one dimension, weights 1 and -1, exp(s) and the distance 1.5: 0.70 against 0.30', () => {
    const points = [Float64Array.of(0), Float64Array.of(1.5)];
    const matrices = [Float64Array.of(1), Float64Array.of(-1)];
    const k = Math.exp(-1.125);
    expect(weightedVariance(exponential, { points, matrices })).toBeCloseTo((1 + 1.25 * k) / 2, 14);
    expect(printedBound(exponential, spreadOf(points), 1)).toBeCloseTo((1 - 1.25 * k) / 2, 14);
    expect((1 + 1.25 * k) / 2).toBeCloseTo(0.703, 3);
    expect((1 - 1.25 * k) / 2).toBeCloseTo(0.297, 3);
    // There the bound that always holds is met.
    expect(safeBound(exponential, spreadOf(points), 1)).toBeCloseTo((1 + 1.25 * k) / 2, 14);
  });

  it('is P^2 times the variance for A_i = 1, whose trace norm is P', () => {
    const points = [0, 0.4, 1].map((x) => Float64Array.of(x, 0, 0));
    const matrices = points.map(() => diagonal([1, 1, 1]));
    const exact = weightedVariance(exponential, { points, matrices });
    expect(printedBound(exponential, spreadOf(points), 3) / exact).toBeCloseTo(9, 12);
  });

  it('holds for any matrices of operator norm 1 where no covariance is negative along the line, safely everywhere', () => {
    const random = randomStream(3, 'any matrices');
    for (let trial = 0; trial < 200; trial++) {
      const size = 1 + random.integer(3);
      const near = trial % 2 === 0;
      // Within a ball of diameter 1, exp(s) has k' >= k'' d^2.
      const points = Array.from({ length: 4 }, () => {
        const x = random.normals(size);
        const radius = near ? random.uniform() / 2 : 3 * random.uniform();
        return x.map((value) => (radius * value) / Math.hypot(...x));
      });
      // Signs on the diagonal in a random reflected basis: 1 - 2 u u^T.
      const matrices = points.map(() => {
        const x = random.normals(size);
        const u = x.map((value) => value / Math.hypot(...x));
        return Float64Array.from(
          { length: size * size },
          (_, e) => (e % (size + 1) === 0 ? 1 : 0) - 2 * u[Math.floor(e / size)] * u[e % size],
        );
      });
      const exact = weightedVariance(exponential, { points, matrices });
      if (near) expect(exact).toBeLessThanOrEqual(printedBound(exponential, spreadOf(points), 1) + 1e-14);
      expect(exact).toBeLessThanOrEqual(safeBound(exponential, spreadOf(points), 1) + 1e-14);
    }
  });
});
