import { type LinearAlgebra, linearAlgebra, type RandomStream, randomStream } from '@hessian-rmt/numerics';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Complex,
  empiricalLaw,
  marchenkoPastur,
  productWishart,
  type SpectralLaw,
  semicircle,
  spikedLaw,
  spikedWigner,
  spikeOfOutlier,
} from '../../src/index.js';
import { repeat, summary } from '../sampling.js';

/** Points of these masses. */
function pointLaw(atoms: readonly { at: number; mass: number }[]): SpectralLaw {
  const unused = () => {
    throw new Error('not used');
  };
  return {
    name: 'points',
    support: [],
    atoms,
    density: () => 0,
    cumulative: (x) => atoms.reduce((sum, { at, mass }) => (at <= x ? sum + mass : sum), 0),
    quantile: unused,
    moment: unused,
    sample: unused,
    stieltjesTransform(z) {
      let [re, im] = [0, 0];
      for (const { at, mass } of atoms) {
        const square = (z.re - at) ** 2 + z.im ** 2;
        re += (mass * (z.re - at)) / square;
        im -= (mass * z.im) / square;
      }
      return { re, im };
    },
  };
}

/** D + sum of theta_i u_i u_i^T in the basis of D, of n quantiles of the law; the u_i are the rows of a thin Haar matrix. */
async function perturbed(law: SpectralLaw, n: number, spikes: readonly number[], random: RandomStream) {
  const k = spikes.length;
  const { q } = await algebra.qr(random.normals(n * k), n, k);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    matrix[i * n + i] = law.quantile((i + 0.5) / n);
    for (let j = 0; j < n; j++) {
      for (const [s, spike] of spikes.entries()) matrix[i * n + j] += spike * q[i * k + s] * q[j * k + s];
    }
  }
  const { values, vectors } = await algebra.symmetricEigen(matrix, n);
  const overlap = (index: number, s: number) => {
    let product = 0;
    for (let i = 0; i < n; i++) product += vectors[index * n + i] * q[i * k + s];
    return product ** 2;
  };
  return { values, overlap };
}

let algebra: LinearAlgebra;
beforeAll(async () => {
  algebra = await linearAlgebra();
});

