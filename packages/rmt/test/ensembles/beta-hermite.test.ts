import { type LinearAlgebra, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  betaHermite,
  betaHermiteEigenvalues,
  gaussianOrthogonal,
  gaussianUnitary,
  hermitianEigenvalues,
  kolmogorovSmirnov,
  semicircle,
} from '../../src/index.js';
import { rigidBound } from '../oracles.js';
import { expectMean, expectOneDensity, expectOneLaw, powerSum, repeat } from '../sampling.js';

let algebra: LinearAlgebra;
beforeAll(async () => {
  algebra = await linearAlgebra();
});

describe('betaHermite', () => {
  it('has the moments that the joint density demands at any beta and a small size', async () => {
    // Integrating by parts against prod |l_i - l_j|^beta exp(-c sum l_i^2/2), c = beta n/(2 s^2), for the sums p_k of powers:
    // c E p_1^2 = n,  c E p_2 = n + beta n (n - 1)/2,  c E p_4 = (3 + beta (n - 3/2)) E p_2 + (beta/2) E p_1^2.
    const [size, variance] = [5, 0.7];
    for (const beta of [0.1, 1, 2, 3.5, 20]) {
      const random = randomStream(1, `beta ${beta}`);
      const spectra = await repeat(1500, () => betaHermiteEigenvalues({ size, beta, variance }, random, algebra));
      const c = (beta * size) / (2 * variance);
      const first = size / c;
      const second = (size + (beta * size * (size - 1)) / 2) / c;
      const fourth = ((3 + beta * (size - 1.5)) * second + (beta / 2) * first) / c;
      const sums = (k: number) => spectra.map((values) => powerSum(values, k));
      expectMean(sums(1), 0, `p1, beta ${beta}`);
      expectMean(
        sums(1).map((x) => x * x),
        first,
        `p1^2, beta ${beta}`,
      );
      expectMean(sums(2), second, `p2, beta ${beta}`);
      expectMean(sums(4), fourth, `p4, beta ${beta}`);
    }
  });

  it('has, for beta = 1 and 2, the spectra of the full real and complex matrices: the density and both extremes', async () => {
    const [size, variance, draws] = [16, 2, 600];
    const random = randomStream(2, 'dense');
    const real = await repeat(draws, () =>
      algebra.symmetricEigenvalues(gaussianOrthogonal(size, random, { variance }), size),
    );
    const complex = await repeat(draws, () =>
      hermitianEigenvalues(gaussianUnitary(size, random, { variance }), size, algebra),
    );
    for (const [beta, dense] of [
      [1, real],
      [2, complex],
    ] as const) {
      const spectra = await repeat(draws, () => betaHermiteEigenvalues({ size, beta, variance }, random, algebra));
      expectOneDensity(spectra, dense, `density, beta ${beta}`);
      for (const i of [0, size - 1]) {
        expectOneLaw(
          spectra.map((values) => values[i]),
          dense.map((values) => values[i]),
          `eigenvalue ${i}, beta ${beta}`,
        );
      }
    }
  });

  it('has the largest eigenvalue of the full matrix with a spike, in the bulk, at the threshold and outside', async () => {
    const [size, draws] = [10, 500];
    const random = randomStream(3, 'spike');
    for (const spike of [0.5, 1, -3]) {
      const extreme = (values: Float64Array) => values[spike > 0 ? size - 1 : 0];
      const real = await repeat(draws, () =>
        algebra.symmetricEigenvalues(gaussianOrthogonal(size, random, { spikes: [spike] }), size),
      );
      const complex = await repeat(draws, () =>
        hermitianEigenvalues(gaussianUnitary(size, random, { spikes: [spike] }), size, algebra),
      );
      for (const [beta, dense] of [
        [1, real],
        [2, complex],
      ] as const) {
        const spectra = await repeat(draws, () => betaHermiteEigenvalues({ size, beta, spike }, random, algebra));
        expectOneLaw(spectra.map(extreme), dense.map(extreme), `spike ${spike}, beta ${beta}`);
      }
    }
  });

  it('has a spectrum that follows the semicircle of the given variance, at every beta', async () => {
    for (const beta of [1, 2, 4]) {
      const parameters = { size: 1500, beta, variance: 3 };
      const values = await betaHermiteEigenvalues(parameters, randomStream(4, `beta ${beta}`), algebra);
      expect(kolmogorovSmirnov(values, semicircle({ variance: 3 })), `beta ${beta}`).toBeLessThan(rigidBound(1500));
    }
  });

  it('is one normal number for n = 1', () => {
    const random = randomStream(5, 'one');
    const draws = Array.from({ length: 2000 }, () => betaHermite({ size: 1, beta: 4, variance: 3, spike: 1 }, random));
    expect(draws[0].offDiagonal).toHaveLength(0);
    expectMean(
      draws.map(({ diagonal }) => diagonal[0]),
      1,
      'mean',
    );
    expectMean(
      draws.map(({ diagonal }) => (diagonal[0] - 1) ** 2),
      1.5,
      'variance 2 s^2/(beta n)',
    );
  });

  it('refuses sizes, betas, variances and spikes that mean nothing', () => {
    const random = randomStream(1);
    const good = { size: 3, beta: 1 };
    expect(() => betaHermite({ ...good, size: 1.5 }, random)).toThrow(
      'size of a beta-Hermite matrix must be an integer',
    );
    expect(() => betaHermite({ ...good, beta: 0 }, random)).toThrow('beta of a beta-Hermite matrix must be positive');
    expect(() => betaHermite({ ...good, variance: -1 }, random)).toThrow('variance of a beta-Hermite matrix');
    expect(() => betaHermite({ ...good, spike: Number.NaN }, random)).toThrow('must be finite, found NaN');
  });
});
