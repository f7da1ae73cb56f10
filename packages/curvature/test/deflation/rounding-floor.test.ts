import { softmaxRegression } from '@hessian-rmt/models';
import { linearAlgebra } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  deflatedSpectrum,
  eigenvalues,
  exactHessian,
  measuredRoundingFloor,
  paddedWithZeros,
} from '../../src/index.js';
import { randomData, randomWeights } from '../examples.js';

const la = await linearAlgebra();

describe('zeros put back', () => {
  it('stand between the negative and the positive eigenvalues', () => {
    const padded = (...values: number[]) => [...paddedWithZeros({ values: Float64Array.from(values), size: 5 })];
    expect(padded(-2, -1, 3)).toEqual([-2, -1, 0, 0, 3]);
    expect(padded(1, 3)).toEqual([0, 0, 0, 1, 3]);
    expect(padded(-3, -1)).toEqual([-3, -1, 0, 0, 0]);
    expect(padded(-3, -1, 0, 1, 2)).toEqual([-3, -1, 0, 1, 2]);
  });
});

describe('the measured rounding floor', () => {
  const deflated = { values: Float64Array.of(-1, 2, 4), size: 7 };

  it('is the distance of computed from deflated eigenvalues, and the size of those that are zero', () => {
    const computed = Float64Array.of(-1, -3e-16, -1e-16, 2e-16, 5e-16, 2, 4 + 2e-15);
    const floor = measuredRoundingFloor(computed, deflated);
    expect(floor).toMatchObject({ precision: 'float64', largestZero: 5e-16, medianZero: 2.5e-16 });
    expect(floor.largest).toBeCloseTo(2e-15, 15);
    expect(floor.inEpsilons.largestZero).toBeCloseTo(5e-16 / (4 * 2 ** -52), 12);
  });

  it('counts in epsilons of float32 for float32 eigenvalues', () => {
    const floor = measuredRoundingFloor(Float32Array.of(-1, 0, 0, 0, 2 ** -20, 2, 4), deflated);
    expect(floor).toMatchObject({ precision: 'float32', largest: 2 ** -20, largestZero: 2 ** -20, medianZero: 0 });
    expect(floor.inEpsilons).toEqual({ largest: 2, largestZero: 2, medianZero: 0 });
  });

  it('has nothing to say of zeros where there are none', () => {
    const values = Float64Array.of(1, 2);
    expect(measuredRoundingFloor(values, { values, size: 2 })).toMatchObject({
      largest: 0,
      largestZero: null,
      medianZero: null,
    });
  });

  it('is a few epsilons of the precision in which a Hessian was diagonalised', async () => {
    const network = softmaxRegression(50, 4);
    const data = randomData(network, 12);
    const weights = randomWeights(network);
    const matrix = await exactHessian(network, weights, data, { linearAlgebra: la });
    const spectrum = await deflatedSpectrum(network, weights, data, { linearAlgebra: la });
    const { values } = await eigenvalues(matrix, { linearAlgebra: la });
    const inSingle = await la.symmetricEigenvalues(Float32Array.from(matrix.data), matrix.n);
    for (const computed of [values, inSingle]) {
      const { inEpsilons } = measuredRoundingFloor(computed, spectrum);
      expect(inEpsilons.largest).toBeLessThan(20);
      expect(inEpsilons.largest).toBeGreaterThan(0.01);
      expect(inEpsilons.medianZero).toBeLessThan(1);
    }
  });

  it('wants all eigenvalues of the full matrix', () => {
    expect(() => measuredRoundingFloor(new Float64Array(6), deflated)).toThrow('expected 7 eigenvalues, found 6');
  });
});
