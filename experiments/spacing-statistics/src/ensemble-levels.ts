import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import { defineUnitKind, flopsOf, type UnitResult } from '@hessian-rmt/replication';
import { betaHermiteEigenvalues, betaLaguerreEigenvalues, gaussianOrthogonal, poissonLevels } from '@hessian-rmt/rmt';

/**
 * `goe matrices` are drawn in full, `goe` by their tridiagonal model; `wishart` is X X^T/N with N twice the size, a real
 * matrix whose density is no semicircle; `poisson` is independent levels.
 */
export type Ensemble = 'goe matrices' | 'goe' | 'gue' | 'wishart' | 'poisson';

/** M/N of the Wishart matrices, our choice: the density is skew and has two soft edges. */
export const wishartRatio = 1 / 2;

export type EnsembleLevelsConfig = {
  readonly ensemble: Ensemble;
  /** Levels of a spectrum. */
  readonly size: number;
  readonly draws: number;
};

/** Spectra of a known ensemble: draws x size, each draw ascending. Gaussian ones have variance 1, edges at -2 and 2. */
export const ensembleLevels = defineUnitKind<EnsembleLevelsConfig>({
  name: 'ensemble-levels',
  module: import.meta.url,

  async run({ ensemble, size, draws }, { random, linearAlgebra, progress }) {
    const levels = new Float64Array(draws * size);
    // Other sizes are other draws.
    const own = random.stream(`${ensemble}, ${size} levels`);
    for (let draw = 0; draw < draws; draw++) {
      if (draw % 100 === 0) progress(draw / draws, `spectrum ${draw + 1} of ${draws}`);
      levels.set(await drawLevels(ensemble, size, own.stream(`spectrum ${draw}`), linearAlgebra), draw * size);
    }
    return { numbers: {}, arrays: { levels: { shape: [draws, size], data: levels } } };
  },

  cost({ ensemble, size, draws }) {
    // 40 ns for a level and a row of the tridiagonal matrix, 30 us for a stream, a call and a job.
    const flops = ensemble === 'goe matrices' ? draws * flopsOf.eigenvalues(size) : 0;
    return { flops, seconds: draws * (4e-8 * size ** 2 + 3e-5), memory: 8 * (draws * size + size ** 2) };
  },
});

/** One spectrum, ascending. */
export async function drawLevels(
  ensemble: Ensemble,
  size: number,
  random: RandomStream,
  linearAlgebra: LinearAlgebra,
): Promise<Float64Array> {
  switch (ensemble) {
    case 'goe matrices':
      return linearAlgebra.symmetricEigenvalues(gaussianOrthogonal(size, random), size, { overwrite: true });
    case 'goe':
      return betaHermiteEigenvalues({ size, beta: 1 }, random, linearAlgebra);
    case 'gue':
      return betaHermiteEigenvalues({ size, beta: 2 }, random, linearAlgebra);
    case 'wishart':
      return betaLaguerreEigenvalues({ dimension: size, samples: size / wishartRatio, beta: 1 }, random, linearAlgebra);
    case 'poisson':
      return poissonLevels(size, random);
  }
}

/** The spectra of such a unit. */
export function ensembleSpectra({ arrays: { levels } }: UnitResult): Float64Array[] {
  const [draws, size] = levels.shape;
  const all = levels.data as Float64Array;
  return Array.from({ length: draws }, (_, i) => all.subarray(i * size, (i + 1) * size));
}
