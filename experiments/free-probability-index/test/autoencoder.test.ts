import { eigenvalues, exactHessian, type SymmetricMatrix } from '@hessian-rmt/curvature';
import { type Dataset, train } from '@hessian-rmt/models';
import { linearAlgebra, type RandomStream, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  autoencoder,
  energyOf,
  normalWeights,
  nullDirections,
  residualSpectrum,
  residualsOf,
} from '../src/autoencoder.js';
import { autoencoderFreeSum, distancesFromNormal, moments, rotatedSum } from '../src/autoencoder-free-sum.js';
import { autoencoderGaussNewton } from '../src/autoencoder-gauss-newton.js';
import { restricted, withoutRescaling } from '../src/autoencoder-rescaling.js';
import { autoencoderResidual } from '../src/autoencoder-residual.js';
import { inputsOf } from '../src/images.js';
import { unitContext } from './unit-context.js';

const algebra = await linearAlgebra({ threads: 1 });
const context = unitContext(randomStream(1, 'test'), algebra);

async function problem(side: number, samples: number, random: RandomStream, hidden = side ** 2) {
  const data = (await inputsOf({ source: 'normal', side }, algebra)).draw(samples, random.stream('samples'));
  const network = autoencoder(side ** 2, hidden);
  return { data, network, weights: normalWeights(network, random.stream('weights')) };
}

const largestDifference = (one: Float64Array, other: Float64Array) =>
  one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), Math.abs(one.length - other.length));

describe('residualSpectrum', () => {
  it.each([
    ['square, many samples', 9, 40],
    ['square, so few that some units are on for fewer than there are inputs', 9, 12],
    ['more inputs than hidden units', 4, 30],
    ['more hidden units than inputs', 14, 30],
  ])('is the spectrum of the residual part of the exact Hessian (%s)', async (name, hidden, samples) => {
    const { data, network, weights } = await problem(3, samples, randomStream(2, name), hidden);
    const exact = await exactHessian(network, weights, data, { part: 'residual', linearAlgebra: algebra });
    const { values } = await eigenvalues(exact, { linearAlgebra: algebra });
    const residuals = residualsOf(network, weights, data, algebra);
    const blocks = await residualSpectrum(network, weights, data, residuals, algebra);
    expect(largestDifference(blocks, values)).toBeLessThan(1e-13);
  });

  it('is that of targets overwritten so that the residuals are the noise', async () => {
    const random = randomStream(3, 'noise');
    const { data, network, weights } = await problem(3, 30, random);
    const noise = random.stream('noise').normals(data.inputs.length);
    const own = residualsOf(network, weights, data, algebra);
    const overwritten: Dataset = { ...data, targets: data.targets!.map((target, i) => target + own[i] - noise[i]) };
    const exact = await exactHessian(network, weights, overwritten, { part: 'residual', linearAlgebra: algebra });
    const { values } = await eigenvalues(exact, { linearAlgebra: algebra });
    expect(largestDifference(await residualSpectrum(network, weights, data, noise, algebra), values)).toBeLessThan(
      1e-13,
    );
  });
});

describe('normalWeights', () => {
  it('gives H_0 the mean eigenvalue 1/2', async () => {
    // tr H_0 = (1/m) sum over samples and units that are on of |x|^2 |W2 column|^2 + n z^2, over P = 2 n^2.
    const traces = [];
    for (let run = 0; run < 20; run++) {
      const { data, network, weights } = await problem(4, 64, randomStream(run, 'trace'));
      const { n, data: h } = await exactHessian(network, weights, data, {
        part: 'gauss-newton',
        linearAlgebra: algebra,
      });
      traces.push(Array.from({ length: n }, (_, i) => h[i * n + i]).reduce((sum, value) => sum + value, 0) / n);
    }
    const mean = traces.reduce((sum, trace) => sum + trace, 0) / traces.length;
    const deviation = Math.sqrt(traces.reduce((sum, trace) => sum + (trace - mean) ** 2, 0) / (traces.length - 1));
    expect(Math.abs(mean - 1 / 2)).toBeLessThan((4 * deviation) / Math.sqrt(traces.length));
  });
});

