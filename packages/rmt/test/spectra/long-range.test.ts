import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  betaHermiteEigenvalues,
  type LevelEnsemble,
  lawUnfolding,
  numberVariance,
  numberVarianceOf,
  poissonSpacing,
  semicircle,
  spectralRigidity,
  spectralRigidityOf,
} from '../../src/index.js';
import { integral } from '../oracles.js';

const algebra = await linearAlgebra({ threads: 1 });
const ensembles: readonly LevelEnsemble[] = ['goe', 'gue', 'poisson'];

/** Independent unfolded spectra. Of the Gaussian ensembles the middle half, where the density changes least. */
async function unfolded(ensemble: LevelEnsemble, spectra: number, size: number): Promise<Float64Array[]> {
  const unfolding = lawUnfolding(semicircle({ variance: 1 }), 2 * size);
  const result: Float64Array[] = [];
  for (let i = 0; i < spectra; i++) {
    const random = randomStream(i, 'levels', ensemble);
    if (ensemble === 'poisson') {
      let at = 0;
      result.push(
        poissonSpacing()
          .sample(size, random)
          .map((s) => (at += s)),
      );
    } else {
      const values = await betaHermiteEigenvalues(
        { size: 2 * size, beta: ensemble === 'goe' ? 1 : 2 },
        random,
        algebra,
      );
      result.push(unfolding.unfold(values).slice(size / 2, (3 * size) / 2));
    }
  }
  return result;
}

/** Integral of an oscillating function, by pieces of length 1. */
function longIntegral(f: (x: number) => number, a: number, b: number): number {
  const pieces = Math.ceil(b - a);
  let sum = 0;
  for (let i = 0; i < pieces; i++) {
    sum += integral(f, a + ((b - a) * i) / pieces, a + ((b - a) * (i + 1)) / pieces, 1 / 32);
  }
  return sum;
}

/** Dyson's two-level cluster function Y_2, for independent levels 0 (Mehta 2004, sec. 6.4 and 7.6). */
function clusterFunction(ensemble: LevelEnsemble): (r: number) => number {
  if (ensemble === 'poisson') return () => 0;
  const s = (r: number) => Math.sin(Math.PI * r) / (Math.PI * r);
  if (ensemble === 'gue') return (r) => s(r) ** 2;
  return (r) => {
    const slope = (Math.cos(Math.PI * r) - s(r)) / r;
    return s(r) ** 2 + (0.5 - longIntegral(s, 0, r)) * slope;
  };
}

describe.each(ensembles)('the laws of %s', (ensemble) => {
  const variance = numberVarianceOf({ ensemble });
  const rigidity = spectralRigidityOf({ ensemble });
  const cluster = clusterFunction(ensemble);

  it('are L - 2 int (L - r) Y_2 dr, and the double integral of Y_2 that Dyson and Mehta give', () => {
    for (const L of [0.1, 0.7, 2.5, 8]) {
      const expected = L - 2 * longIntegral((r) => (L - r) * cluster(r), 0, L);
      expect(Math.abs(variance(L) - expected)).toBeLessThan(1e-11);
      const kernel = (r: number) => (L - r) ** 3 * (2 * L * L - 9 * L * r - 3 * r * r) * cluster(r);
      expect(Math.abs(rigidity(L) - (L / 15 - longIntegral(kernel, 0, L) / (15 * L ** 4)))).toBeLessThan(1e-11);
    }
  });

  it('begin at 0 as those of independent levels', () => {
    expect(variance(0)).toBe(0);
    expect(rigidity(0)).toBe(0);
    expect(variance(1e-6) / 1e-6).toBeCloseTo(1, 5);
    expect(rigidity(1e-6) / (1e-6 / 15)).toBeCloseTo(1, 5);
  });
});

