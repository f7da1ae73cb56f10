import { type LinearAlgebra, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  betaLaguerre,
  betaLaguerreEigenvalues,
  complexWishart,
  hermitianEigenvalues,
  kolmogorovSmirnov,
  marchenkoPastur,
  wishartEigenvalues,
} from '../../src/index.js';
import { rigidBound } from '../oracles.js';
import { expectMean, expectOneDensity, expectOneLaw, powerSum, repeat } from '../sampling.js';

const shapes = [
  { dimension: 10, samples: 25 },
  { dimension: 12, samples: 12 },
  { dimension: 25, samples: 10 },
];

let algebra: LinearAlgebra;
beforeAll(async () => {
  algebra = await linearAlgebra();
});

describe('betaLaguerre', () => {
  it('has the moments that the joint density demands at any beta and small sizes', async () => {
    // Integrating by parts against prod |l_i - l_j|^beta prod l_i^a exp(-c l_i), a = beta (|M - N| + 1)/2 - 1 and
    // c = beta N/(2 scale), for the sums p_k of powers of the r = min(M, N) eigenvalues:
    // c E p_1 = k with k = r (1 + a) + beta r (r - 1)/2,  c E p_2 = (2 + a + beta (r - 1)) E p_1,  c E p_1^2 = (k + 1) E p_1.
    const scale = 0.6;
    for (const beta of [0.1, 1, 2, 3.5, 20]) {
      for (const [dimension, samples] of [
        [4, 6],
        [4, 4],
        [6, 4],
        [1, 3],
        [3, 1],
      ]) {
        const random = randomStream(1, `${beta} ${dimension} ${samples}`);
        const parameters = { dimension, samples, beta, scale };
        const spectra = await repeat(500, () => betaLaguerreEigenvalues(parameters, random, algebra));
        const what = `beta ${beta}, ${dimension} x ${samples}`;
        const r = Math.min(dimension, samples);
        const a = (beta * (Math.abs(dimension - samples) + 1)) / 2 - 1;
        const c = (beta * samples) / (2 * scale);
        const k = r * (1 + a) + (beta * r * (r - 1)) / 2;
        const sums = (power: number) => spectra.map((values) => powerSum(values, power));
        expectMean(sums(1), k / c, `p1, ${what}`);
        expectMean(sums(2), ((2 + a + beta * (r - 1)) * k) / c ** 2, `p2, ${what}`);
        const squares = sums(1).map((x) => x * x);
        expectMean(squares, ((k + 1) * k) / c ** 2, `p1^2, ${what}`);
      }
    }
  });

  it('has, for beta = 1 and 2, the spectra of the full real and complex matrices: density, extremes, zeros', async () => {
    const draws = 400;
    const random = randomStream(2, 'dense');
    for (const { dimension, samples } of shapes) {
      const parameters = { dimension, samples, scale: 2 };
      const real = await repeat(draws, () => wishartEigenvalues(parameters, random, algebra));
      const complex = await repeat(draws, () =>
        hermitianEigenvalues(complexWishart(parameters, random, algebra), dimension, algebra),
      );
      for (const [beta, dense] of [
        [1, real],
        [2, complex],
      ] as const) {
        const what = `beta ${beta}, ${dimension} x ${samples}`;
        const spectra = await repeat(draws, () => betaLaguerreEigenvalues({ ...parameters, beta }, random, algebra));
        const zeros = Math.max(0, dimension - samples);
        expect(spectra.every((values) => values.filter((value) => value === 0).length === zeros)).toBe(true);
        expectOneDensity(
          spectra.map((values) => values.subarray(zeros)),
          dense.map((values) => values.subarray(zeros)),
          what,
        );
        for (const i of [zeros, dimension - 1]) {
          expectOneLaw(
            spectra.map((values) => values[i]),
            dense.map((values) => values[i]),
            `eigenvalue ${i}, ${what}`,
          );
        }
      }
    }
  });

  it('has the extreme eigenvalues of the full matrix with a spike, for more samples than dimensions and fewer', async () => {
    const draws = 400;
    const random = randomStream(3, 'spike');
    for (const { dimension, samples } of shapes) {
      for (const spike of [0.05, 1.6, 4]) {
        const parameters = { dimension, samples };
        const real = await repeat(draws, () => wishartEigenvalues({ ...parameters, spikes: [spike] }, random, algebra));
        const spectra = await repeat(draws, () =>
          betaLaguerreEigenvalues({ ...parameters, beta: 1, spike }, random, algebra),
        );
        for (const i of [Math.max(0, dimension - samples), dimension - 1]) {
          expectOneLaw(
            spectra.map((values) => values[i]),
            real.map((values) => values[i]),
            `eigenvalue ${i}, spike ${spike}, ${dimension} x ${samples}`,
          );
        }
      }
    }
  });

  it('has a spectrum that follows the Marchenko-Pastur law of ratio M/N and the given scale, at every beta', async () => {
    for (const [dimension, samples, beta] of [
      [1000, 2000, 1],
      [1000, 1000, 2],
      [2000, 1000, 4],
    ]) {
      const parameters = { dimension, samples, beta, scale: 3 };
      const values = await betaLaguerreEigenvalues(parameters, randomStream(4, `beta ${beta}`), algebra);
      const law = marchenkoPastur({ ratio: dimension / samples, scale: 3 });
      expect(kolmogorovSmirnov(values, law), `${dimension} x ${samples}`).toBeLessThan(
        rigidBound(dimension, Math.min(dimension, samples)),
      );
    }
  });

  it('never has eigenvalues below zero, be they as small as a tiny beta makes them', async () => {
    const random = randomStream(5, 'tiny');
    for (let draw = 0; draw < 50; draw++) {
      const parameters = { dimension: 30, samples: 30, beta: 0.001 };
      const values = await betaLaguerreEigenvalues(parameters, random, algebra);
      expect(values.every((value) => value >= 0)).toBe(true);
    }
  });

  it('refuses sizes, betas, scales and spikes that mean nothing', () => {
    const random = randomStream(1);
    const good = { dimension: 3, samples: 4, beta: 1 };
    const bad = (change: object) => () => betaLaguerre({ ...good, ...change }, random);
    expect(bad({ dimension: 0 })).toThrow('dimension of a beta-Laguerre matrix must be an integer');
    expect(bad({ samples: 2.5 })).toThrow('number of samples of a beta-Laguerre matrix must be an integer');
    expect(bad({ beta: -1 })).toThrow('beta of a beta-Laguerre matrix must be positive');
    expect(bad({ scale: 0 })).toThrow('scale of a beta-Laguerre matrix must be positive');
    expect(bad({ spike: -0.5 })).toThrow('not negative, found -0.5');
  });
});
