import {
  type Dataset,
  type DenseNetwork,
  denseObjective,
  mlp,
  select,
  softmaxRegression,
  type Weights,
} from '@hessian-rmt/models';
import { linearAlgebra, portableLinearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  deflatedHessian,
  deflatedSpectrum,
  deflationEntries,
  denseOperator,
  eigenvalues,
  exactHessian,
  type HessianPart,
  hessianOperator,
  InsufficientMemoryError,
  paddedWithZeros,
} from '../../src/index.js';
import { activations, examples, losses, randomData, randomWeights, relativeDifference } from '../examples.js';

const la = await linearAlgebra();
const parts: readonly HessianPart[] = ['hessian', 'gauss-newton', 'residual'];

/** Compares with all eigenvalues of the full matrix: the difference, in units of epsilon max |lambda|. */
async function deflate(network: DenseNetwork, weights: Weights, data: Dataset, part: HessianPart = 'hessian') {
  const options = { linearAlgebra: la, part };
  const full = await eigenvalues(await exactHessian(network, weights, data, options), { linearAlgebra: la });
  const spectrum = await deflatedSpectrum(network, weights, data, options);
  const { total, ...causes } = spectrum.zeros;
  expect(spectrum.size).toBe(full.size);
  expect(spectrum.values.length + total).toBe(full.size);
  expect(Object.values(causes).reduce((sum, zeros) => sum + zeros)).toBe(total);
  expect(Math.min(...Object.values(causes))).toBeGreaterThanOrEqual(0);
  const epsilons = relativeDifference(paddedWithZeros(spectrum), full.values) / Number.EPSILON;
  const largest = Math.max(...full.values.map(Math.abs));
  const belowRounding = spectrum.values.filter((value) => Math.abs(value) < 10 * Number.EPSILON * largest).length;
  return { ...spectrum, epsilons, belowRounding };
}

function unitVector(n: number, i: number): Float64Array {
  const vector = new Float64Array(n);
  vector[i] = 1;
  return vector;
}

/** A few epsilon max |lambda| is what LAPACK's eigenvalues are off by; measured: up to 11 in the tests here. */
const few = 20;

