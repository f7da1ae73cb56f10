import { type LinearAlgebra, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  betaHermite,
  betaHermiteEigenvalues,
  gaussianOrthogonal,
  semicircle,
  spikedWigner,
  spikeOfWignerOutlier,
} from '../../src/index.js';
import { integral } from '../oracles.js';
import { repeat, summary } from '../sampling.js';

let algebra: LinearAlgebra;
beforeAll(async () => {
  algebra = await linearAlgebra();
});

describe('spikedWigner', () => {
  it("puts outliers where G(x) = 1/theta, with overlap -1/(theta^2 G') and variance 2 (-G' - G^2)/G'^2, by quadrature", () => {
    // det(1 - theta u^T (x - W)^-1 u) = 0, and v prop. to (x - W)^-1 u: <u, v>^2 = (u^T (x - W)^-1 u)^2/(u^T (x - W)^-2 u).
    for (const [variance, spike] of [
      [1, 1.2],
      [1, -4],
      [0.3, 0.7],
    ]) {
      const [{ at, overlap, deviation, place }] = spikedWigner({ variance, spikes: [spike] }).images;
      const { support, density } = semicircle({ variance });
      const [[a, b]] = support;
      const g = integral((t) => density(t) / (at - t), a, b);
      const slope = -integral((t) => density(t) / (at - t) ** 2, a, b);
      expect(g * spike).toBeCloseTo(1, 11);
      expect(overlap).toBeCloseTo(-1 / (spike ** 2 * slope), 10);
      expect(deviation).toBeCloseTo(Math.sqrt(2 * (-slope - g * g)) / -slope, 9);
      expect(place).toBe(spike > 0 ? 'above' : 'below');
    }
  });

  it('is Theorem 1 of Granziol et al. for the variance P sigma^2/N', () => {
    const [parameters, samples, sigma] = [3000, 500, 0.2];
    const perturbed = (lambda: number) => {
      const threshold = Math.sqrt(parameters / samples) * sigma;
      return lambda > threshold ? lambda + ((parameters / samples) * sigma ** 2) / lambda : 2 * threshold;
    };
    const spikes = [0.1, 0.4, 0.6, 3];
    const variance = (parameters * sigma ** 2) / samples;
    const { images } = spikedWigner({ variance, spikes });
    for (const [i, spike] of spikes.entries()) expect(images[i].at).toBeCloseTo(perturbed(spike), 14);
    expect(images.map(({ place }) => place)).toEqual(['bulk', 'bulk', 'above', 'above']);
  });

  it('lets outliers leave the bulk continuously at the thresholds +-s, and loses spikes up to there', () => {
    const { thresholds, images } = spikedWigner({ variance: 4, spikes: [2, -2, 0, 2.0001, -2.0001] });
    expect(thresholds).toEqual({ upper: 2, lower: -2 });
    expect(images.slice(0, 3)).toEqual([
      { spike: 2, place: 'bulk', at: 4, overlap: 0 },
      { spike: -2, place: 'bulk', at: -4, overlap: 0 },
      { spike: 0, place: 'bulk', at: 4, overlap: 0 },
    ]);
    for (const { at, overlap, place } of images.slice(3)) {
      expect(Math.abs(Math.abs(at) - 4)).toBeLessThan(1e-8);
      expect(overlap).toBeLessThan(2e-4);
      expect(place).toBe(at > 0 ? 'above' : 'below');
    }
  });

  it('predicts the outliers of a matrix with several spikes, equal ones among them; the weak ones stick to the edges', async () => {
    const [n, variance] = [500, 2];
    const spikes = [3, -4, 0.5, 6, 3, -0.7, 3];
    const { images, bulk } = spikedWigner({ variance, spikes });
    expect(images.map(({ place }) => place)).toEqual(['above', 'below', 'bulk', 'above', 'above', 'bulk', 'above']);
    const matrix = gaussianOrthogonal(n, randomStream(1, 'spikes'), { variance, spikes });
    const values = await algebra.symmetricEigenvalues(matrix, n);
    const [three, minusFour, , six] = images;
    // Five deviations, and 5/n relative for the bias. Equal spikes: the extreme eigenvalues of a 3 x 3 Gaussian
    // orthogonal matrix, whose deviation on the diagonal this is, lie within twice as much.
    const bound = ({ at, deviation }: typeof six) => (5 * deviation!) / Math.sqrt(n) + (5 * Math.abs(at)) / n;
    expect(Math.abs(values[n - 1] - six.at)).toBeLessThan(bound(six));
    for (const i of [2, 3, 4]) expect(Math.abs(values[n - i] - three.at)).toBeLessThan(2 * bound(three));
    expect(Math.abs(values[0] - minusFour.at)).toBeLessThan(bound(minusFour));
    // The Tracy-Widom variable at the edges, of mean -1.21 and deviation 1.27, in units of s n^(-2/3).
    const [[lowerEdge, upperEdge]] = bulk.support;
    const unit = Math.sqrt(variance) * n ** (-2 / 3);
    expect(Math.abs(values[n - 5] - upperEdge)).toBeLessThan(6 * unit);
    expect(Math.abs(values[1] - lowerEdge)).toBeLessThan(6 * unit);
  });

  it('spreads three equal spikes like the eigenvalues of a 3 x 3 Gaussian orthogonal matrix', async () => {
    // Sum and sum of squares of the three: variances 3 v and, about their mean, 3 pairs of variance v/2 and 2 v on the diagonal.
    const [n, spike, draws] = [80, 3, 400];
    const random = randomStream(2, 'equal');
    const [{ at, deviation }] = spikedWigner({ spikes: [spike] }).images;
    const triples = await repeat(draws, async () => {
      const matrix = gaussianOrthogonal(n, random, { spikes: [spike, spike, spike] });
      return (await algebra.symmetricEigenvalues(matrix, n)).slice(n - 3);
    });
    const v = deviation! ** 2 / n;
    const means = triples.map((triple) => summary(triple).mean);
    const spreads = triples.map((triple) => summary(triple).deviation ** 2);
    // Independent elements of variance v on the diagonal and v/2 off it: the sum of squared deviations from the mean has
    // the mean 2 v + 6 v/2, so the sample variance 5 v/2. Limits are reached up to 1/n, here allowed ten times over.
    const finiteSize = 10 / n;
    const bound = (x: readonly number[]) => (5 * summary(x).deviation) / Math.sqrt(draws);
    expect(Math.abs(summary(means).mean - at)).toBeLessThan(bound(means) + finiteSize * Math.sqrt(v));
    expect(Math.abs(summary(spreads).mean / (2.5 * v) - 1)).toBeLessThan(bound(spreads) / (2.5 * v) + finiteSize);
  });

  it('predicts fluctuations and overlaps at n = 300, for beta = 1 and 2, from tridiagonal matrices', async () => {
    const [size, draws, spike] = [300, 80, -1.8];
    const [{ at, deviation, overlap }] = spikedWigner({ spikes: [spike] }).images;
    for (const beta of [1, 2]) {
      const random = randomStream(3, `beta ${beta}`);
      const found = await repeat(draws, async () => {
        const { diagonal, offDiagonal } = betaHermite({ size, beta, spike }, random);
        const { values, firstComponents } = await algebra.tridiagonalEigen(diagonal, offDiagonal);
        return { value: values[0], overlap: firstComponents[0] ** 2 };
      });
      const values = summary(found.map(({ value }) => value));
      const overlaps = summary(found.map((one) => one.overlap));
      const finiteSize = 10 / size;
      expect(Math.abs(values.mean - at)).toBeLessThan((5 * values.deviation) / Math.sqrt(draws) + finiteSize);
      expect(Math.abs(overlaps.mean - overlap)).toBeLessThan((5 * overlaps.deviation) / Math.sqrt(draws) + finiteSize);
      // A standard deviation from n normal draws has relative error 1/sqrt(2 n).
      const ratio = (values.deviation * Math.sqrt(size * beta)) / deviation!;
      expect(Math.abs(ratio - 1)).toBeLessThan(5 / Math.sqrt(2 * draws) + finiteSize);
    }
  });

  it('predicts that a spike below the threshold changes neither the place of the edge nor its spread', async () => {
    const [size, draws] = [400, 80];
    const [{ at, place }] = spikedWigner({ spikes: [0.5] }).images;
    expect(place).toBe('bulk');
    const random = randomStream(4, 'edge');
    const values = await repeat(draws, async () => {
      const spectrum = await betaHermiteEigenvalues({ size, beta: 1, spike: 0.5 }, random, algebra);
      return (spectrum[size - 1] - at) * size ** (2 / 3);
    });
    // Mean and deviation of the Tracy-Widom law of beta = 1 (Bornemann 2010, table 1); corrections are of order n^(-1/3)
    // with a spike.
    const finiteSize = 2 * size ** (-1 / 3);
    const { mean, deviation } = summary(values);
    expect(Math.abs(mean + 1.2065336)).toBeLessThan((5 * deviation) / Math.sqrt(draws) + finiteSize);
    expect(Math.abs(deviation / 1.26798 - 1)).toBeLessThan(5 / Math.sqrt(2 * draws) + finiteSize);
  });

  it('refuses a variance that is not positive and spikes that are not finite', () => {
    expect(() => spikedWigner({ variance: 0, spikes: [] })).toThrow(
      'variance of a spiked Wigner matrix must be positive',
    );
    expect(() => spikedWigner({ spikes: [1, Number.POSITIVE_INFINITY] })).toThrow('must be finite, found Infinity');
  });
});

describe('spikeOfWignerOutlier', () => {
  it('finds the spike back from its outlier', () => {
    for (const [variance, spike] of [
      [1, 1.001],
      [1, -1.5],
      [9, 400],
      [1e-4, 0.5],
    ]) {
      const [{ at }] = spikedWigner({ variance, spikes: [spike] }).images;
      expect(Math.abs(spikeOfWignerOutlier(at, { variance }) / spike - 1)).toBeLessThan(1e-12);
    }
    expect(spikeOfWignerOutlier(2.5)).toBe(2);
  });

  it('refuses eigenvalues of the bulk', () => {
    expect(() => spikeOfWignerOutlier(-1.9)).toThrow('outside the bulk from -2 to 2, found -1.9');
    expect(() => spikeOfWignerOutlier(Number.NaN)).toThrow(RangeError);
    expect(() => spikeOfWignerOutlier(3, { variance: -1 })).toThrow('must be positive');
  });
});