describe('nullDirections', () => {
  it.each([
    ['one for each unit when there are many samples', 40],
    ['more when units are on for fewer samples than there are inputs', 21],
  ])('counts the eigenvalues of H_0 at the rounding floor: %s', async (_, samples) => {
    for (let run = 0; run < 5; run++) {
      const { data, network, weights } = await problem(3, samples, randomStream(run, 'null'));
      const matrix = await exactHessian(network, weights, data, { part: 'gauss-newton', linearAlgebra: algebra });
      const { values, roundingFloor } = await eigenvalues(matrix, { linearAlgebra: algebra });
      const zeros = values.filter((value) => Math.abs(value) <= roundingFloor).length;
      expect(zeros).toBe(nullDirections(network, weights, data));
      if (samples === 40) expect(zeros).toBe(9);
    }
  });
});

describe('withoutRescaling', () => {
  it('leaves out the null directions of H_0 and no other eigenvalue', async () => {
    const { data, network, weights } = await problem(3, 60, randomStream(4, 'rescaling'), 7);
    const matrix = await exactHessian(network, weights, data, { part: 'gauss-newton', linearAlgebra: algebra });
    const basis = await withoutRescaling(network, weights, randomStream(4, 'basis'), algebra);
    const without = await eigenvalues(await restricted(matrix, basis, algebra), { linearAlgebra: algebra });
    const all = await eigenvalues(matrix, { linearAlgebra: algebra });
    expect(largestDifference(without.values, all.values.slice(7))).toBeLessThan(1e-13);
  });

  it('leaves out directions along which the Hessian vanishes at a minimum', async () => {
    const { data, network, weights } = await problem(2, 60, randomStream(5, 'rescaling'), 3);
    const options = { algorithm: 'gd', rate: 0.2, steps: 100_000, stopping: { gradientNormBelow: 1e-10 } } as const;
    const trained = await train(network, weights, data, options, randomStream(5, 'training'), {
      linearAlgebra: algebra,
    });
    expect(trained.stoppedBecause).toBe('gradient');
    const matrix = await exactHessian(network, trained.weights, data, { linearAlgebra: algebra });
    const basis = await withoutRescaling(network, trained.weights, randomStream(5, 'basis'), algebra);
    const without = await eigenvalues(await restricted(matrix, basis, algebra), { linearAlgebra: algebra });
    const all = await eigenvalues(matrix, { linearAlgebra: algebra });
    const near = [...all.values].sort((a, b) => Math.abs(a) - Math.abs(b));
    expect(Math.max(...near.slice(0, 3).map(Math.abs))).toBeLessThan(1e-9);
    expect(largestDifference(without.values, Float64Array.from(near.slice(3)).sort())).toBeLessThan(1e-9);
  });
});

describe('rotatedSum', () => {
  const diagonal = (values: readonly number[]): SymmetricMatrix => {
    const n = values.length;
    const data = new Float64Array(n * n);
    values.forEach((value, i) => {
      data[i * n + i] = value;
    });
    return { n, data };
  };

  it('moves eigenvalues by c when the rotated matrix is c times the identity', async () => {
    const sum = await rotatedSum(diagonal([1, 2, 5, 7]), diagonal([3, 3, 3, 3]), randomStream(1, 'Q'), algebra);
    expect(largestDifference(sum, Float64Array.of(4, 5, 8, 10))).toBeLessThan(1e-13);
  });

  it('keeps the mean, and on average the mean square of freely independent parts', async () => {
    const n = 60;
    const a = Array.from({ length: n }, (_, i) => i / n);
    const b = a.map((value) => value ** 2);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / n;
    const expected = mean(a.map((x) => x * x)) + mean(b.map((x) => x * x)) + 2 * mean(a) * mean(b);
    for (let draw = 0; draw < 5; draw++) {
      const values = [...(await rotatedSum(diagonal(a), diagonal(b), randomStream(draw, 'Q'), algebra))];
      expect(mean(values)).toBeCloseTo(mean(a) + mean(b), 12);
      // Tr A Q B Q^T has a variance of about 2 var(a) var(b) for the orthogonal group, so its mean one of that over n^2.
      expect(Math.abs(mean(values.map((x) => x * x)) - expected)).toBeLessThan((10 * Math.sqrt(2 / 12 / 11)) / n);
    }
  });
});

