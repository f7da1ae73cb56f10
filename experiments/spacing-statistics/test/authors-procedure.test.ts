import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { computeUnit } from '@hessian-rmt/replication';
import { betaHermiteEigenvalues, goeReference, kolmogorovSmirnov, poissonLevels } from '@hessian-rmt/rmt';
import { describe, expect, it } from 'vitest';
import {
  agreement,
  cutOffs,
  joined,
  passing,
  truncatedRatios,
  truncatedSurmise,
  unfoldedSpacings,
} from '../src/authors-procedure.js';
import { goeProcedure } from '../src/goe-procedure.js';
import {
  foldedRatios,
  foldedRatiosBySign,
  meanRatio,
  meanRatioOf,
  rankRange,
  resolvedLevels,
} from '../src/level-statistics.js';

const algebra = await linearAlgebra({ threads: 1 });
const levels = (...values: number[]) => Float64Array.from(values);

function goe(size: number, spectra: number): Promise<Float64Array[]> {
  const random = randomStream(1, 'goe');
  return Promise.all(
    Array.from({ length: spectra }, (_, i) =>
      betaHermiteEigenvalues({ size, beta: 1 }, random.stream(`${i}`), algebra),
    ),
  );
}

describe("The authors' procedure", () => {
  it('drops magnitudes below the cut-off of either sign, and counts equal levels once', () => {
    const values = levels(-1, -1e-9, -1e-21, 0, 0, 1e-20, 1e-19, 2, 2, 3);
    expect([...passing(values, cutOffs.spacings)]).toEqual([-1, -1e-9, 1e-19, 2, 3]);
    expect([...passing(values, cutOffs.ratios)]).toEqual([-1, -1e-9, 2, 3]);
    expect([...passing(values, cutOffs.none)]).toEqual([-1, -1e-9, -1e-21, 1e-20, 1e-19, 2, 3]);
  });

  it('takes float32 eigenvalues by their own magnitude', () => {
    const values = Float32Array.from([-0.1, 1e-25, 0.1]);
    expect([...passing(values, cutOffs.spacings)]).toEqual([Math.fround(-0.1), Math.fround(0.1)]);
  });

  it('unfolds the first third by the others: the mean number of their levels below', () => {
    const analysed = [levels(0.5, 2.5, 3.5), levels(1.5, 1.75)];
    // Below 0.5: 0, 2.5: 5, 3.5: 8, 1.5: 4 and 1.75: 4 of the pool's levels, over four spectra.
    const pool = [levels(1, 3), levels(1, 3.2), levels(1, 3.4), levels(1, 2)];
    expect([...unfoldedSpacings([...analysed, ...pool])]).toEqual([0, 0.75, 1.25]);
  });

  it('leaves spectra over that are no third out of the analysis and puts them into the pool', () => {
    const spectra = [levels(0, 2), levels(1), levels(1), levels(1), levels(1)];
    expect([...unfoldedSpacings(spectra)]).toEqual([1]);
  });

  it('drops ratios above ten, of all spectra, and keeps one of ten', () => {
    // Ratios 2 and 10.5; 10; 0.1.
    expect([...truncatedRatios([levels(0, 1, 3, 24), levels(0, 1, 11), levels(0, 10, 11)])]).toEqual([0.1, 2, 10]);
  });

  it('compares with the surmise of Atas et al. between 0 and 10, normalised there', () => {
    // p(r) = 27/8 (r + r^2) / (1 + r + r^2)^(5/2), by Simpson's rule.
    const density = (r: number) => ((27 / 8) * (r + r * r)) / (1 + r + r * r) ** 2.5;
    const mass = (to: number) => {
      const n = 2000;
      const h = to / n;
      let sum = density(0) + density(to);
      for (let i = 1; i < n; i++) sum += (i % 2 === 1 ? 4 : 2) * density(i * h);
      return (sum * h) / 3;
    };
    for (const r of [0.3, 1, 2.5, 9]) expect(truncatedSurmise.cumulative(r)).toBeCloseTo(mass(r) / mass(10), 9);
    expect(truncatedSurmise.cumulative(11)).toBe(1);
  });

  it('gives for the GOE the mean 0.5307, and a distance of ratios within the sampling error of the surmise', async () => {
    const spectra = await goe(200, 30);
    const { meanRatio: mean, ratioDistance } = agreement(spectra);
    // Variance of min(r, 1/r) below 1/12 of a uniform one, neighbours correlated by 0.24: five standard errors.
    const count = 30 * 198;
    expect(Math.abs(mean - 0.5307)).toBeLessThan(5 * Math.sqrt((1 + 2 * 0.24) / 12 / count));
    // Massart's bound for 1 in 1e6 of independent values, of half as many for their correlation; the surmise itself is off by 0.007.
    expect(ratioDistance).toBeLessThan(0.007 + Math.sqrt(Math.log(2e6) / count));
  });

  it('tells independent levels from the GOE by all three numbers', async () => {
    const random = randomStream(1, 'poisson');
    const independent = Array.from({ length: 30 }, (_, i) => poissonLevels(200, random.stream(`${i}`)));
    const [of, reference] = [agreement(independent), agreement(await goe(200, 30))];
    expect(Math.abs(of.meanRatio - meanRatioOf.poisson)).toBeLessThan(5 * Math.sqrt(1.31 / 12 / (30 * 198)));
    // r/(1 + r) against the surmise: 0.11 at the widest.
    expect(of.ratioDistance).toBeGreaterThan(0.08);
    expect(of.spacingDistance).toBeGreaterThan(reference.spacingDistance + 0.1);
  });

  it('is for true GOE spectra what the reference of the random matrices says, draw by draw', async () => {
    const unit = goeProcedure.unit({ size: 40, spectra: 6, draws: 3 }, { repetition: 2, threads: 1 });
    const { arrays } = await computeUnit(goeProcedure, unit, { seed: 5, linearAlgebra: algebra });
    const random = randomStream(5, 'goe-procedure', '2');
    const distances = await Promise.all(
      [0, 1, 2].map(async (draw) => {
        const spectra = await Promise.all(
          Array.from({ length: 6 }, (_, i) =>
            betaHermiteEigenvalues(
              { size: 40, beta: 1 },
              random.stream(`draw ${draw}`).stream(`spectrum ${i}`),
              algebra,
            ),
          ),
        );
        return naiveSpacingDistance(spectra);
      }),
    );
    const found = [...arrays.spacingDistance.data];
    distances.sort((a, b) => a - b);
    for (const [i, distance] of distances.entries()) expect(found[i]).toBeCloseTo(distance, 12);
    const { meanRatio: reference } = await goeReference(
      { sizes: [40, 40, 40, 40, 40, 40], draws: 3, through: (drawn) => ({ meanRatio: naiveMeanRatio(drawn) }) },
      random,
      algebra,
    );
    for (const [i, mean] of arrays.meanRatio.data.entries()) expect(mean).toBeCloseTo(reference.values[i], 12);
  });
});

