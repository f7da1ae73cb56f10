import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { gaussianClusters, globalScale } from '../../src/index.js';

/** Mean of each class, and the variance about it pooled over classes and coordinates. */
function classMoments({ count, dimension, classes, inputs, labels }: ReturnType<typeof gaussianClusters>) {
  const sizes = new Array<number>(classes).fill(0);
  const means = Array.from({ length: classes }, () => new Float64Array(dimension));
  for (let n = 0; n < count; n++) {
    sizes[labels[n]]++;
    for (let j = 0; j < dimension; j++) means[labels[n]][j] += inputs[n * dimension + j];
  }
  means.forEach((mean, k) => {
    for (let j = 0; j < dimension; j++) mean[j] /= sizes[k];
  });
  let squares = 0;
  for (let n = 0; n < count; n++) {
    for (let j = 0; j < dimension; j++) squares += (inputs[n * dimension + j] - means[labels[n]][j]) ** 2;
  }
  return { sizes, means, variance: squares / ((count - classes) * dimension) };
}

describe('Gaussian clusters', () => {
  it('are normalised by one mean and one deviation over all entries, not one per coordinate', () => {
    const { inputs, dimension } = gaussianClusters({ count: 3, samples: 300, dimension: 20 }, randomStream(1));
    const { mean, standardDeviation } = globalScale(inputs);
    expect(Math.abs(mean)).toBeLessThan(1e-14);
    expect(Math.abs(standardDeviation - 1)).toBeLessThan(1e-13);
    const first = globalScale(inputs.filter((_, i) => i % dimension === 0));
    expect(Math.abs(first.mean)).toBeGreaterThan(0.01);
  });

  it('have as equal sizes as can be, and the first clusters get the remainder', () => {
    const data = gaussianClusters({ count: 6, samples: 100, dimension: 2 }, randomStream(2));
    expect(classMoments(data).sizes).toEqual([17, 17, 17, 17, 16, 16]);
  });

  it('have the variance about their centres that covariance and centre scale leave after the normalisation', () => {
    for (const [covariance, centreScale] of [
      [1, 1],
      [10, 1],
      [1, 3],
    ]) {
      const options = { count: 50, samples: 2000, dimension: 100, covariance, centreScale };
      const { variance, means } = classMoments(gaussianClusters(options, randomStream(3)));
      // Total variance covariance + centreScale^2, of which the centres' part is estimated from 5,000 coordinates: a
      // relative standard error of sqrt(2 / 5000) = 0.02; five of them, and less for the samples' part.
      const share = covariance / (covariance + centreScale ** 2);
      expect(Math.abs(variance / share - 1)).toBeLessThan(0.1);
      const centres = globalScale(Float64Array.from(means.flatMap((mean) => [...mean])));
      const expected = (centreScale ** 2 + covariance / 40) / (covariance + centreScale ** 2);
      expect(Math.abs(centres.standardDeviation ** 2 / expected - 1)).toBeLessThan(0.15);
    }
  });

  it('stand in random order', () => {
    const { labels } = gaussianClusters({ count: 2, samples: 1000, dimension: 1 }, randomStream(4));
    const firstHalf = labels.subarray(0, 500).reduce((sum, label) => sum + label, 0);
    // Hypergeometric: mean 250, standard deviation 7.9; five of them.
    expect(Math.abs(firstHalf - 250)).toBeLessThan(40);
  });

  it('are the same for the same stream, different for another, and the checksum tells', () => {
    const options = { count: 4, samples: 50, dimension: 5 };
    const [a, b, c] = [5, 5, 6].map((seed) => gaussianClusters(options, randomStream(seed)));
    expect(b).toEqual(a);
    expect(c.checksum).not.toBe(a.checksum);
  });

  it('refuse impossible sizes by name', () => {
    const random = randomStream(7);
    expect(() => gaussianClusters({ count: 0 }, random)).toThrow('count must be an integer from 1 to 256, found 0');
    expect(() => gaussianClusters({ count: 5, samples: 4 }, random)).toThrow(
      'samples must be an integer from 5, found 4',
    );
    expect(() => gaussianClusters({ count: 5, covariance: 0 }, random)).toThrow('covariance must be a positive number');
    expect(() => gaussianClusters({ count: 5, dimension: 1.5 }, random)).toThrow(
      'dimension must be a positive integer',
    );
    expect(() => gaussianClusters({ count: 5, centreScale: Number.NaN }, random)).toThrow('centreScale');
  });
});