describe('the laws at large L', () => {
  it('tend to their logarithms', () => {
    const euler = 0.5772156649015329;
    for (const L of [300, 3000]) {
      const log = Math.log(2 * Math.PI * L) + euler;
      const asymptotic = {
        goe: [(2 / Math.PI ** 2) * (log + 1 - Math.PI ** 2 / 8), (log - 5 / 4 - Math.PI ** 2 / 8) / Math.PI ** 2],
        gue: [(log + 1) / Math.PI ** 2, (log - 5 / 4) / (2 * Math.PI ** 2)],
      };
      for (const ensemble of ['goe', 'gue'] as const) {
        const [variance, rigidity] = asymptotic[ensemble];
        expect(Math.abs(numberVarianceOf({ ensemble })(L) - variance)).toBeLessThan(1 / L);
        expect(Math.abs(spectralRigidityOf({ ensemble })(L) - rigidity)).toBeLessThan(1 / L);
      }
    }
  });

  it('are not known for other ensembles', () => {
    const ensemble = 'gse' as LevelEnsemble;
    expect(() => numberVarianceOf({ ensemble })).toThrow('must be goe, gue or poisson, found gse');
    expect(() => spectralRigidityOf({ ensemble })).toThrow(RangeError);
  });
});

describe.each(ensembles)('numberVariance and spectralRigidity of %s spectra', (ensemble) => {
  it('are those of the law, within five standard errors', async () => {
    const parameters = { spectra: await unfolded(ensemble, 40, 200), lengths: [0.3, 1, 2.5, 8, 20] };
    const random = randomStream(1, 'bands');
    const variance = numberVarianceOf({ ensemble });
    for (const { length, value, standardError, interval95 } of numberVariance(parameters, random)) {
      expect(Math.abs(value - variance(length)), `number variance at ${length}`).toBeLessThan(5 * standardError);
      expect(interval95[0]).toBeLessThan(value);
      expect(interval95[1]).toBeGreaterThan(value);
    }
    const rigidity = spectralRigidityOf({ ensemble });
    for (const { length, value, standardError } of spectralRigidity(parameters, random)) {
      expect(Math.abs(value - rigidity(length)), `rigidity at ${length}`).toBeLessThan(5 * standardError);
    }
  });

  it('are so for one long spectrum too, by moving blocks', async () => {
    const parameters = { spectra: await unfolded(ensemble, 1, 1500), lengths: [1, 5] };
    const random = randomStream(2, 'bands');
    for (const { length, value, standardError } of numberVariance(parameters, random)) {
      expect(Math.abs(value - numberVarianceOf({ ensemble })(length))).toBeLessThan(5 * standardError);
    }
    for (const { length, value, standardError } of spectralRigidity(parameters, random)) {
      expect(Math.abs(value - spectralRigidityOf({ ensemble })(length))).toBeLessThan(5 * standardError);
    }
  });
});

/** The least squares fit of A e + B to the staircase in [start, start + length], its integrals by quadrature between levels. */
function rigidityByLeastSquares(levels: Float64Array, start: number, length: number): number {
  const inside = levels.filter((level) => level > start && level < start + length);
  const ends = [start, ...inside, start + length];
  const mean = (f: (e: number, n: number) => number) => {
    let sum = 0;
    for (let n = 0; n + 1 < ends.length; n++) sum += integral((e) => f(e, n), ends[n], ends[n + 1], 1 / 16);
    return sum / length;
  };
  const [e1, e2, n1, ne] = [mean((e) => e), mean((e) => e * e), mean((_, n) => n), mean((e, n) => n * e)];
  const slope = (ne - n1 * e1) / (e2 - e1 * e1);
  return mean((e, n) => (n - n1 - slope * (e - e1)) ** 2);
}

