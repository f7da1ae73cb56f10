import { initialWeights } from '@hessian-rmt/models';
import { type LinearAlgebra, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { computeUnit, type UnitResult } from '@hessian-rmt/replication';
import { describe, expect, it, vi } from 'vitest';
import {
  type ControlMatrix,
  type ControlSpectraConfig,
  controlMatrices,
  controlSpectra,
  type Solver,
  solverNames,
} from '../src/control-spectra.js';
import { images } from '../src/images-available.js';
import { networkOf } from '../src/networks.js';
import { samplesOf } from '../src/samples.js';

vi.mock('../src/samples.js', async (original) => (await import('./read-once.js')).readOnce(await original()));

// 16 pixels, 6 samples: P = 170. The rank of the batch is far below it.
const inputs = 16;
const batch = 6;
const rank = 20;
const data = { source: images.digits.source, inputs };
const training = { data, network: 'softmax regression', epochs: 0, keep: [0] } as const;
const network = networkOf('softmax regression', inputs);
const weights = initialWeights(network, randomStream(1, 'weights')).map((value) => 4 * value);
const n = weights.length;
const trained: UnitResult = { numbers: {}, arrays: { weights: { shape: [1, n], data: weights } } };
const algebra = await linearAlgebra({ threads: 1 });

function compute(matrix: ControlMatrix, own: Partial<ControlSpectraConfig> = {}, library: LinearAlgebra = algebra) {
  const config: ControlSpectraConfig = {
    matrix,
    weights: { training, epoch: 0 },
    split: 'test',
    batch,
    count: 2,
    rank,
    precision: 'float64',
    solver: 'QL',
    ...own,
  };
  const unit = controlSpectra.unit(config, { repetition: 0, threads: 1 });
  return computeUnit(controlSpectra, unit, { seed: 3, linearAlgebra: library, of: () => Promise.resolve(trained) });
}

async function spectra(matrix: ControlMatrix, own: Partial<ControlSpectraConfig> = {}): Promise<number[][]> {
  const { shape, data: values } = (await compute(matrix, own)).arrays.values;
  expect(shape).toEqual([2, n]);
  return [0, 1].map((i) => [...values.subarray(i * n, (i + 1) * n)]);
}

/** The stream that draws matrix `i` of a kind. */
const drawn = (matrix: ControlMatrix, i: number) => randomStream(3, 'control-spectra', '0', `${matrix} ${i}`);

function expectSame(found: readonly number[], expected: readonly number[], epsilons = 64, epsilon = 2 ** -52) {
  expect(found).toHaveLength(expected.length);
  const bound = epsilons * epsilon * Math.max(...expected.map(Math.abs));
  const largest = Math.max(...found.map((value, i) => Math.abs(value - expected[i])));
  expect(largest).toBeLessThan(bound);
}

const ascending = (values: Iterable<number>) => [...values].sort((a, b) => a - b);
const withZeros = (values: Iterable<number>) => {
  const levels = [...values];
  return ascending([...levels, ...new Array<number>(n - levels.length).fill(0)]);
};

/** Of the batch of this number: inputs with the 1 of the bias, and softmax probabilities, by loops. */
async function batchOf(i: number) {
  const test = await samplesOf(data, 'test');
  const rows = Array.from({ length: batch }, (_, s) => [
    ...test.inputs.subarray((i * batch + s) * inputs, (i * batch + s + 1) * inputs),
    1,
  ]);
  const probabilities = rows.map((x) => {
    const logits = Array.from({ length: 10 }, (_, k) => x.reduce((sum, v, j) => sum + v * weights[k * 17 + j], 0));
    const exponentials = logits.map(Math.exp);
    const total = exponentials.reduce((sum, e) => sum + e, 0);
    return exponentials.map((e) => e / total);
  });
  return { rows, probabilities };
}

const mean = (matrices: readonly Float64Array[]) =>
  matrices[0].map((_, at) => matrices.reduce((sum, matrix) => sum + matrix[at] / matrices.length, 0));

const outer = (x: readonly number[]) => Float64Array.from(x.flatMap((a) => x.map((b) => a * b)));
const factorOf = (p: readonly number[]) =>
  Float64Array.from(p.flatMap((a, k) => p.map((b, m) => (k === m ? a : 0) - a * b)));

describe('Control matrices', () => {
  it('are Hessians of successive batches: the mean of (diag(p) - p p^T) (x) x x^T', async () => {
    const found = await spectra('hessian');
    for (const i of [0, 1]) {
      const { rows, probabilities } = await batchOf(i);
      const hessian = new Float64Array(n * n);
      rows.forEach((x, s) => {
        const factor = factorOf(probabilities[s]);
        for (let a = 0; a < n; a++) {
          for (let b = 0; b < n; b++) {
            const [k, j, m, l] = [Math.floor(a / 17), a % 17, Math.floor(b / 17), b % 17];
            hessian[a * n + b] += (factor[k * 10 + m] * x[j] * x[l]) / batch;
          }
        }
      });
      expectSame(found[i], [...(await algebra.symmetricEigenvalues(hessian, n))]);
    }
    expect(found[0]).not.toEqual(found[1]);
  });

  it('with parameters in another order have the same spectrum and other roundings', async () => {
    const [before, after] = [await spectra('hessian'), await spectra('permuted hessian')];
    for (const i of [0, 1]) {
      expectSame(after[i], before[i]);
      expect(after[i]).not.toEqual(before[i]);
    }
  });

  it('with equal factors have the products of the levels of mean diag(p) - p p^T and of mean x x^T', async () => {
    const found = await spectra('equal factors');
    for (const i of [0, 1]) {
      const { rows, probabilities } = await batchOf(i);
      const factors = await algebra.symmetricEigenvalues(mean(probabilities.map(factorOf)), 10);
      const gram = await algebra.symmetricEigenvalues(mean(rows.map(outer)), 17);
      expectSame(found[i], ascending([...factors].flatMap((a) => [...gram].map((b) => a * b))));
    }
  });

  it('of Wishart levels have those of X^T X, and zeros', async () => {
    const found = await spectra('wishart levels');
    for (const i of [0, 1]) {
      const x = drawn('wishart levels', i).normals(n * rank, 1 / Math.sqrt(n));
      const gram = new Float64Array(rank * rank);
      for (let row = 0; row < n; row++) {
        for (let a = 0; a < rank; a++) {
          for (let b = 0; b < rank; b++) gram[a * rank + b] += x[row * rank + a] * x[row * rank + b];
        }
      }
      expectSame(found[i], withZeros(await algebra.symmetricEigenvalues(gram, rank)));
    }
  });

  it('of independent levels have the levels drawn, uniform on (0, 1), and zeros', async () => {
    const found = await spectra('independent levels');
    for (const i of [0, 1]) {
      const levels = drawn('independent levels', i).stream('levels');
      expectSame(found[i], withZeros(Array.from({ length: rank }, () => levels.uniform())));
    }
  });

  it('have the same levels by every eigensolver, and their zeros other roundings', async () => {
    for (const matrix of ['hessian', 'wishart levels'] as const) {
      const [ql] = await spectra(matrix);
      const cloud = (values: readonly number[]) => values.filter((value) => Math.abs(value) < 1e-12).join();
      for (const solver of solverNames) {
        if (algebra.library.kind === 'portable' && solver !== 'QL' && solver !== 'two-stage QL') continue;
        const [found] = await spectra(matrix, { solver });
        expectSame(found, ql);
        if (solver !== 'QL' && solver !== 'two-stage QL') expect(cloud(found), solver).not.toBe(cloud(ql));
      }
    }
  });

  it('in float32 are the same matrices, rounded', async () => {
    for (const matrix of controlMatrices) {
      const [exact] = await spectra(matrix);
      const { values } = (await compute(matrix, { precision: 'float32' })).arrays;
      expect(values.data).toBeInstanceOf(Float32Array);
      expectSame([...values.data.subarray(0, n)], exact, 64, 2 ** -23);
    }
  });

  it('are not solved, and say so, where the portable library has no such eigensolver', async () => {
    const portable = await linearAlgebra({ library: 'portable', threads: 1 });
    const lacking: readonly Solver[] = ['MRRR', 'bisection', 'loose bisection', 'divide and conquer'];
    for (const solver of solverNames) {
      const { numbers, arrays } = await compute('equal factors', { solver }, portable);
      expect(numbers, solver).toEqual({ size: n, solved: !lacking.includes(solver) });
      expect(Object.keys(arrays)).toEqual(lacking.includes(solver) ? [] : ['values']);
    }
  });
});
