import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  denseOperator,
  extremalEigenpairs,
  fromMatvec,
  kanielPaigeSaadBound,
  lanczos,
  type RitzPairs,
  ritzPairs,
  type SymmetricMatrix,
} from '../../src/index.js';
import { type KnownSpectrum, sharesOf, spaced, withEigenvalues } from '../known-spectra.js';

const la = await linearAlgebra({ threads: 1 });

/** |A x - theta x| of every pair, from the matrix. */
function trueResiduals({ n, data }: SymmetricMatrix, { values, vectors }: RitzPairs): number[] {
  return Array.from(values, (value, k) => {
    const x = vectors.subarray(k * n, (k + 1) * n);
    let squares = 0;
    for (let i = 0; i < n; i++) {
      let sum = -value * x[i];
      for (let j = 0; j < n; j++) sum += data[i * n + j] * x[j];
      squares += sum * sum;
    }
    return Math.sqrt(squares);
  });
}

function expectOrthonormal(n: number, vectors: Float64Array): void {
  const count = vectors.length / n;
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += vectors[a * n + i] * vectors[b * n + i];
      expect(Math.abs(sum - (a === b ? 1 : 0))).toBeLessThan(1e-13);
    }
  }
}

describe('Ritz pairs', () => {
  it('have the residuals they say, and outliers are eigenpairs', async () => {
    const matrix = await withEigenvalues([-4, ...spaced(-1, 1, 196), 3, 5, 8], la);
    const result = await lanczos(denseOperator(matrix, la), {
      linearAlgebra: la,
      steps: 30,
      start: { random: randomStream(1, 'start') },
    });
    const pairs = await ritzPairs(result, { largest: 4, smallest: 2 }, { linearAlgebra: la });
    expectOrthonormal(200, pairs.vectors);
    trueResiduals(matrix, pairs).forEach((residual, i) => {
      expect(Math.abs(residual - pairs.residuals[i])).toBeLessThan(1e-13);
    });
    expect(pairs.values).toEqual(Float64Array.of(...result.values.slice(0, 2), ...result.values.slice(-4)));
    for (const [row, eigen] of [
      [0, 0],
      [5, 199],
      [4, 198],
    ]) {
      const overlap = sharesOf(matrix, pairs.vectors.subarray(row * 200, (row + 1) * 200))[eigen];
      expect(overlap).toBeCloseTo(1, 12);
    }
    await expect(ritzPairs(result, { largest: 31 }, { linearAlgebra: la })).rejects.toThrow('1 to 30 values');
    await expect(ritzPairs(result, {}, { linearAlgebra: la })).rejects.toThrow('found 0 largest and 0 smallest');
  });
});

describe('extremal eigenpairs by thick restart', () => {
  const find = (matrix: KnownSpectrum, options = {}) =>
    extremalEigenpairs(denseOperator(matrix, la), {
      linearAlgebra: la,
      random: randomStream(1, 'extremes'),
      ...options,
    });

  it('are those of the matrix, from a basis far smaller than Lanczos without restarts takes', async () => {
    const matrix = await withEigenvalues(
      spaced(-1, 1, 300).map((x) => x ** 3 + 2 * x),
      la,
    );
    const pairs = await find(matrix, { largest: 3, smallest: 2, basisSize: 16 });
    expect(pairs.converged).toBe(true);
    expect(pairs.products).toBeGreaterThan(32);
    const expected = [...matrix.eigenvalues.slice(0, 2), ...matrix.eigenvalues.slice(-3)];
    pairs.values.forEach((value, i) => {
      expect(Math.abs(value - expected[i])).toBeLessThan(1e-12);
    });
    expectOrthonormal(300, pairs.vectors);
    trueResiduals(matrix, pairs).forEach((residual, i) => {
      expect(Math.abs(residual - pairs.residuals[i])).toBeLessThan(1e-12);
      expect(residual).toBeLessThan(1e-8 * 3);
    });
  });

  it('are found after many restarts of long vectors', async () => {
    const n = 9000;
    const outliers = [1.2, 1.25, 1.3];
    const diagonal = Float64Array.from({ length: n }, (_, i) => (i < 3 ? outliers[i] : i / n));
    const operator = fromMatvec(n, (v) => v.map((x, i) => diagonal[i] * x));
    const options = { linearAlgebra: la, random: randomStream(1, 'extremes'), largest: 3, basisSize: 10 };
    const { values, vectors, products } = await extremalEigenpairs(operator, options);
    expect(products).toBeGreaterThan(30);
    outliers.forEach((outlier, i) => {
      expect(Math.abs(values[i] - outlier)).toBeLessThan(1e-13);
      // An error angle is at most the residual over the gap.
      expect(Math.abs(vectors[i * n + i])).toBeGreaterThan(1 - (1e-8 * 1.3) / 0.05);
    });
  });

  it('are found in every copy where the space is invariant', async () => {
    const matrix = await withEigenvalues([...Array.from({ length: 57 }, () => 1), 2, 2, 2], la);
    const pairs = await find(matrix, { largest: 4 });
    pairs.values.forEach((value, i) => {
      expect(Math.abs(value - [1, 2, 2, 2][i])).toBeLessThan(1e-12);
    });
    expect(trueResiduals(matrix, pairs).reduce((a, b) => Math.max(a, b))).toBeLessThan(1e-12);
  });

  it('are found in every copy where copies of few eigenvalues fill the basis exactly, with all residuals 0', async () => {
    const levels = [1, 1.7, 2.4, 3.1];
    const matrix = await withEigenvalues(
      Array.from({ length: 100 }, (_, i) => (i < 85 ? levels[i % 4] : 5)).sort((a, b) => a - b),
      la,
    );
    // 20 vectors hold each of the five eigenvalues four times.
    for (const [largest, seed] of [5, 8].flatMap((count) => [1, 2, 3].map((seed) => [count, seed]))) {
      const pairs = await find(matrix, { largest, random: randomStream(seed) });
      expect(pairs.converged).toBe(true);
      for (const value of pairs.values) expect(Math.abs(value - 5)).toBeLessThan(1e-12);
    }
  });

  it('refuse a tolerance that nothing can meet, which would never end where the basis is the whole space', async () => {
    const matrix = await withEigenvalues([-1, 0, 4], la);
    for (const tolerance of [-1, Number.NaN]) {
      await expect(find(matrix, { largest: 3, tolerance })).rejects.toThrow(`not negative, found ${tolerance}`);
    }
  });

  it('are all of a small matrix', async () => {
    const matrix = await withEigenvalues([-1, 0, 4], la);
    const pairs = await find(matrix, { largest: 2, smallest: 1 });
    [-1, 0, 4].forEach((value, i) => {
      expect(Math.abs(pairs.values[i] - value)).toBeLessThan(1e-14);
    });
    expect((await find(await withEigenvalues([7], la), { largest: 1 })).values[0]).toBeCloseTo(7, 14);
  });

  it('say that they have not converged when products run out, and refuse a basis that is too small', async () => {
    const matrix = await withEigenvalues(spaced(-1, 1, 100), la);
    const told: (readonly [number, number])[] = [];
    const pairs = await find(matrix, {
      largest: 2,
      maximumProducts: 25,
      progress: (products: number, converged: number) => told.push([products, converged]),
    });
    expect(pairs).toMatchObject({ converged: false, products: 29 });
    expect(told).toEqual([
      [20, 0],
      [29, 0],
    ]);
    expect(pairs.values[1]).toBeLessThanOrEqual(1);
    await expect(find(matrix, { largest: 4, basisSize: 5 })).rejects.toThrow('basis of 6 to 100 vectors for 4 pairs');
  });
});

