import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import { defineUnitKind } from '@hessian-rmt/replication';
import { betaHermiteEigenvalues, wishartEigenvalues } from '@hessian-rmt/rmt';

/**
 * Spectra of the quadratic, all positive: `wishart`, Marchenko-Pastur of ratio 1/2, from 0.09 to 2.9; `goe`, a semicircle
 * from 0.25 to 2.25; `outliers`, the first with one eigenvalue in twenty moved to 3 to 6.
 */
export type QuadraticSpectrum = 'wishart' | 'goe' | 'outliers';

export type QuadraticDescentConfig = {
  readonly spectrum: QuadraticSpectrum;
  /** P. */
  readonly parameters: number;
  /** a. */
  readonly rate: number;
  /** sigma^2 / B. */
  readonly variance: number;
  /** Every component of w_0 in the basis of the eigenvectors. */
  readonly start: number;
  /** Steps at which norms are taken, ascending. */
  readonly steps: readonly number[];
  readonly runs: number;
};

/**
 * SGD on a quadratic loss with independent normal noise of one variance in every gradient, the setting of theorem 8.1:
 * norms of the last iterate and of the average of all (runs x steps each), and the eigenvalues (parameters). In the
 * basis of the eigenvectors the Hessian is diagonal, and the noise has the same law in any basis.
 */
export const quadraticDescent = defineUnitKind<QuadraticDescentConfig>({
  name: 'quadratic-descent',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { parameters, rate, variance, start, steps, runs } = config;
    const drawn = random.stream(config.spectrum);
    const curvatures = await curvaturesOf(config, drawn.stream('spectrum'), linearAlgebra);
    const deviation = rate * Math.sqrt(variance);
    const last = new Float64Array(runs * steps.length);
    const average = new Float64Array(runs * steps.length);
    for (let run = 0; run < runs; run++) {
      progress(run / runs, `run ${run + 1} of ${runs}`);
      const noise = drawn.stream(`noise ${run}`);
      const point = new Float64Array(parameters).fill(start);
      const sum = new Float64Array(parameters);
      let step = 0;
      for (const [checkpoint, until] of steps.entries()) {
        for (; step < until; step++) {
          for (let i = 0; i < parameters; i++) {
            point[i] += deviation * noise.normal() - rate * curvatures[i] * point[i];
            sum[i] += point[i];
          }
        }
        last[run * steps.length + checkpoint] = norm(point);
        average[run * steps.length + checkpoint] = norm(sum) / until;
      }
    }
    const shape = [runs, steps.length];
    return {
      numbers: {},
      arrays: {
        curvatures: { shape: [parameters], data: curvatures },
        last: { shape, data: last },
        average: { shape, data: average },
      },
    };
  },

  cost({ parameters, steps, runs }) {
    // 30 ns a normal number.
    return { flops: 0, seconds: runs * steps[steps.length - 1] * parameters * 3e-8 };
  },
});

async function curvaturesOf(
  { spectrum, parameters }: QuadraticDescentConfig,
  random: RandomStream,
  linearAlgebra: LinearAlgebra,
): Promise<Float64Array> {
  if (spectrum === 'goe') {
    const values = await betaHermiteEigenvalues({ size: parameters, beta: 1, variance: 0.25 }, random, linearAlgebra);
    return values.map((value) => value + 1.25);
  }
  const values = await wishartEigenvalues({ dimension: parameters, samples: 2 * parameters }, random, linearAlgebra);
  if (spectrum === 'wishart') return values;
  const outliers = Math.ceil(parameters / 20);
  // Evenly over 3 to 6, in the place of the largest.
  return values.map((value, i) =>
    i < parameters - outliers ? value : 3 + (3 * (i - parameters + outliers + 1)) / outliers,
  );
}

function norm(vector: Float64Array): number {
  let squares = 0;
  for (const x of vector) squares += x * x;
  return Math.sqrt(squares);
}
