import { type LinearAlgebra, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { beforeAll, describe, expect, it } from 'vitest';
import { polynomialUnfolding } from '../../src/index.js';
import { expectOrthogonalSpacings } from './unfolded-orthogonal.js';

let algebra: LinearAlgebra;
beforeAll(async () => {
  algebra = await linearAlgebra({ threads: 1 });
});

/** Levels of a growing density, and their staircase polynomial by QR in Chebyshev polynomials. */
async function byQr(levels: Float64Array, degree: number): Promise<Float64Array> {
  const [first, last, n] = [levels[0], levels[levels.length - 1], levels.length];
  const angles = levels.map((l) => Math.acos(Math.max(-1, Math.min(1, (2 * (l - first)) / (last - first) - 1))));
  const basis = Float64Array.from({ length: n * (degree + 1) }, (_, at) => {
    const [i, k] = [Math.floor(at / (degree + 1)), at % (degree + 1)];
    return Math.cos(k * angles[i]);
  });
  const { q } = await algebra.qr(basis, n, degree + 1);
  // The fit is the projection Q Q^T of the staircase.
  const projections = Float64Array.from({ length: degree + 1 }, (_, k) =>
    levels.reduce((sum, _l, i) => sum + q[i * (degree + 1) + k] * (i + 0.5), 0),
  );
  return levels.map((_, i) => projections.reduce((sum, c, k) => sum + c * q[i * (degree + 1) + k], 0));
}

describe('polynomialUnfolding', () => {
  it.each([1, 3, 7, 15])('is the least-squares polynomial of degree %d, as QR finds it', async (degree) => {
    const random = randomStream(1, 'levels');
    const even = Float64Array.from({ length: 300 }, () => 1e-3 * random.uniform() - 5).sort();
    // Three quarters of the levels in a twentieth of the range.
    const crowded = Float64Array.from({ length: 300 }, (_, i) =>
      i % 4 ? random.uniform() : 20 * random.uniform(),
    ).sort();
    for (const levels of [even, crowded]) {
      const expected = await byQr(levels, degree);
      const rises = expected.every((l, i) => i === 0 || l >= expected[i - 1]);
      const { name, unfold } = polynomialUnfolding(levels, { degree });
      expect(name).toBe(`polynomial of degree ${degree}`);
      if (!rises) {
        expect(() => unfold(levels)).toThrow('must keep the order of levels');
      } else {
        for (const [i, l] of unfold(levels).entries()) expect(Math.abs(l - expected[i])).toBeLessThan(1e-9);
      }
    }
  });

  it('unfolds levels between those it is fitted to by the same polynomial', () => {
    // Levels where the staircase is (x^3 + x)/2 exactly.
    const cubic = (x: number) => (x ** 3 + x) / 2;
    const levels = Float64Array.from({ length: 60 }, (_, i) => {
      let [low, high] = [0, 10];
      for (let step = 0; step < 60; step++) {
        const middle = (low + high) / 2;
        if (cubic(middle) < i + 0.5) low = middle;
        else high = middle;
      }
      return low;
    });
    const between = Float64Array.from({ length: 40 }, (_, i) => 1.1 + i / 12);
    const { unfold } = polynomialUnfolding(levels, { degree: 3 });
    for (const [i, l] of unfold(between).entries()) expect(Math.abs(l - cubic(between[i]))).toBeLessThan(1e-11);
  });

  it('leaves the spacings of the orthogonal ensemble', async () => {
    await expectOrthogonalSpacings((levels) => polynomialUnfolding(levels, { degree: 11 }), algebra);
  });

  it('refuses to unfold out of order: a parabola through a spectrum with an outlier falls', () => {
    const levels = Float64Array.from({ length: 50 }, (_, i) => (i === 49 ? 10 : i / 49));
    const between = Float64Array.of(6, 9.9);
    expect(() => polynomialUnfolding(levels, { degree: 2 }).unfold(between)).toThrow(
      /^a polynomial of degree 2 must keep the order of levels, found .* take another degree, or cut off outliers$/,
    );
    expect(() => polynomialUnfolding(levels, { degree: 1 }).unfold(between)).not.toThrow();
  });

  it('refuses what it is not fitted to, and degrees that the levels do not determine', () => {
    const levels = Float64Array.of(0, 1, 1, 2);
    expect(() => polynomialUnfolding(levels, { degree: 1 }).unfold(Float64Array.of(0, 2.5))).toThrow(
      'unfolds levels from 0 to 2, those it is fitted to, found 2.5',
    );
    expect(() => polynomialUnfolding(levels, { degree: 3 })).toThrow('needs at least 4 different levels, found 3');
    expect(() => polynomialUnfolding(levels, { degree: 0 })).toThrow('the degree of a polynomial unfolding');
    expect(() => polynomialUnfolding(Float64Array.of(1, 0), { degree: 1 })).toThrow('ascending');
  });
});
