import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  andersonDarling,
  distanceInterval,
  empiricalCumulative,
  kolmogorovSmirnov,
  kolmogorovSmirnovBetween,
  type Law,
  marchenkoPastur,
  poissonSpacing,
  wignerSurmise,
} from '../../src/index.js';
import { drawBlocks, drawParts } from '../../src/spectra/resampling.js';
import { integral } from '../oracles.js';
import { correlatedGroups } from './correlated-groups.js';

const pooled = (groups: readonly Float64Array[]) => Float64Array.from(groups.flatMap((group) => [...group])).sort();
const distances = ['Kolmogorov-Smirnov', 'Anderson-Darling'] as const;
const law = poissonSpacing();

/** The root of int (F* - F)^2 dG/(G (1 - G)), by quadrature between the values. */
function weightedBetween(one: Float64Array, other: Float64Array, { cumulative, density }: Law): number {
  const [f, g] = [empiricalCumulative(one), empiricalCumulative(other)];
  const ends = [...new Set([...one, ...other])].sort((a, b) => a - b);
  let sum = 0;
  for (let i = 1; i < ends.length; i++) {
    const middle = (ends[i - 1] + ends[i]) / 2;
    const weight = (s: number) => density(s) / (cumulative(s) * (1 - cumulative(s)));
    sum += (f(middle) - g(middle)) ** 2 * integral(weight, ends[i - 1], ends[i], 1 / 16);
  }
  return Math.sqrt(sum);
}

describe('distanceInterval', () => {
  it('reaches as far as 95 % of the resamples lie from the sample, as a naive transcription measures it', () => {
    const groups = correlatedGroups(8, 6, 0.3, randomStream(1, 'groups'));
    const values = pooled(groups);
    const between = {
      'Kolmogorov-Smirnov': kolmogorovSmirnovBetween,
      'Anderson-Darling': (one: Float64Array, other: Float64Array) => weightedBetween(one, other, law),
    };
    const value = {
      'Kolmogorov-Smirnov': kolmogorovSmirnov(values, law),
      'Anderson-Darling': Math.sqrt(andersonDarling(values, law) / values.length),
    };
    for (const distance of distances) {
      const estimate = distanceInterval({ groups, law, distance, resamples: 40 }, randomStream(1, 'same'));
      const random = randomStream(1, 'same');
      const resampled = Array.from({ length: 40 }, () => {
        const drawn = Array.from(drawParts(8, random), (g) => groups[g]);
        return between[distance](pooled(drawn), values);
      }).sort((a, b) => a - b);
      const reach = Math.sqrt(8 / 7) * resampled[37];
      expect(Math.abs(estimate.sampling95 - reach)).toBeLessThan(1e-10);
      expect(estimate.value).toBe(value[distance]);
      expect(estimate.interval95).toEqual([
        Math.max(0, estimate.value - estimate.sampling95),
        estimate.value + estimate.sampling95,
      ]);
    }
  });

  it('does the same by blocks for a single spectrum, whose values may be equal', () => {
    const [group] = correlatedGroups(1, 60, 0, randomStream(2, 'one'));
    const coarse = group.map((x) => Math.ceil(4 * x) / 4);
    const parameters = {
      groups: [coarse],
      law,
      distance: 'Kolmogorov-Smirnov',
      resamples: 20,
      blockLength: 10,
    } as const;
    const { sampling95 } = distanceInterval(parameters, randomStream(2, 'same'));
    const random = randomStream(2, 'same');
    const resampled = Array.from({ length: 20 }, () => {
      const starts = drawBlocks(60, { blocks: 6, blockLength: 10 }, random);
      const drawn = Array.from(starts, (start) => coarse.subarray(start, start + 10));
      return kolmogorovSmirnovBetween(pooled(drawn), pooled([coarse]));
    }).sort((a, b) => a - b);
    expect(sampling95).toBeCloseTo(Math.sqrt(6 / 5) * resampled[18], 12);
  });

  it.each(distances)(
    'holds 0 in about 95 of 100 cases where the law holds, and not for a law that is far: %s',
    (distance) => {
      const draws = 200;
      let hits = 0;
      for (let draw = 0; draw < draws; draw++) {
        const groups = correlatedGroups(15, 20, 0.2, randomStream(draw, 'coverage'));
        const { interval95 } = distanceInterval(
          { groups, law, distance, resamples: 200 },
          randomStream(draw, 'resamples'),
        );
        if (interval95[0] === 0) hits++;
      }
      expect(hits / draws).toBeGreaterThan(0.95 - 5 * Math.sqrt((0.95 * 0.05) / draws));
      // The same sample is far from Wigner's surmise, and the interval says so.
      const groups = correlatedGroups(15, 20, 0.2, randomStream(0, 'coverage'));
      const other = distanceInterval({ groups, law: wignerSurmise({ beta: 1 }), distance }, randomStream(0, 'other'));
      expect(other.interval95[0]).toBeGreaterThan(0);
    },
  );

  it('holds the distance of the laws where they differ', () => {
    const wigner = wignerSurmise({ beta: 1 });
    let truth = 0;
    for (let s = 0; s < 6; s += 1e-4) truth = Math.max(truth, Math.abs(law.cumulative(s) - wigner.cumulative(s)));
    const draws = 100;
    let hits = 0;
    for (let draw = 0; draw < draws; draw++) {
      const groups = correlatedGroups(15, 20, 0.2, randomStream(draw, 'apart'));
      const { interval95 } = distanceInterval(
        { groups, law: wigner, distance: 'Kolmogorov-Smirnov', resamples: 200 },
        randomStream(draw, 'resamples'),
      );
      if (interval95[0] <= truth && truth <= interval95[1]) hits++;
    }
    expect(hits / draws).toBeGreaterThan(0.95 - 5 * Math.sqrt((0.95 * 0.05) / draws));
  });

  it('refuses values at the ends of the law and laws with atoms, for the distance that cannot take them', () => {
    const groups = [Float64Array.of(0, 1, 2), Float64Array.of(1, 2)];
    const random = randomStream(3, 'refused');
    expect(() => distanceInterval({ groups, law, distance: 'Anderson-Darling' }, random)).toThrow(
      'must lie inside of "Poisson spacing", found one at its end',
    );
    expect(distanceInterval({ groups, law, distance: 'Kolmogorov-Smirnov' }, random).value).toBeGreaterThan(0);
    const atoms = marchenkoPastur({ ratio: 2 });
    expect(() => distanceInterval({ groups, law: atoms, distance: 'Anderson-Darling' }, random)).toThrow('atoms');
    expect(() => distanceInterval({ groups: [], law, distance: 'Kolmogorov-Smirnov' }, random)).toThrow('found none');
  });
});
