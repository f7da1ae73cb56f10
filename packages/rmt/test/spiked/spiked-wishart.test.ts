import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { marchenkoPastur, spikedWishart, spikeOfWishartOutlier, wishart, wishartEigenvalues } from '../../src/index.js';
import { integral } from '../oracles.js';
import { summary } from '../sampling.js';

const only = (ratio: number, spike: number, scale = 1) => spikedWishart({ ratio, scale, spikes: [spike] }).images[0];

describe('spikedWishart', () => {
  it('puts outliers where T(x) = 1/(l - 1), T the transform int t/(x - t) of the bulk', () => {
    // Benaych-Georges & Nadakuditi 2011, Thm. 2.8, the general form for multiplicative perturbations of finite rank: if
    // S^(1/2) W S^(1/2) v = x v with S = 1 + (l - 1) u u^T, then y = S^(-1/2) v = (l - 1) <u, y> (x - W)^(-1) W u. Its
    // product with u is the condition; its norm, with |v|^2 = y^T S y, the overlap <u, v>^2/|v|^2 = -l/((l - 1)^2 x T'(x)).
    for (const [ratio, spike] of [
      [0.5, 2],
      [0.5, 6],
      [0.5, 0.1],
      [0.1, 0.5],
      [3, 4],
      [1, 2.5],
    ]) {
      const { at, overlap } = only(ratio, spike);
      const { support, density } = marchenkoPastur({ ratio });
      const [[a, b]] = support;
      const transform = integral((t) => (t / (at - t)) * density(t), a, b);
      const derivative = -integral((t) => (t / (at - t) ** 2) * density(t), a, b);
      expect(transform * (spike - 1)).toBeCloseTo(1, 10);
      expect(overlap).toBeCloseTo(-spike / ((spike - 1) ** 2 * at * derivative), 9);
    }
  });

  it('agrees with Bloemendal et al.: l = 1 + sqrt(gamma) d has its outlier at sqrt(gamma) (sqrt(gamma) + 1/sqrt(gamma) + d + 1/d)', () => {
    for (const ratio of [0.2, 1, 4]) {
      for (const d of [1.0001, 2, 10]) {
        const root = Math.sqrt(ratio);
        expect(only(ratio, 1 + root * d).at).toBeCloseTo(root * (root + 1 / root + d + 1 / d), 10);
      }
    }
  });

  it('lets outliers leave the bulk continuously at the thresholds 1 +- sqrt(gamma)', () => {
    const ratio = 0.25;
    const { bulk, thresholds } = spikedWishart({ ratio, spikes: [] });
    const [[lowerEdge, upperEdge]] = bulk.support;
    expect(thresholds).toEqual({ upper: 1.5, lower: 0.5 });
    for (const [spike, edge, place] of [
      [1.5001, upperEdge, 'above'],
      [0.4999, lowerEdge, 'below'],
    ] as const) {
      const image = only(ratio, spike);
      expect(image.place).toBe(place);
      expect(Math.abs(image.at - edge)).toBeLessThan(1e-6);
      expect(image.overlap).toBeLessThan(1e-3);
    }
    expect(only(ratio, 1.5)).toEqual({ spike: 1.5, place: 'bulk', at: upperEdge, overlap: 0 });
    expect(only(ratio, 0.5)).toEqual({ spike: 0.5, place: 'bulk', at: lowerEdge, overlap: 0 });
  });

  it('has no outliers below the bulk when there are more dimensions than samples', () => {
    expect(spikedWishart({ ratio: 2, spikes: [] }).thresholds.lower).toBeNull();
    expect(only(2, 0).place).toBe('bulk');
  });

  it('scales with the scale, and keeps a direction without variance at zero', () => {
    const { at, deviation, overlap } = only(0.5, 4, 3);
    const unit = only(0.5, 4);
    expect([at, deviation, overlap]).toEqual([3 * unit.at, 3 * unit.deviation!, unit.overlap]);
    const nothing = only(0.5, 0);
    expect(Math.abs(nothing.at)).toBe(0);
    expect(nothing.overlap).toBe(1);
  });

  it('predicts the outliers of a matrix with several spikes on both sides, and lets the weak ones stick to the edges', async () => {
    const [dimension, samples, scale] = [400, 800, 2];
    const spikes = [1.5, 5, 3, 0.05, 3, 0.5];
    const { images, bulk } = spikedWishart({ ratio: dimension / samples, scale, spikes });
    const values = await wishartEigenvalues(
      { dimension, samples, scale, spikes },
      randomStream(1, 'spikes'),
      await linearAlgebra(),
    );
    expect(images.map(({ place }) => place)).toEqual(['bulk', 'above', 'above', 'below', 'above', 'bulk']);

    const [, five, three, low] = images;
    // Five standard deviations, and 5/N relative for the bias; the two equal spikes repel each other, on the same scale.
    const bound = ({ at, deviation }: typeof five) => (5 * deviation!) / Math.sqrt(samples) + (5 * at) / samples;
    expect(Math.abs(values[dimension - 1] - five.at)).toBeLessThan(bound(five));
    expect(Math.abs(values[dimension - 2] - three.at)).toBeLessThan(bound(three));
    expect(Math.abs(values[dimension - 3] - three.at)).toBeLessThan(bound(three));
    expect(Math.abs(values[0] - low.at)).toBeLessThan(bound(low));

    // Scale of the Tracy-Widom fluctuations at the edges (Johnstone 2001; Feldheim & Sodin 2010).
    const [[lowerEdge, upperEdge]] = bulk.support;
    const [rootM, rootN] = [Math.sqrt(dimension), Math.sqrt(samples)];
    const upperScale = (scale * (rootN + rootM) * (1 / rootN + 1 / rootM) ** (1 / 3)) / samples;
    const lowerScale = (scale * (rootN - rootM) * (1 / rootM - 1 / rootN) ** (1 / 3)) / samples;
    expect(Math.abs(values[dimension - 4] - upperEdge)).toBeLessThan(5 * upperScale);
    expect(Math.abs(values[1] - lowerEdge)).toBeLessThan(5 * lowerScale);
  });

  it('predicts the fluctuations of outliers and the overlaps of their eigenvectors', async () => {
    const [dimension, samples, draws] = [80, 160, 300];
    const spikes = [4, 0.05];
    const algebra = await linearAlgebra();
    const random = randomStream(2, 'overlaps');
    const { images } = spikedWishart({ ratio: dimension / samples, spikes });
    const found = images.map(() => ({ values: [] as number[], overlaps: [] as number[] }));
    for (let draw = 0; draw < draws; draw++) {
      const matrix = wishart({ dimension, samples, spikes }, random, algebra);
      const { values, vectors } = await algebra.symmetricEigen(matrix, dimension);
      for (const [spike, index] of [dimension - 1, 0].entries()) {
        found[spike].values.push(values[index]);
        found[spike].overlaps.push(vectors[index * dimension + spike] ** 2);
      }
    }
    for (const [i, { at, deviation, overlap }] of images.entries()) {
      const [values, overlaps] = [summary(found[i].values), summary(found[i].overlaps)];
      // Limits are reached up to terms of order 1/N, here allowed ten times over.
      const finiteSize = 10 / samples;
      expect(Math.abs(values.mean / at - 1)).toBeLessThan((5 * values.deviation) / Math.sqrt(draws) / at + finiteSize);
      expect(Math.abs(overlaps.mean - overlap)).toBeLessThan((5 * overlaps.deviation) / Math.sqrt(draws) + finiteSize);
      // A standard deviation from n normal draws has relative error 1/sqrt(2 n).
      const ratio = (values.deviation * Math.sqrt(samples)) / deviation!;
      expect(Math.abs(ratio - 1)).toBeLessThan(5 / Math.sqrt(2 * draws) + finiteSize);
    }
  });

  it('refuses a ratio or a scale that is not positive and negative spikes', () => {
    expect(() => spikedWishart({ ratio: 0, spikes: [] })).toThrow(
      'ratio gamma of a spiked Wishart matrix must be positive',
    );
    expect(() => spikedWishart({ ratio: 1, scale: -1, spikes: [] })).toThrow(RangeError);
    expect(() => spikedWishart({ ratio: 1, spikes: [2, -0.5] })).toThrow('not negative, found -0.5');
  });
});

describe('spikeOfWishartOutlier', () => {
  it('finds the spike back from its outlier', () => {
    for (const [ratio, spike] of [
      [0.5, 1.8],
      [0.5, 60],
      [0.5, 0.2],
      [0.5, 0],
      [4, 3.5],
      [1e-4, 1.2],
    ]) {
      expect(spikeOfWishartOutlier(only(ratio, spike, 7).at, { ratio, scale: 7 })).toBeCloseTo(spike, 10);
    }
  });

  it('refuses eigenvalues of the bulk', () => {
    expect(() => spikeOfWishartOutlier(1, { ratio: 0.25 })).toThrow('outside the bulk from 0.25 to 2.25, found 1');
    expect(() => spikeOfWishartOutlier(0.01, { ratio: 4 })).toThrow(RangeError);
    expect(() => spikeOfWishartOutlier(Number.POSITIVE_INFINITY, { ratio: 0.25 })).toThrow('found Infinity');
    expect(() => spikeOfWishartOutlier(-1, { ratio: 0.25 })).toThrow(RangeError);
  });
});