describe('the bound of Kaniel, Paige and Saad', () => {
  it('holds for extreme Ritz values inside the spectrum, at both ends, and tells how outliers converge', async () => {
    const spectra = [[-3, ...spaced(-1, 1, 96), 2, 4, 9], spaced(0, 1, 60), [0, 0, 1, 1, 5, 5]];
    for (const [index, eigen] of spectra.entries()) {
      const matrix = await withEigenvalues(eigen, la, index + 1);
      const vector = randomStream(index, 'start').normals(eigen.length);
      const shares = sharesOf(matrix, vector);
      const distinct = Float64Array.from(new Set(eigen));
      const shareOf = (value: number) => shares.reduce((sum, s, i) => sum + (eigen[i] === value ? s : 0), 0);
      const cosines = {
        smallest: Math.sqrt(shareOf(distinct[0])),
        largest: Math.sqrt(shareOf(distinct[distinct.length - 1])),
      };
      for (let steps = 1; steps <= Math.min(12, distinct.length); steps++) {
        const options = { linearAlgebra: la, steps, start: vector };
        const { values } = await lanczos(denseOperator(matrix), options);
        const bound = kanielPaigeSaadBound({ eigenvalues: distinct, cosines, steps });
        const [low, high] = [values[0] - distinct[0], distinct[distinct.length - 1] - values[steps - 1]];
        expect(low).toBeGreaterThan(-1e-13);
        expect(high).toBeGreaterThan(-1e-13);
        expect(low).toBeLessThanOrEqual(bound.smallest + 1e-13);
        expect(high).toBeLessThanOrEqual(bound.largest + 1e-13);
      }
    }
  });

  it('is the printed formula, with the Chebyshev polynomial by its recursion', () => {
    const eigenvalues = Float64Array.of(-1, 0, 2, 3);
    const { smallest, largest } = kanielPaigeSaadBound({
      eigenvalues,
      cosines: { smallest: 0.6, largest: 0.8 },
      steps: 4,
    });
    const chebyshev3 = (x: number) => 4 * x ** 3 - 3 * x;
    expect(largest).toBeCloseTo((4 * (0.6 / 0.8) ** 2) / chebyshev3(1 + 2 / 3) ** 2, 12);
    expect(smallest).toBeCloseTo((4 * (0.8 / 0.6) ** 2) / chebyshev3(1 + 2 / 3) ** 2, 12);
  });

  it('is 0 after as many steps as two eigenvalues take, and for one', () => {
    const cosines = { smallest: 0.1, largest: 0.1 };
    const two = Float64Array.of(0, 1);
    expect(kanielPaigeSaadBound({ eigenvalues: two, cosines, steps: 2 })).toEqual({ smallest: 0, largest: 0 });
    expect(kanielPaigeSaadBound({ eigenvalues: two, cosines, steps: 1 }).largest).toBeCloseTo(99, 10);
    const one = Float64Array.of(3);
    expect(kanielPaigeSaadBound({ eigenvalues: one, cosines, steps: 1 })).toEqual({ smallest: 0, largest: 0 });
    const unseen = { smallest: 0, largest: 1 };
    expect(kanielPaigeSaadBound({ eigenvalues: two, cosines: unseen, steps: 2 })).toEqual({
      smallest: Infinity,
      largest: 0,
    });
    expect(() => kanielPaigeSaadBound({ eigenvalues: Float64Array.of(1, 1), cosines, steps: 1 })).toThrow('distinct');
    expect(() => kanielPaigeSaadBound({ eigenvalues: two, cosines: { smallest: 2, largest: 0 }, steps: 1 })).toThrow(
      'found 2',
    );
  });
});
