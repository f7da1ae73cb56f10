import { type LinearAlgebra, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { beforeAll, describe, expect, it } from 'vitest';
import { smoothingSplineUnfolding, spacings } from '../../src/index.js';
import { summary } from '../sampling.js';
import { expectOrthogonalSpacings } from './unfolded-orthogonal.js';

let algebra: LinearAlgebra;
beforeAll(async () => {
  algebra = await linearAlgebra({ threads: 1 });
});

/** Row-major product of the penalty: the quadratic form of int g''^2 in the values of a natural spline, Q R^-1 Q^T, dense. */
async function roughness(knots: Float64Array): Promise<{ values: Float64Array; vectors: Float64Array }> {
  const n = knots.length;
  const h = spacings(knots);
  // R^-1 Q^T column by column, R being positive definite: R = L L^T.
  const R = new Float64Array((n - 2) ** 2);
  const Qt = new Float64Array((n - 2) * n);
  for (let i = 0; i < n - 2; i++) {
    R[i * (n - 2) + i] = (h[i] + h[i + 1]) / 3;
    if (i + 1 < n - 2) R[i * (n - 2) + i + 1] = R[(i + 1) * (n - 2) + i] = h[i + 1] / 6;
    Qt.set([1 / h[i], -1 / h[i] - 1 / h[i + 1], 1 / h[i + 1]], i * n + i);
  }
  const L = await algebra.cholesky(R, n - 2);
  // Z = L^-1 Q^T by forward substitution; the form is Z^T Z.
  const Z = Float64Array.from(Qt);
  for (let i = 0; i < n - 2; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < i; k++) Z[i * n + j] -= L[i * (n - 2) + k] * Z[k * n + j];
      Z[i * n + j] /= L[i * (n - 2) + i];
    }
  }
  const form = new Float64Array(n * n);
  algebra.gemm({ transposeA: true, m: n, n, k: n - 2, a: Z, lda: n, b: Z, ldb: n, c: form, ldc: n });
  return algebra.symmetricEigen(form, n);
}

