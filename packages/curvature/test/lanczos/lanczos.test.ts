import { gaussianClusters, initialWeights, mlp } from '@hessian-rmt/models';
import { linearAlgebra, portableLinearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { denseOperator, eigenvalues, exactHessian, fromMatvec, hessianOperator, lanczos } from '../../src/index.js';
import { sharesOf, spaced, withEigenvalues } from '../known-spectra.js';

const la = await linearAlgebra({ threads: 1 });
const start = (seed = 1) => ({ random: randomStream(seed, 'start') });

describe('the Lanczos process', () => {
  it('gives eigenvalues, shares of the start vector and no ghosts when it runs to the end', async () => {
    const matrix = await withEigenvalues(spaced(-1, 2, 40), la);
    const vector = randomStream(4, 'vector').normals(40);
    const result = await lanczos(denseOperator(matrix), { linearAlgebra: la, steps: 40, start: vector });
    const shares = sharesOf(matrix, vector);
    expect(result).toMatchObject({ steps: 40, size: 40, invariant: true });
    result.values.forEach((value, i) => {
      expect(Math.abs(value - matrix.eigenvalues[i])).toBeLessThan(1e-13);
      expect(Math.abs(result.weights[i] - shares[i])).toBeLessThan(1e-12);
    });
  });

  it('does not take an operator for zero or infinite whose squared elements are', async () => {
    for (const scale of [1e-170, 1, 1e160]) {
      const operator = fromMatvec(30, (v) => v.map((x, i) => scale * (i + 1) * x));
      const { steps, values } = await lanczos(operator, { linearAlgebra: la, steps: 30, start: start() });
      expect(steps).toBe(30);
      values.forEach((value, i) => {
        expect(Math.abs(value / scale - (i + 1))).toBeLessThan(1e-12);
      });
    }
  });

  it('can be stopped by a timer between two products that never leave the thread', async () => {
    let products = 0;
    const slow = fromMatvec(400, (v) => {
      products++;
      for (const until = performance.now() + 5; performance.now() < until; );
      return v.map((x, i) => x * i);
    });
    const run = lanczos(slow, { linearAlgebra: la, steps: 400, start: start(), signal: AbortSignal.timeout(20) });
    await expect(run).rejects.toThrow('timeout');
    expect(products).toBeLessThan(400);
  });

  it('keeps its basis orthonormal and its relation A Q = Q T + beta q e^T where outliers have long converged', async () => {
    const eigen = [...spaced(-1, 1, 397), 1e3, 2e3, 1e4];
    const matrix = await withEigenvalues(eigen, la);
    const operator = denseOperator(matrix, la);
    const m = 120;
    const { basis, alpha, beta, residualNorm, values } = await lanczos(operator, {
      linearAlgebra: la,
      steps: m,
      start: start(),
    });
    const row = (i: number) => basis.subarray(i * 400, (i + 1) * 400);
    for (let i = 0; i < m; i++) {
      const product = await operator.matvec(row(i));
      for (let j = 0; j <= i; j++) {
        expect(Math.abs(dot(row(i), row(j)) - (i === j ? 1 : 0))).toBeLessThan(400 * Number.EPSILON);
      }
      for (let k = 0; k < 400; k++) {
        product[k] -= alpha[i] * row(i)[k] + (i > 0 ? beta[i - 1] * row(i - 1)[k] : 0);
        if (i + 1 < m) product[k] -= beta[i] * row(i + 1)[k];
      }
      const left = Math.sqrt(dot(product, product));
      expect(Math.abs(left - (i + 1 < m ? 0 : residualNorm))).toBeLessThan(1e-11);
    }
    expect(values.filter((value) => value > 2)).toHaveLength(3);
  });

  it('finds the exact Hessian`s outliers from products alone, and as many eigenvalues as residuals promise', async () => {
    const random = randomStream(5, 'network');
    const data = gaussianClusters({ count: 4, samples: 60, dimension: 10 }, random.stream('data'));
    const network = mlp([10, 12, 4], { activation: 'tanh' });
    const weights = initialWeights(network, random.stream('weights'));
    const truth = await eigenvalues(await exactHessian(network, weights, data, { linearAlgebra: la }), {
      linearAlgebra: la,
    });
    const operator = hessianOperator(network, weights, data, { linearAlgebra: la });
    const { values, residuals, asymmetry } = await lanczos(operator, { linearAlgebra: la, steps: 40, start: start() });
    const distance = (value: number) => truth.values.reduce((d, lambda) => Math.min(d, Math.abs(lambda - value)), 1);
    values.forEach((value, i) => {
      expect(distance(value)).toBeLessThanOrEqual(residuals[i] + truth.roundingFloor);
    });
    const largest = truth.values[truth.values.length - 1];
    expect(Math.abs(values[39] - largest)).toBeLessThan(1e-13 * largest);
    expect(Math.abs(values[38] - truth.values[truth.values.length - 2])).toBeLessThan(1e-12 * largest);
    expect(asymmetry).toBeLessThan(1e-14);
  });

  it.each([
    ['a multiple of the identity', Array.from({ length: 30 }, () => 3), 1, [3]],
    ['clusters of three repeated values', spaced(0, 29, 30).map((i) => i % 3), 3, [0, 1, 2]],
    ['low rank', [...Array.from({ length: 26 }, () => 0), 1, 2, 3, 4], 5, [0, 1, 2, 3, 4]],
    ['zero', Array.from({ length: 30 }, () => 0), 1, [0]],
    ['one by one', [-2.5], 1, [-2.5]],
  ])('stops at an invariant space, with the weight of whole eigenspaces: %s', async (_, eigen, steps, distinct) => {
    const matrix = await withEigenvalues(eigen, la);
    const vector = randomStream(2, 'vector').normals(eigen.length);
    const result = await lanczos(denseOperator(matrix), {
      ...{ linearAlgebra: la, steps: 20, start: vector },
      // What rounding leaves over grows by |T| / beta a step.
      invarianceTolerance: 1e-12,
    });
    const shares = sharesOf(matrix, vector);
    expect(result).toMatchObject({ steps, invariant: true });
    distinct.forEach((value, i) => {
      const share = shares.reduce((sum, each, k) => sum + (eigen[k] === value ? each : 0), 0);
      expect(Math.abs(result.values[i] - value)).toBeLessThan(1e-13);
      expect(Math.abs(result.weights[i] - share)).toBeLessThan(1e-13);
    });
  });

  it('stays in the space of the eigenvectors that the start vector is made of', async () => {
    const matrix = await withEigenvalues(spaced(1, 30, 30), la);
    const chosen = [3, 11, 29];
    const vector = new Float64Array(30);
    for (const i of chosen) for (let j = 0; j < 30; j++) vector[j] += matrix.eigenvectors[i * 30 + j];
    const result = await lanczos(denseOperator(matrix), { linearAlgebra: la, steps: 10, start: vector });
    expect(result.invariant).toBe(true);
    expect(result.steps).toBe(3);
    chosen.forEach((i, k) => {
      expect(Math.abs(result.values[k] - matrix.eigenvalues[i])).toBeLessThan(1e-13 * 30);
    });
  });

  it('is the same with the portable linear algebra, to rounding', async () => {
    const operator = denseOperator(await withEigenvalues(spaced(-1, 2, 50), la));
    const native = await lanczos(operator, { linearAlgebra: la, steps: 12, start: start() });
    const portable = await lanczos(operator, {
      linearAlgebra: portableLinearAlgebra({ threads: 1 }),
      steps: 12,
      start: start(),
    });
    native.alpha.forEach((value, i) => {
      expect(Math.abs(value - portable.alpha[i])).toBeLessThan(1e-13);
    });
  });

  it('starts from either law, from a stream that a name gives, and from no other randomness', async () => {
    const operator = denseOperator(await withEigenvalues(spaced(-1, 2, 30), la));
    const options = { linearAlgebra: la, steps: 5 };
    const first = await lanczos(operator, { ...options, start: start() });
    expect(first.alpha).toEqual((await lanczos(operator, { ...options, start: start() })).alpha);
    expect(first.basis.subarray(0, 30).map((x) => Math.abs(x) * Math.sqrt(30))).toEqual(
      new Float64Array(30).fill(1).map((x) => (x / Math.sqrt(30)) * Math.sqrt(30)),
    );
    const normal = await lanczos(operator, { ...options, start: { random: randomStream(1, 'start'), law: 'normal' } });
    const drawn = randomStream(1, 'start').normals(30);
    expect(normal.basis[1] / normal.basis[0]).toBeCloseTo(drawn[1] / drawn[0], 12);
  });

  it('takes products rounded to float32 for symmetric, and finds outliers to that precision', async () => {
    const exact = denseOperator(await withEigenvalues([...spaced(-1, 1, 197), 3, 10, 100], la), la);
    const rounded = fromMatvec(200, async (v) => (await exact.matvec(v)).map(Math.fround));
    const options = { linearAlgebra: la, steps: 40, start: start() };
    const { values, asymmetry } = await lanczos(rounded, options);
    // Rounding changes the product by at most 2^-24 of its norm: Weyl bounds what that does to eigenvalues.
    [3, 10, 100].forEach((outlier, i) => {
      expect(Math.abs(values[37 + i] - outlier)).toBeLessThan(2 * 2 ** -24 * 100);
    });
    expect(asymmetry).toBeGreaterThan(1e-12);
    expect(asymmetry).toBeLessThan(2 ** -23);
  });

  it('tells how far it is, takes promises, and stops on a signal', async () => {
    const abort = new AbortController();
    const told: number[] = [];
    const operator = fromMatvec(10, async (v) => v.map((x, i) => x * i));
    const run = lanczos(operator, {
      linearAlgebra: la,
      steps: 5,
      start: start(),
      progress: (fraction) => {
        told.push(fraction);
        if (told.length === 3) abort.abort(new Error('enough'));
      },
      signal: abort.signal,
    });
    await expect(run).rejects.toThrow('enough');
    expect(told).toEqual([0.2, 0.4, 0.6]);
  });
});

describe('the Lanczos process refuses', () => {
  const diagonal = fromMatvec(4, (v) => v.map((x, i) => x * i));
  const run = (operator = diagonal, options = {}) =>
    lanczos(operator, { linearAlgebra: la, steps: 3, start: start(), ...options });

  it('an operator that is not symmetric, and takes it when told so', async () => {
    const shear = fromMatvec(4, ([a, b, c, d]) => Float64Array.of(a + 3 * b, b + c, c, 2 * d));
    await expect(run(shear)).rejects.toThrow('expected a symmetric operator, found |x^T A y - y^T A x| of');
    expect((await run(shear, { symmetryTolerance: Infinity })).asymmetry).toBeGreaterThan(0.1);
  });

  it('products that are not finite or of another length', async () => {
    const nan = fromMatvec(4, (v) => v.map((x, i) => (i === 2 ? Number.NaN : x)));
    await expect(run(nan)).rejects.toThrow('lanczos: product 1: expected finite numbers, found NaN as element 2');
    const short = fromMatvec(4, (v) => v.slice(1));
    await expect(run(short)).rejects.toThrow('lanczos: product 1: expected a vector of length 4, found 3');
  });

  it('start vectors and sizes that make no sense', async () => {
    await expect(run(diagonal, { start: new Float64Array(4) })).rejects.toThrow('not 0');
    await expect(run(diagonal, { start: Float64Array.of(1, Number.NaN, 0, 0) })).rejects.toThrow('finite');
    await expect(run(diagonal, { start: new Float64Array(3) })).rejects.toThrow('length 4, found 3');
    await expect(run(diagonal, { steps: 0 })).rejects.toThrow('positive integer number of steps, found 0');
    await expect(run(diagonal, { into: new Float64Array(11) })).rejects.toThrow('needs 12 elements');
    await expect(run({ shape: [3, 4], matvec: (v) => v })).rejects.toThrow('found 3 x 4');
  });

  it('a basis that does not fit, before it starts', async () => {
    const vast = fromMatvec(2 ** 40, () => Float64Array.of());
    await expect(run(vast, { steps: 100 })).rejects.toThrow('lanczos: 100 vectors of length 1099511627776: 8.80e+5 GB');
  });
});

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