describe('spikedLaw', () => {
  it('is spikedWigner for the semicircle, with a derivative in closed form and without', () => {
    const spikes = [1.001, 1.5, -3, 40, 0.9, 0, 1];
    const law = semicircle({ variance: 1 });
    const { stieltjesDerivative: _, ...plain } = law;
    const expected = spikedWigner({ spikes }).images;
    for (const [one, tolerance] of [
      [law, 1e-9],
      [plain, 1e-7],
    ] as const) {
      const { images, thresholds } = spikedLaw({ law: one, spikes });
      expect(thresholds.upper).toBeCloseTo(1, 8);
      expect(thresholds.lower).toBeCloseTo(-1, 8);
      for (const [i, { spike, outliers }] of images.entries()) {
        expect(spike).toBe(spikes[i]);
        if (expected[i].place === 'bulk') {
          expect(outliers).toEqual([]);
          continue;
        }
        expect(outliers).toHaveLength(1);
        const [{ place, at, deviation, overlap }] = outliers;
        expect(place).toBe(expected[i].place);
        expect(Math.abs(at / expected[i].at - 1)).toBeLessThan(1e-14);
        expect(Math.abs(overlap / expected[i].overlap - 1)).toBeLessThan(tolerance);
        expect(Math.abs(deviation / expected[i].deviation! - 1)).toBeLessThan(1000 * tolerance);
      }
    }
  });

  it('finds an outlier in every gap: of two atoms at +-1, one above both and one between, at (theta +- sqrt(theta^2 + 4))/2', () => {
    const law = pointLaw([
      { at: -1, mass: 0.5 },
      { at: 1, mass: 0.5 },
    ]);
    const { images, thresholds } = spikedLaw({ law, spikes: [0.01, 3] });
    expect(thresholds).toEqual({ upper: 0, lower: -0 });
    for (const { spike, outliers } of images) {
      const root = Math.sqrt(spike ** 2 + 4);
      expect(outliers.map(({ place }) => place)).toEqual(['gap', 'above']);
      for (const [i, x] of [(spike - root) / 2, (spike + root) / 2].entries()) {
        expect(outliers[i].at).toBeCloseTo(x, 13);
        // -G' = (x^2 + 1)/(x^2 - 1)^2 and theta = (x^2 - 1)/x.
        expect(outliers[i].overlap).toBeCloseTo(x ** 2 / (x ** 2 + 1), 9);
      }
    }
  });

  it('moves the whole of a single point: theta above it, with overlap 1 and no spread', () => {
    const [{ outliers }] = spikedLaw({ law: pointLaw([{ at: 5, mass: 1 }]), spikes: [-2] }).images;
    expect(outliers).toHaveLength(1);
    expect(outliers[0].place).toBe('below');
    expect(outliers[0].at).toBeCloseTo(3, 13);
    expect(outliers[0].overlap).toBeCloseTo(1, 9);
    expect(outliers[0].deviation).toBeLessThan(1e-3);
  });

  it('has no threshold beside a hard edge: the arcsine law, where G(x) = 1/sqrt(x^2 - 4) and x = sqrt(theta^2 + 4)', () => {
    const transform = ({ re, im }: Complex): Complex => {
      // 1/sqrt(z - 2)/sqrt(z + 2) in polar form.
      const modulus = 1 / Math.sqrt(Math.hypot(re - 2, im) * Math.hypot(re + 2, im));
      const argument = -(Math.atan2(im, re - 2) + Math.atan2(im, re + 2)) / 2;
      return { re: modulus * Math.cos(argument), im: modulus * Math.sin(argument) };
    };
    const law: SpectralLaw = { ...pointLaw([]), name: 'arcsine', support: [[-2, 2]], stieltjesTransform: transform };
    const { thresholds, images } = spikedLaw({ law, spikes: [0.01, -3] });
    expect([Math.abs(thresholds.upper), Math.abs(thresholds.lower)]).toEqual([0, 0]);
    expect(images[0].outliers[0].at).toBeCloseTo(Math.sqrt(4.0001), 13);
    expect(images[1].outliers[0].at).toBeCloseTo(-Math.sqrt(13), 13);
    // -G' = x/(x^2 - 4)^(3/2)
    expect(images[1].outliers[0].overlap).toBeCloseTo(3 / Math.sqrt(13), 9);
  });

  it('finds the outliers between the atom and the bulk of a Marchenko-Pastur law, and in both gaps of a product Wishart law', () => {
    // R(1/theta) + theta = x wherever 1/theta is taken by G.
    const [{ outliers }] = spikedLaw({ law: marchenkoPastur({ ratio: 2 }), spikes: [0.5] }).images;
    expect(outliers.map(({ place }) => place)).toEqual(['gap']);
    expect(outliers[0].at).toBeCloseTo(0.5 + 1 / (1 - 2 / 0.5), 13);

    const { images } = spikedLaw({ law: productWishart({ ratio: 2, energy: 1 }), spikes: [0.5, -0.2, 3] });
    const r = (g: number) => (2 * g) / (2 - 4 * g * g);
    for (const { spike, outliers } of images) {
      expect(outliers).toHaveLength(1);
      expect(outliers[0].at).toBeCloseTo(spike + r(1 / spike), 12);
    }
    expect(images.map(({ outliers }) => outliers[0].place)).toEqual(['gap', 'gap', 'above']);
  });

  it('is exact for a measured spectrum D and a direction of equal components: every eigenvalue of D + theta u u^T', async () => {
    // u_k^2 = 1/n is the mean over the spectrum that the limit takes.
    const [n, spike] = [40, -0.7];
    const spectrum = randomStream(3, 'measured').normals(n).sort();
    const { images } = spikedLaw({ law: empiricalLaw(spectrum), spikes: [spike] });
    const matrix = new Float64Array(n * n).fill(spike / n);
    for (let i = 0; i < n; i++) matrix[i * n + i] += spectrum[i];
    const { values, vectors } = await algebra.symmetricEigen(matrix, n);
    const [{ outliers }] = images;
    expect(outliers.map(({ place }) => place)).toEqual(['below', ...new Array(n - 1).fill('gap')]);
    for (const [i, { at, overlap }] of outliers.entries()) {
      expect(Math.abs(at - values[i])).toBeLessThan(1e-13);
      const product = vectors.subarray(i * n, (i + 1) * n).reduce((sum, x) => sum + x, 0);
      expect(Math.abs(overlap - product ** 2 / n)).toBeLessThan(1e-8);
    }
  });

  it('predicts places, spreads and overlaps of the outliers of a sampled matrix, gaps included', async () => {
    const [n, draws, spikes] = [80, 200, [6, -1.5]];
    const law = marchenkoPastur({ ratio: 2 });
    const { images } = spikedLaw({ law, spikes });
    const random = randomStream(1, 'outliers');
    const found = await repeat(draws, () => perturbed(law, n, spikes, random));
    const [[above], [below]] = images.map(({ outliers }) => outliers);
    for (const [{ at, deviation, overlap }, index, s] of [
      [above, n - 1, 0],
      [below, 0, 1],
    ] as const) {
      const values = summary(found.map((one) => one.values[index]));
      const overlaps = summary(found.map((one) => one.overlap(index, s)));
      // Limits are reached up to terms of order 1/n, here allowed ten times over.
      const finiteSize = 10 / n;
      expect(Math.abs(values.mean / at - 1)).toBeLessThan(
        (5 * values.deviation) / Math.sqrt(draws) / Math.abs(at) + finiteSize,
      );
      expect(Math.abs(overlaps.mean - overlap)).toBeLessThan((5 * overlaps.deviation) / Math.sqrt(draws) + finiteSize);
      // A standard deviation from n nearly normal draws has relative error 1/sqrt(2 n).
      const ratio = (values.deviation * Math.sqrt(n)) / deviation;
      expect(Math.abs(ratio - 1)).toBeLessThan(5 / Math.sqrt(2 * draws) + finiteSize);
    }
  });

  it('predicts a gap outlier and several equal spikes of a sampled matrix, and that spikes below the threshold do nothing', async () => {
    const n = 400;
    const law = productWishart({ ratio: 2, energy: 1 });
    const random = randomStream(2, 'gap');
    const spikes = [4, 4, 0.3, -1];
    const { images, thresholds } = spikedLaw({ law, spikes });
    expect(thresholds.lower).toBeLessThan(-1);
    const { values } = await perturbed(law, n, spikes, random);
    const bound = ({ at, deviation }: { at: number; deviation: number }) =>
      (10 * deviation) / Math.sqrt(n) + (5 * Math.abs(at)) / n;
    const [[four], , [inner], [minusOne]] = images.map(({ outliers }) => outliers);
    const upper = law.support[1];
    // Two above, one in the gap below the upper interval, one in the gap above the lower.
    expect(values.filter((x) => x > upper[1] + 1e-3)).toHaveLength(2);
    for (const i of [1, 2]) expect(Math.abs(values[n - i] - four.at)).toBeLessThan(bound(four));
    const inGap = values.filter((x) => Math.abs(x) > 1e-9 && Math.abs(x) < upper[0] - 1e-3);
    const predicted = [minusOne, inner].filter((outlier) => outlier !== undefined);
    expect(inGap).toHaveLength(predicted.length);
    for (const [i, outlier] of predicted.entries())
      expect(Math.abs(inGap[i] - outlier.at)).toBeLessThan(bound(outlier));
    // A spike that stays below the threshold leaves the lowest eigenvalue at the edge.
    expect(values[0]).toBeGreaterThan(law.support[0][0] - 0.01);
  });

  it('refuses spikes that are not finite', () => {
    expect(() => spikedLaw({ law: semicircle({ variance: 1 }), spikes: [Number.NaN] })).toThrow(
      'must be finite, found NaN',
    );
  });
});

describe('spikeOfOutlier', () => {
  it('finds the spike back from each of its outliers', () => {
    const law = productWishart({ ratio: 2, energy: 0.3 });
    for (const { spike, outliers } of spikedLaw({ law, spikes: [0.1, -0.2, 5, -30] }).images) {
      expect(outliers).toHaveLength(1);
      for (const { at } of outliers) expect(spikeOfOutlier(at, law)).toBeCloseTo(spike, 11);
    }
  });

  it('refuses the support, atoms, and what is not finite', () => {
    const law = marchenkoPastur({ ratio: 4 });
    for (const x of [2, 0, 1, 9, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => spikeOfOutlier(x, law)).toThrow('must lie outside the support of Marchenko-Pastur');
    }
    expect(spikeOfOutlier(0.5, law)).toBeGreaterThan(0);
  });
});
