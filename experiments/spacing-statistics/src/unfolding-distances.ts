import { defineUnitKind } from '@hessian-rmt/replication';
import {
  gaussianBroadening,
  gaussianOrthogonalUnfolding,
  kolmogorovSmirnov,
  lawUnfolding,
  marchenkoPastur,
  polynomialUnfolding,
  pooledUnfolding,
  smoothingSplineUnfolding,
  spacings,
  type Unfolding,
  wignerSurmise,
} from '@hessian-rmt/rmt';
import { agreement, joined } from './authors-procedure.js';
import { drawLevels, wishartRatio } from './ensemble-levels.js';
import { mean } from './mean-and-deviation.js';

export type UnfoldingDistancesConfig = {
  readonly ensemble: 'goe' | 'wishart';
  /** Levels of a spectrum. */
  readonly size: number;
  /** Spectra analysed. */
  readonly analysed: number;
  /** Numbers of further spectra that pools are made of, ascending. */
  readonly pools: readonly number[];
  /** How often all of these are drawn. */
  readonly draws: number;
};

/** The last three unfold each spectrum by itself. */
export const ownUnfoldings = ['polynomial', 'spline', 'broadening'] as const;

/**
 * Degree and degrees of freedom, our choice: enough for a density of two edges, and waves of twenty levels and more at 200.
 * A width of four spacings, which must be well over one and far below all (Gomez et al. 2002).
 */
const unfoldingOf: Readonly<Record<(typeof ownUnfoldings)[number], (levels: Float64Array) => Unfolding>> = {
  polynomial: (levels) => polynomialUnfolding(levels, { degree: 7 }),
  spline: (levels) => smoothingSplineUnfolding(levels, { degreesOfFreedom: 10 }),
  broadening: (levels) => gaussianBroadening(levels, { width: 4 }),
};

/** Share of the levels left out at either end, our choice: a spectrum's own smooth staircase is worst there. */
export const leftOut = 0.1;

/**
 * Distances of unfolded spacings from Wigner's surmise for levels of a known ensemble, by ways to unfold; one number a draw. The
 * spectra that are analysed are the same for every way.
 */
export const unfoldingDistances = defineUnitKind<UnfoldingDistancesConfig>({
  name: 'unfolding-distances',
  module: import.meta.url,

  async run({ ensemble, size, analysed, pools, draws }, { random, linearAlgebra, progress }) {
    const law = wignerSurmise({ beta: 1 });
    const exact =
      ensemble === 'goe'
        ? gaussianOrthogonalUnfolding({ size })
        : lawUnfolding(marchenkoPastur({ ratio: wishartRatio }), size);
    const largest = pools[pools.length - 1];
    const measured: Record<string, number>[] = [];
    for (let draw = 0; draw < draws; draw++) {
      progress(draw / draws, `draw ${draw + 1} of ${draws}`);
      const own = random.stream(`${ensemble}, ${size} levels`).stream(`draw ${draw}`);
      const spectra = await Promise.all(
        Array.from({ length: analysed + largest }, (_, i) =>
          drawLevels(ensemble, size, own.stream(`spectrum ${i}`), linearAlgebra),
        ),
      );
      const [kept, pool] = [spectra.slice(0, analysed), spectra.slice(analysed)];
      const [from, to] = [Math.round(leftOut * size), Math.round((1 - leftOut) * size)];
      const central = (by: (levels: Float64Array) => Unfolding) =>
        kept.map((levels) => spacings(by(levels).unfold(levels.slice(from, to))));
      const distance = (by: (levels: Float64Array) => Unfolding) => kolmogorovSmirnov(joined(central(by)).sort(), law);
      const poolOf = (count: number) => pooledUnfolding(pool.slice(0, count));
      const whole = poolOf(largest);
      measured.push({
        law: distance(() => exact),
        ...Object.fromEntries(pools.map((count) => [`pool-${count}`, distance(() => poolOf(count))])),
        ...Object.fromEntries(ownUnfoldings.map((name) => [name, distance(unfoldingOf[name])])),
        ratios: agreement(spectra).ratioDistance,
        'mean-spacing': mean([...joined(kept.map((levels) => spacings(whole.unfold(levels))))]),
        'neighbour-correlation': neighbourCorrelation(central(() => exact)),
      });
    }
    return {
      numbers: {},
      arrays: Object.fromEntries(
        Object.keys(measured[0]).map((name) => [
          name,
          { shape: [draws], data: Float64Array.from(measured, (numbers) => numbers[name]) },
        ]),
      ),
    };
  },

  cost({ size, analysed, pools, draws }) {
    const spectra = analysed + pools[pools.length - 1];
    // Splines and broadenings of those analysed: 100 us a level.
    return { flops: 0, seconds: draws * (spectra * (4e-8 * size ** 2 + 3e-5) + analysed * size * 1e-4) };
  },
});

/** Correlation of a spacing and the next one, over all spectra. */
export function neighbourCorrelation(groups: readonly Float64Array[]): number {
  const average = mean([...joined(groups)]);
  let [products, squares] = [0, 0];
  let [pairs, values] = [0, 0];
  for (const group of groups) {
    group.forEach((s, i) => {
      squares += (s - average) ** 2;
      values++;
      if (i === 0) return;
      products += (s - average) * (group[i - 1] - average);
      pairs++;
    });
  }
  return products / pairs / (squares / values);
}