describe('autoencoder-free-sum', () => {
  it('has at both moments parts that add up, and a free convolution that the rotated sums follow', async () => {
    const config = { source: 'normal', side: 3, hidden: 9, samples: 60, rate: 0.1, steps: 100, rotations: 4 } as const;
    const { numbers, arrays } = await autoencoderFreeSum.run(config, context);
    const trace = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
    for (const moment of moments) {
      const array = (name: string) => arrays[`${moment}-${name}`].data as Float64Array;
      const sum = trace(array('first')) + trace(array('second'));
      expect(trace(array('sum'))).toBeCloseTo(sum, 9);
      expect(trace(array('rotated'))).toBeCloseTo(4 * sum, 8);
      expect(trace(array('commuting'))).toBeCloseTo(4 * sum, 8);
      expect(array('free')).toHaveLength(array('edges').length);
      // Four spectra of 162 eigenvalues, each rigid to one or two of them.
      expect((numbers[moment] as Record<string, number>).freeDistance).toBeLessThan(2 / 162);
    }
    expect(numbers.energyEnd).toBeLessThan(numbers.energyStart as number);
  });
});

describe('distancesFromNormal', () => {
  it('tells normal weights from uniform ones, whatever their mean and scale', () => {
    const network = autoencoder(20);
    const random = randomStream(6, 'weights');
    const weights = Float64Array.from({ length: 800 }, (_, i) =>
      i < 400 ? 3 + 0.1 * random.normal() : random.uniform(),
    );
    const [normal, uniform] = distancesFromNormal(network, weights);
    // 1.035 / sqrt(400): the 1 % point of Lilliefors 1967. A uniform law is 0.057 from the normal one of its variance.
    expect(normal).toBeLessThan(1.035 / 20);
    expect(uniform).toBeGreaterThan(0.04);
  });
});

describe('autoencoder-residual', () => {
  it('keeps the energy it is told, or that of the network itself', async () => {
    const config = { source: 'normal', side: 3, samples: 36, energy: 0.3, runs: 2 } as const;
    const signs = await autoencoderResidual.run({ ...config, residuals: 'signs' }, context);
    expect(signs.numbers.energies).toEqual([0.3, 0.3]);
    const own = await autoencoderResidual.run({ ...config, residuals: 'own' }, context);
    const random = context.random.stream('n=9 m=36').stream('run-1');
    const data = (await inputsOf(config, algebra)).draw(36, random.stream('samples'));
    const network = autoencoder(9);
    const weights = normalWeights(network, random.stream('weights'));
    const residuals = residualsOf(network, weights, data, algebra);
    expect((own.numbers.energies as number[])[1]).toBeCloseTo(energyOf(residuals), 12);
    const spectrum = await residualSpectrum(network, weights, data, residuals, algebra);
    expect(largestDifference((own.arrays.eigenvalues.data as Float64Array).subarray(162), spectrum)).toBeLessThan(
      1e-13,
    );
  });
});

describe('autoencoder-gauss-newton', () => {
  it('returns positive semidefinite spectra, each of its own network, and repeats to the bit', async () => {
    const config = { source: 'normal', side: 3, samples: 36, runs: 2 } as const;
    const { arrays } = await autoencoderGaussNewton.run(config, context);
    const values = arrays.eigenvalues.data as Float64Array;
    expect(Math.min(...values)).toBeGreaterThan(-1e-12);
    expect(values[161]).not.toBe(values[323]);
    expect((await autoencoderGaussNewton.run(config, context)).arrays).toEqual(arrays);
  });
});