describe('smoothingSplineUnfolding', () => {
  const random = randomStream(1, 'levels');
  const levels = Float64Array.from({ length: 40 }, (_, i) => i ** 1.5 + 2 * random.uniform()).sort();

  it.each([2.5, 6, 20, 35])(
    'is the smoothing spline of %d degrees of freedom, as dense algebra finds it',
    async (freedom) => {
      // Smoother sum of v v^T/(1 + penalty e) over the eigenpairs of the form; its trace decides the penalty.
      const n = levels.length;
      const knots = levels.map((l) => (l - levels[0]) / (levels[n - 1] - levels[0]));
      const { values, vectors } = await roughness(knots);
      const shares = (penalty: number) => values.map((e) => 1 / (1 + penalty * Math.max(0, e)));
      let [low, high] = [-100, 100];
      for (let step = 0; step < 100; step++) {
        const middle = (low + high) / 2;
        if (shares(Math.exp(middle)).reduce((sum, s) => sum + s, 0) > freedom) low = middle;
        else high = middle;
      }
      const kept = shares(Math.exp(low));
      const expected = new Float64Array(n);
      for (let k = 0; k < n; k++) {
        const vector = vectors.subarray(k * n, (k + 1) * n);
        const along = vector.reduce((sum, v, i) => sum + v * (i + 0.5), 0);
        for (let i = 0; i < n; i++) expected[i] += kept[k] * along * vector[i];
      }
      const { name, unfold } = smoothingSplineUnfolding(levels, { degreesOfFreedom: freedom });
      expect(name).toBe(`smoothing spline of ${freedom} degrees of freedom`);
      for (const [i, l] of unfold(levels).entries()) expect(Math.abs(l - expected[i])).toBeLessThan(1e-7);
    },
  );

  it('is a natural cubic spline between the levels: cubic pieces, smooth where they meet, straight beyond', () => {
    const { unfold } = smoothingSplineUnfolding(levels, { degreesOfFreedom: 12 });
    const at = (x: number, step: number, count: number) =>
      unfold(Float64Array.from({ length: count }, (_, i) => x + (i - (count - 1) / 2) * step));
    for (let i = 1; i < levels.length - 1; i++) {
      const [left, right] = [levels[i] - levels[i - 1], levels[i + 1] - levels[i]];
      // Fourth differences of a cubic vanish.
      const [a, b, c, d, e] = at(levels[i] + right / 2, right / 5, 5);
      expect(Math.abs(a - 4 * b + 6 * c - 4 * d + e)).toBeLessThan(1e-11);
      // Second differences across a knot are those of a function with a continuous second derivative: they tend to one
      // limit from left, right and the middle, to first order in the step.
      const step = 1e-3 * Math.min(left, right);
      const curvature = (x: number) => {
        const [before, here, after] = at(x, step, 3);
        return (before - 2 * here + after) / step ** 2;
      };
      const near = [-1, 0, 1].map((side) => curvature(levels[i] + side * step));
      expect(Math.max(...near) - Math.min(...near)).toBeLessThan(1e-2);
    }
    const [first, last] = [levels[0], levels[levels.length - 1]];
    for (const [x, direction] of [
      [first, -1],
      [last, 1],
    ] as const) {
      const beyond = unfold(Float64Array.from([0, 1, 2], (k) => x + direction * k * 0.01).sort());
      expect(Math.abs(beyond[0] - 2 * beyond[1] + beyond[2])).toBeLessThan(1e-11);
      // And straight on: the slope beyond is that just inside.
      const [inside, end, outside] = at(x, 1e-5, 3);
      expect(Math.abs(inside - 2 * end + outside)).toBeLessThan(1e-9);
    }
  });

  it('is the straight line of even levels whatever its freedom, and evens out any when it has nearly all', () => {
    const even = Float64Array.from({ length: 30 }, (_, i) => 7 - 0.5 * (30 - i));
    for (const degreesOfFreedom of [2.01, 10, 29.9]) {
      const unfolded = smoothingSplineUnfolding(even, { degreesOfFreedom }).unfold(even);
      for (const [i, l] of unfolded.entries()) expect(l).toBeCloseTo(i + 0.5, 10);
    }
    const free = smoothingSplineUnfolding(levels, { degreesOfFreedom: 39.99 }).unfold(levels);
    for (const [i, l] of free.entries()) expect(Math.abs(l - i - 0.5)).toBeLessThan(0.05);
  });

  it('leaves the spacings of the orthogonal ensemble', async () => {
    await expectOrthogonalSpacings((spectrum) => smoothingSplineUnfolding(spectrum, { degreesOfFreedom: 12 }), algebra);
  });

  it('does not depend on the unit of the levels', () => {
    const unfolded = smoothingSplineUnfolding(levels, { degreesOfFreedom: 8 }).unfold(levels);
    const scaled = levels.map((l) => 1e-9 * l - 1e-7);
    const again = smoothingSplineUnfolding(scaled, { degreesOfFreedom: 8 }).unfold(scaled);
    for (const [i, l] of unfolded.entries()) expect(Math.abs(l - again[i])).toBeLessThan(1e-6);
    expect(summary(spacings(unfolded)).mean).toBeCloseTo(1, 1);
  });

  it('refuses to unfold out of order, equal levels, and freedom that the levels do not have', () => {
    const outlying = Float64Array.from({ length: 50 }, (_, i) => (i < 48 ? i / 49 : 10 * (i - 45)));
    const between = Float64Array.of(2, 8, 14, 20);
    expect(() => smoothingSplineUnfolding(outlying, { degreesOfFreedom: 5 }).unfold(between)).toThrow(
      'take fewer degrees of freedom, or cut off outliers',
    );
    const of =
      (...given: number[]) =>
      () =>
        smoothingSplineUnfolding(Float64Array.from(given), { degreesOfFreedom: 2.5 });
    expect(of(0, 1, 1, 2)).toThrow('found 1 and 1 at position 2: merge them with distinctLevels first');
    expect(of(-1, 1e-20, 2e-20, 1)).toThrow('differ by more than the rounding of their range');
    expect(of(0, 1)).toThrow('at least 3 different levels, found 2');
    for (const degreesOfFreedom of [2, 40, Number.NaN]) {
      expect(() => smoothingSplineUnfolding(levels, { degreesOfFreedom })).toThrow('must lie between 2 and 40');
    }
  });
});
