import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { gaussianOrthogonal, kolmogorovSmirnov, semicircle } from '@hessian-rmt/rmt';
import { extremesOf } from './symmetric.js';

/** GOE, or independent elements of Student's law with five degrees of freedom: fourth moments are finite, fifth are not. */
export const ensembles = ['goe', 'student-5'] as const;
export type Ensemble = (typeof ensembles)[number];

export type SpikedNoiseConfig = {
  readonly ensemble: Ensemble;
  /** P. */
  readonly size: number;
  /** P times the variance of an element: q sigma^2 of Theorem 1. */
  readonly variance: number;
  /** Eigenvalues of H_true that are not zero, in random directions. */
  readonly spikes: readonly number[];
  readonly draws: number;
  /** Eigenvalues kept at either end. */
  readonly keep: number;
};

/**
 * H_true of finite rank plus noise (Lemma 3, Theorem 1): extremes, draws x 2 `keep`, ascending, and the
 * Kolmogorov-Smirnov distance of each whole spectrum from the semicircle.
 */
export const spikedNoise = defineUnitKind<SpikedNoiseConfig>({
  name: 'spiked-noise',
  module: import.meta.url,

  async run({ ensemble, size, variance, spikes, draws, keep }, { random, linearAlgebra, progress }) {
    const extremes = new Float64Array(draws * 2 * keep);
    const distances = new Float64Array(draws);
    const law = semicircle({ variance });
    const named = random.stream(`${ensemble} of size ${size}, variance ${variance}, spikes ${spikes.join(' ')}`);
    for (let draw = 0; draw < draws; draw++) {
      progress(draw / draws, `matrix ${draw + 1} of ${draws}`);
      const own = named.stream(`draw-${draw}`);
      const matrix =
        ensemble === 'goe'
          ? gaussianOrthogonal(size, own.stream('noise'), { variance })
          : studentWigner(size, variance, own.stream('noise'));
      await addSpikes(matrix, size, spikes, own.stream('directions'), linearAlgebra);
      const values = await linearAlgebra.symmetricEigenvalues(matrix, size, { overwrite: true });
      extremes.set(extremesOf(values, keep), draw * 2 * keep);
      distances[draw] = kolmogorovSmirnov(values, law);
    }
    return {
      numbers: {},
      arrays: {
        extremes: { shape: [draws, 2 * keep], data: extremes },
        distances: { shape: [draws], data: distances },
      },
    };
  },

  cost({ ensemble, size, spikes, draws }) {
    return {
      flops: draws * (flopsOf.eigenvalues(size) + flopsOf.product(size, size, spikes.length)),
      // 30 ns a normal number; Student's law takes six of them.
      seconds: draws * size * size * (ensemble === 'goe' ? 1.5e-8 : 9e-8),
      memory: 2 * 8 * size * size,
    };
  },
});

/** Symmetric, independent elements of variance `variance`/n of Student's law with five degrees of freedom. */
export function studentWigner(n: number, variance: number, random: RandomStream): Float64Array {
  const degrees = 5;
  // Student's t of k degrees has variance k/(k - 2).
  const scale = Math.sqrt((variance / n) * ((degrees - 2) / degrees));
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const normal = random.normal();
      let squares = 0;
      for (let k = 0; k < degrees; k++) squares += random.normal() ** 2;
      const value = (scale * normal) / Math.sqrt(squares / degrees);
      matrix[i * n + j] = value;
      matrix[j * n + i] = value;
    }
  }
  return matrix;
}

/** Adds sum of theta_i u_i u_i^T in orthonormal directions drawn at random: those of the coordinates are special to a Wigner matrix. */
async function addSpikes(
  matrix: Float64Array,
  n: number,
  spikes: readonly number[],
  random: RandomStream,
  linearAlgebra: LinearAlgebra,
): Promise<void> {
  const rank = spikes.length;
  if (rank === 0) return;
  const { q } = await linearAlgebra.qr(random.normals(n * rank), n, rank);
  const scaled = q.map((x, i) => x * spikes[i % rank]);
  const product = { m: n, n, k: rank, lda: rank, ldb: rank, ldc: n };
  linearAlgebra.gemm({ ...product, transposeB: true, a: scaled, b: q, beta: 1, c: matrix });
}
