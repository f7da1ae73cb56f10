import { type LinearAlgebra, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  betaHermiteEigenvalues,
  foldedSpacingRatios,
  goeReference,
  kolmogorovSmirnov,
  levelReference,
  meanWithStandardError,
  poissonLevels,
  pooledUnfolding,
  spacings,
  wignerSurmise,
} from '../../src/index.js';
import { summary } from '../sampling.js';

let algebra: LinearAlgebra;
beforeAll(async () => {
  algebra = await linearAlgebra({ threads: 1 });
});

const meanRatio = (spectra: readonly Float64Array[]) => ({
  ratio: meanWithStandardError(spectra.map(foldedSpacingRatios)).mean,
});

/** The first third of the spectra, unfolded by the others, against Wigner's surmise: as Baskerville et al. do it. */
function unfoldedDistance(spectra: readonly Float64Array[]): number {
  const analysed = spectra.length / 3;
  const { unfold } = pooledUnfolding(spectra.slice(analysed));
  const all = spectra.slice(0, analysed).flatMap((levels) => [...spacings(unfold(levels))]);
  return kolmogorovSmirnov(Float64Array.from(all).sort(), wignerSurmise({ beta: 1 }));
}

describe('levelReference', () => {
  it('gives every spectrum its size and every draw its stream, and sums the values up', async () => {
    const seen: number[][] = [];
    const parameters = {
      sizes: [3, 1, 2],
      levels: (size: number, random: ReturnType<typeof randomStream>) => poissonLevels(size, random),
      through: (spectra: readonly Float64Array[]) => {
        seen.push(spectra.map(({ length }) => length));
        return { first: spectra[0][0], last: spectra[2][1] };
      },
    };
    const short = await levelReference({ ...parameters, draws: 4 }, randomStream(1, 'draws'));
    expect(seen).toEqual([
      [3, 1, 2],
      [3, 1, 2],
      [3, 1, 2],
      [3, 1, 2],
    ]);
    const { values, mean, standardDeviation, standardError, quantile } = short.first;
    const check = summary(values);
    expect([mean, standardDeviation]).toEqual([expect.closeTo(check.mean, 14), expect.closeTo(check.deviation, 14)]);
    expect(standardError).toBeCloseTo(standardDeviation / 2, 14);
    expect([0, 1 / 3, 0.5, 1].map(quantile)).toEqual([values[0], values[1], (values[1] + values[2]) / 2, values[3]]);
    expect(() => quantile(1.5)).toThrow('between 0 and 1, found 1.5');
    // More draws contain the same ones; the spectra of a draw are not one another's.
    const long = await levelReference({ ...parameters, draws: 9 }, randomStream(1, 'draws'));
    expect([...long.last.values]).toEqual(expect.arrayContaining([...short.last.values]));
    expect(new Set([...long.first.values, ...long.last.values]).size).toBe(18);
  });

  it('has the mean ratio of each ensemble at its centre', async () => {
    const middle = (spectra: readonly Float64Array[]) => meanRatio(spectra.map((levels) => levels.subarray(20, 100)));
    const unitary = (size: number, random: ReturnType<typeof randomStream>) =>
      betaHermiteEigenvalues({ size, beta: 2 }, random, algebra);
    const parameters = { sizes: [120, 120, 120], draws: 300, through: middle };
    const of = {
      orthogonal: await goeReference(parameters, randomStream(2, 'orthogonal'), algebra),
      unitary: await levelReference({ ...parameters, levels: unitary }, randomStream(2, 'unitary')),
      poisson: await levelReference({ ...parameters, levels: poissonLevels }, randomStream(2, 'poisson')),
    };
    // Atas et al. 2013, table I, to a unit of the last digit printed; exact for the last.
    const known = { orthogonal: 0.5307, unitary: 0.5996, poisson: 2 * Math.LN2 - 1 };
    for (const [name, { ratio }] of Object.entries(of)) {
      expect(Math.abs(ratio.mean - known[name as keyof typeof known])).toBeLessThan(5 * ratio.standardError + 1e-4);
    }
  });

  it('accounts for the distance that a small pool leaves between orthogonal spectra and the surmise', async () => {
    // The prototype's single values, at pools of 6, 12 and 24 spectra; each must be a plausible draw of ours.
    const prototype = { 6: 0.097, 12: 0.059, 24: 0.035 };
    let last = Number.POSITIVE_INFINITY;
    for (const [pool, distance] of Object.entries(prototype)) {
      const sizes = Array<number>(1.5 * Number(pool)).fill(200);
      const through = (spectra: readonly Float64Array[]) => ({ distance: unfoldedDistance(spectra) });
      const reference = await goeReference({ sizes, draws: 25, through }, randomStream(3, pool), algebra);
      const { mean, standardDeviation, standardError } = reference.distance;
      expect(Math.abs(distance - mean), `pool of ${pool}`).toBeLessThan(4 * standardDeviation);
      expect(mean + 4 * standardError).toBeLessThan(last);
      last = mean - 4 * standardError;
    }
  });

  it('refuses sizes and numbers of draws that mean nothing, and statistics that are no numbers', async () => {
    const good = { sizes: [5, 5], draws: 2, through: meanRatio };
    const refuses = (change: Partial<typeof good>, message: string) =>
      expect(goeReference({ ...good, ...change }, randomStream(1), algebra)).rejects.toThrow(message);
    await refuses({ sizes: [] }, 'the size of at least one spectrum, found none');
    await refuses({ sizes: [5, 0] }, 'the size of a reference spectrum must be an integer of at least 1, found 0');
    await refuses({ draws: 1 }, 'the number of draws of a reference must be an integer of at least 2, found 1');
    await refuses(
      { through: () => ({ ratio: Number.NaN }) },
      'the statistic ratio of a reference must be finite, found NaN in draw 0',
    );
  });
});