describe('the windows', () => {
  const levels = Float64Array.of(0, 0.4, 2.1, 2.2, 3.9, 4.4, 5.5, 6.1, 8.0, 9.3, 10.1, 10.2, 12);
  const random = randomStream(3, 'windows');
  const length = 3;
  // Step length/8 = 0.375 into the room of 9: 24 windows, the first half a step inside.
  const starts = Array.from({ length: 24 }, (_, i) => 0.375 * (i + 0.5));
  const spectra = [levels];

  it('are counted as a naive transcription counts them', () => {
    const naive = starts.map(
      (start) => (levels.filter((level) => level >= start && level < start + length).length - length) ** 2,
    );
    const [{ value }] = numberVariance({ spectra, lengths: [length] }, random);
    expect(value).toBeCloseTo(naive.reduce((sum, x) => sum + x, 0) / 24, 12);
  });

  it('have the closed form of the best straight line, as least squares by quadrature find it', () => {
    const naive = starts.map((start) => rigidityByLeastSquares(levels, start, length));
    const [{ value }] = spectralRigidity({ spectra, lengths: [length] }, random);
    expect(value).toBeCloseTo(naive.reduce((sum, x) => sum + x, 0) / 24, 12);
  });

  it('count by their number when spectra are of different lengths', () => {
    const other = levels.map((level) => 1.5 * level);
    const alone = [levels, other].map((one) => numberVariance({ spectra: [one], lengths: [length] }, random)[0].value);
    const [{ value }] = numberVariance({ spectra: [levels, other], lengths: [length] }, random);
    // 24 windows, and 15/0.375 = 40 of the longer one.
    expect(value).toBeCloseTo((24 * alone[0] + 40 * alone[1]) / 64, 12);
  });

  it('see a picket fence as rigid: Delta_3 = 1/12 for whole lengths', () => {
    const fence = Float64Array.from({ length: 100 }, (_, i) => i);
    for (const { value } of spectralRigidity({ spectra: [fence], lengths: [5, 20] }, random)) {
      expect(Math.abs(value - 1 / 12)).toBeLessThan(0.003);
    }
    expect(numberVariance({ spectra: [fence], lengths: [5, 20] }, random).map(({ value }) => value)).toEqual([0, 0]);
  });

  it('give the same bands from the same stream, whatever other lengths are asked', () => {
    const [one] = numberVariance({ spectra, lengths: [2] }, randomStream(1, 'same'));
    const [, two] = numberVariance({ spectra, lengths: [1, 2] }, randomStream(1, 'same'));
    expect(two).toEqual(one);
  });

  it('refuse spectra that are not unfolded, and lengths too near to that of the spectrum', () => {
    expect(() => numberVariance({ spectra: [], lengths: [1] }, random)).toThrow('at least one spectrum, found none');
    const raw = levels.map((level) => level / 100);
    expect(() => spectralRigidity({ spectra: [raw], lengths: [1] }, random)).toThrow(
      'the levels of the spectral rigidity must be unfolded to a mean spacing of 1, found 0.01',
    );
    expect(() => numberVariance({ spectra, lengths: [4] }, random)).toThrow(
      'must be at most a quarter of the shortest spectrum, 12 / 4, found 4',
    );
    expect(() => numberVariance({ spectra, lengths: [0] }, random)).toThrow('must be positive and finite, found 0');
  });
});

describe('the bands', () => {
  it('hold the law in about 95 of 100 cases, of ten spectra and of one', () => {
    const draws = 200;
    const poisson = (size: number, seed: number) => {
      let at = 0;
      return poissonSpacing()
        .sample(size, randomStream(seed, 'coverage'))
        .map((s) => (at += s));
    };
    let [ten, one] = [0, 0];
    for (let draw = 0; draw < draws; draw++) {
      const random = randomStream(draw, 'resamples');
      const spectra = Array.from({ length: 10 }, (_, i) => poisson(60, 100 * draw + i));
      const holds = ([low, high]: readonly [number, number]) => (low <= 3 && 3 <= high ? 1 : 0);
      ten += holds(numberVariance({ spectra, lengths: [3], resamples: 200 }, random)[0].interval95);
      const single = [poisson(600, 100 * draw + 50)];
      one += holds(numberVariance({ spectra: single, lengths: [3], resamples: 200 }, random)[0].interval95);
    }
    // Five deviations of a count of 200.
    expect(ten / draws).toBeGreaterThan(0.95 - 5 * Math.sqrt((0.95 * 0.05) / draws));
    expect(one / draws).toBeGreaterThan(0.95 - 5 * Math.sqrt((0.95 * 0.05) / draws));
  });
});