describe('the deflated Hessian', () => {
  it.each(examples)('has all eigenvalues of the full one but its zeros: $title', async ({ network }) => {
    for (const count of [1, 3, 7, 60]) {
      const data = randomData(network, count);
      for (const part of parts) {
        const { epsilons } = await deflate(network, randomWeights(network), data, part);
        expect(epsilons, `${count} samples, ${part}`).toBeLessThan(few);
      }
    }
  });

  it.each(losses)('has them where units are dead, or active on one sample: %s', async (loss) => {
    let dead = 0;
    for (const widths of [
      [6, 5, 4],
      [20, 4, 15, 3],
      [20, 3, 12, 12, 3],
      [20, 12, 3, 12, 3],
      [9, 2, 8, 8, 8, 3],
    ]) {
      for (let seed = 0; seed < 6; seed++) {
        const network = mlp(widths, { loss, bias: seed % 3 > 0 });
        const data = randomData(network, 2 + 3 * seed, seed);
        // Biases and weights below zero on average: most units are active on few samples or none.
        const weights = randomWeights(network, seed).map((weight) => weight - 0.1);
        const { epsilons, zeros } = await deflate(network, weights, data);
        dead += zeros.deadUnits;
        expect(epsilons, `${widths.join('-')}, seed ${seed}`).toBeLessThan(few);
      }
    }
    expect(dead).toBeGreaterThan(1000);
  });

  // Thousands of vectors delta x e_q in a middle layer, of which columns of the Hessian take the place.
  it.each([
    ['tanh', 40, 1],
    ['relu', 80, 0.2],
  ] as const)('has them for a wide middle layer: %s, %d samples', async (activation, count, scale) => {
    const network = mlp([12, 6, 50, 50, 3], { activation });
    const data = randomData(network, count);
    const weights = randomWeights(network).map((weight) => scale * weight);
    const { matrix, zeros, size, expand } = await deflatedHessian(network, weights, data, { linearAlgebra: la });
    expect(zeros.fewSamples).toBeGreaterThan(100);
    // H v = Q D Q^T v for a random v, which has a share in every direction.
    const v = randomStream(2).normals(size);
    const inBasis = new Float64Array(matrix.n);
    for (let i = 0; i < matrix.n; i++) {
      const direction = expand(unitVector(matrix.n, i));
      for (let j = 0; j < size; j++) inBasis[i] += direction[j] * v[j];
    }
    const deflated = expand(await denseOperator(matrix, la).matvec(inBasis));
    const full = await hessianOperator(network, weights, data, { linearAlgebra: la }).matvec(v);
    expect(relativeDifference(deflated, full)).toBeLessThan(1e-13);
  });

  it('counts the zeros of softmax regression on 64 images: the shift, and nine times what the inputs do not span', async () => {
    const network = softmaxRegression(784, 10);
    const { matrix, zeros, inputSpan, size } = await deflatedHessian(
      network,
      randomWeights(network),
      randomData(network, 64),
      {
        linearAlgebra: la,
      },
    );
    expect(zeros).toEqual({ total: 7274, shift: 785, inputSpan: 9 * 721, deadUnits: 0, fewSamples: 0 });
    expect([matrix.n, size, inputSpan.rank, inputSpan.largestDropped]).toEqual([576, 7850, 64, 0]);
  });

  it('counts samples that are there twice once', async () => {
    for (const activation of activations) {
      const network = mlp([20, 3, 9, 3], { activation });
      const once = randomData(network, 5);
      const twice = select(once, [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
      const weights = randomWeights(network);
      const { zeros, inputSpan } = await deflate(network, weights, once);
      const again = await deflate(network, weights, twice);
      expect(again.zeros).toEqual(zeros);
      expect(again.epsilons).toBeLessThan(few);
      expect([inputSpan.rank, again.inputSpan.rank]).toEqual([5, 5]);
      expect(again.inputSpan.largestDropped).toBeLessThan(1e-14);
    }
  });

  it('counts a constant input as a copy of the bias', async () => {
    const network = mlp([6, 4, 3], { activation: 'tanh' });
    const data = randomData(network, 40);
    for (let n = 0; n < 40; n++) data.inputs.set([-1, -1, 0], 6 * n);
    const { zeros, inputSpan, epsilons } = await deflate(network, randomWeights(network), data);
    expect(inputSpan.rank).toBe(4);
    expect(zeros).toEqual({ total: 17, shift: 5, inputSpan: 4 * 3, deadUnits: 0, fewSamples: 0 });
    expect(epsilons).toBeLessThan(few);
  });

  it('counts the weights to and from dead units, each once', async () => {
    const network = mlp([5, 4, 6, 3]);
    const weights = randomWeights(network);
    // The last bias of row k decides: two units of the first layer and three of the second are never active.
    for (const k of [0, 2]) weights[6 * k + 5] = -100;
    for (const k of [1, 2, 5]) weights[24 + 5 * k + 4] = -100;
    const { zeros, epsilons } = await deflate(network, weights, randomData(network, 400));
    // Rows of 6 and 5 weights, columns of the 3 live units of the second layer and of the 2 contrasts of the last.
    expect(zeros).toEqual({
      total: 46,
      shift: 7,
      inputSpan: 0,
      deadUnits: 2 * 6 + 3 * 5 + 3 * 2 + 2 * 3,
      fewSamples: 0,
    });
    expect(epsilons).toBeLessThan(few);
  });

  it('leaves no eigenvalue to rounding where a network is curved everywhere', async () => {
    for (const widths of [
      [60, 6, 30, 5],
      [60, 6, 30, 30, 5],
      [60, 30, 6, 5],
    ]) {
      const network = mlp(widths, { activation: 'tanh' });
      const weights = randomWeights(network).map((weight) => weight / 2);
      const { matrix } = await deflatedHessian(network, weights, randomData(network, 24), { linearAlgebra: la });
      const values = (await eigenvalues(matrix, { linearAlgebra: la })).values.map(Math.abs).sort();
      expect(values[0] / values[matrix.n - 1], widths.join('-')).toBeGreaterThan(1e-13);
    }
  });

  // 13 of the 30 units are active on all samples, the others on none: with their gradients through 4 contrasts alone.
  it('knows that units with the same activity differ by no more than their outgoing weights', async () => {
    const network = mlp([40, 3, 30, 5]);
    const weights = randomWeights(network).map((weight) => weight / 10);
    const second = 3 * 41;
    for (let k = 0; k < 3; k++) weights[41 * k + 40] = 10;
    for (let k = 0; k < 30; k++) weights[second + 4 * k + 3] = k < 13 ? 20 : -20;
    const { epsilons, belowRounding, zeros } = await deflate(network, weights, randomData(network, 30));
    expect([zeros.shift, zeros.inputSpan, zeros.deadUnits]).toEqual([31, 33, 17 * 4 + 17 * 4]);
    expect(epsilons).toBeLessThan(few);
    expect(belowRounding).toBe(0);
  });

  it('is exactly symmetric, and the same to rounding without BLAS', async () => {
    const network = mlp([20, 4, 15, 3]);
    const data = randomData(network, 11);
    const weights = randomWeights(network);
    const { matrix } = await deflatedHessian(network, weights, data, { linearAlgebra: la });
    for (let i = 0; i < matrix.n; i++) {
      for (let j = 0; j < i; j++) expect(matrix.data[i * matrix.n + j]).toBe(matrix.data[j * matrix.n + i]);
    }
    const { values } = await deflatedSpectrum(network, weights, data, { linearAlgebra: la });
    const portable = await deflatedSpectrum(network, weights, data, { linearAlgebra: portableLinearAlgebra() });
    expect(relativeDifference(portable.values, values)).toBeLessThan(few * Number.EPSILON);
  });

  it('works in memory that was used before', async () => {
    const network = mlp([20, 4, 15, 3]);
    const weights = randomWeights(network);
    const into = new Float64Array(deflationEntries(network, 11)).fill(Number.NaN);
    const options = { linearAlgebra: la };
    for (const count of [11, 3]) {
      const { matrix } = await deflatedHessian(network, weights, randomData(network, count), options);
      const again = await deflatedHessian(network, weights, randomData(network, count), { ...options, into });
      expect(again.matrix).toEqual(matrix);
      expect(again.matrix.data.buffer).toBe(into.buffer);
    }
    const more = await deflatedHessian(network, weights, randomData(network, 30), { ...options, into });
    expect(more.matrix.data.buffer).not.toBe(into.buffer);
  });

  it.each(activations)('expands to directions outside which the full Hessian is zero: %s', async (activation) => {
    for (const widths of [
      [20, 4],
      [20, 4, 15, 3],
      [20, 12, 4, 12, 3],
    ]) {
      const network = mlp(widths, { activation });
      const data = randomData(network, 6);
      const weights = randomWeights(network);
      const { matrix, size, expand } = await deflatedHessian(network, weights, data, { linearAlgebra: la });
      const operator = hessianOperator(network, weights, data, { linearAlgebra: la });
      const { values, vectors } = await la.symmetricEigen(matrix.data, matrix.n);
      const largest = Math.max(...values.map(Math.abs));
      const outside = randomStream(1).normals(size);
      const norm = Math.hypot(...outside);
      for (let i = 0; i < matrix.n; i++) {
        const v = expand(vectors.slice(i * matrix.n, (i + 1) * matrix.n));
        const product = await operator.matvec(v);
        expect(Math.hypot(...product.map((entry, j) => entry - values[i] * v[j])) / largest).toBeLessThan(1e-13);
        expect(Math.hypot(...v)).toBeCloseTo(1, 12);
        const along = outside.reduce((sum, entry, j) => sum + entry * v[j], 0);
        for (let j = 0; j < size; j++) outside[j] -= along * v[j];
      }
      expect(Math.hypot(...outside) / norm).toBeGreaterThan(0.2);
      expect(Math.hypot(...(await operator.matvec(outside))) / (largest * norm)).toBeLessThan(1e-13);
    }
  });

  it('keeps the small eigenvalues of samples that are classified with certainty', async () => {
    const network = softmaxRegression(6, 3);
    const data = randomData(network, 4);
    const weights = randomWeights(network).map((weight) => 12 * weight);
    const { values, epsilons } = await deflate(network, weights, data);
    // 4 x 2 independent directions, however small the probabilities in them.
    expect(values.length).toBe(8);
    expect(values[0] / values[7]).toBeLessThan(1e-6);
    // A probability exp(z) is known to the absolute error of z, epsilon |z|.
    const z = denseObjective(network, data, la).outputs(weights).map(Math.abs);
    expect(epsilons).toBeLessThan(few * Math.max(...z));
  });

  it('refuses what does not fit', async () => {
    const network = mlp([4, 3, 2]);
    const data = randomData(network, 5);
    const weights = randomWeights(network);
    const options = { linearAlgebra: la };
    await expect(deflatedHessian(network, weights.slice(1), data, options)).rejects.toThrow(
      'expected 23 weights, found 22',
    );
    await expect(deflatedHessian(mlp([5, 3, 2]), weights, data, options)).rejects.toThrow(RangeError);
    await expect(deflatedHessian(network, weights, data, { ...options, memoryLimit: 1000 })).rejects.toThrow(
      InsufficientMemoryError,
    );
    const blank = { ...data, inputs: new Float64Array(data.inputs.length) };
    const withoutBias = mlp([4, 3, 2], { bias: false });
    await expect(deflatedHessian(withoutBias, randomWeights(withoutBias), blank, options)).rejects.toThrow('not zero');
    const { expand, matrix } = await deflatedHessian(network, weights, data, options);
    expect(() => expand(new Float64Array(matrix.n + 1))).toThrow(`length ${matrix.n}, found ${matrix.n + 1}`);
  });
});