/** Sec. 5 word by word, for six spectra: two are unfolded by four, and compared with 1 - exp(-pi s^2/4). */
function naiveSpacingDistance(spectra: readonly Float64Array[]): number {
  const pool = spectra.slice(2).flatMap((values) => [...values]);
  const unfold = (level: number) => pool.filter((other) => other < level).length / 4;
  const spacings = spectra
    .slice(0, 2)
    .flatMap((values) => [...values].slice(1).map((value, i) => unfold(value) - unfold(values[i])))
    .sort((a, b) => a - b);
  const below = (s: number) => spacings.filter((value) => value < s).length / spacings.length;
  const upTo = (s: number) => spacings.filter((value) => value <= s).length / spacings.length;
  const law = (s: number) => 1 - Math.exp((-Math.PI * s * s) / 4);
  return Math.max(...spacings.map((s) => Math.max(Math.abs(law(s) - below(s)), Math.abs(law(s) - upTo(s)))));
}

function naiveMeanRatio(spectra: readonly Float64Array[]): number {
  const ratios = spectra.flatMap((values) =>
    [...values].slice(2).map((value, i) => {
      const r = (value - values[i + 1]) / (values[i + 1] - values[i]);
      return Math.min(r, 1 / r);
    }),
  );
  return ratios.reduce((sum, r) => sum + r, 0) / ratios.length;
}

describe('Level statistics', () => {
  it('takes negative and positive levels apart: none are neighbours across zero', () => {
    const spectrum = levels(-4, -3, -1, 1, 2, 5);
    expect([...foldedRatiosBySign(spectrum)].map((r) => r.toFixed(6))).toEqual(['0.500000', '0.333333']);
    expect(foldedRatios(spectrum)).toHaveLength(4);
  });

  it('counts equal levels once', () => {
    expect([...foldedRatios(levels(0, 1, 1, 1, 3))]).toEqual([0.5]);
  });

  it('takes for resolved what is beyond 32 epsilon of the largest magnitude, of either sign', () => {
    const floor = 32 * 2 ** -52 * 4;
    const spectrum = levels(-4, -2 * floor, -floor, floor / 2, floor, 1.01 * floor, 2);
    expect([...resolvedLevels(spectrum)]).toEqual([-4, -2 * floor, 1.01 * floor, 2]);
  });

  it('counts ranks among the positive levels from zero upwards, every level once', () => {
    const spectrum = Float64Array.from({ length: 28 }, (_, i) => i - 4.5);
    const tenths = Array.from({ length: 10 }, (_, i) => rankRange(spectrum, i / 10, (i + 1) / 10));
    expect([...joined(tenths)]).toEqual([...spectrum.subarray(5)]);
    expect([...rankRange(spectrum, 0, 0.1)]).toEqual([0.5, 1.5]);
  });

  it('has no mean of fewer than twenty ratios', () => {
    const group = (count: number) => Float64Array.from({ length: count }, (_, i) => (i % 5) / 5);
    expect(meanRatio([group(10), group(9)])).toBeNull();
    expect(meanRatio([group(10), group(10)])!.mean).toBeCloseTo(0.4, 12);
  });

  it('knows the mean of independent levels, the integral of min(r, 1/r)/(1 + r)^2', () => {
    const n = 2000;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const r = (i + 0.5) / n;
      sum += (2 * r) / (1 + r) ** 2 / n;
    }
    expect(meanRatioOf.poisson).toBeCloseTo(sum, 6);
  });

  it('finds the distances of a spectrum on its law to be those of a law by ranks', () => {
    // Midpoint ranks of the truncated surmise are half a rank off it everywhere.
    const count = 50;
    const at = (p: number) => {
      let [low, high] = [0, 10];
      for (let i = 0; i < 60; i++) {
        const middle = (low + high) / 2;
        if (truncatedSurmise.cumulative(middle) < p) low = middle;
        else high = middle;
      }
      return (low + high) / 2;
    };
    const ranked = Float64Array.from({ length: count }, (_, i) => at((i + 0.5) / count));
    expect(kolmogorovSmirnov(ranked, truncatedSurmise)).toBeCloseTo(0.5 / count, 9);
  });
});
