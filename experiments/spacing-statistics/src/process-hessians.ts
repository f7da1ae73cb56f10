import { haarOrthogonal, type LinearAlgebra, type RandomStream } from '@hessian-rmt/numerics';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { gaussianProcessHessian } from '@hessian-rmt/rmt';

export type ProcessHessiansConfig = {
  /** Directions on which the kernel acts. */
  readonly size: number;
  /** Variances of the elements and of the multiple of the identity (`HessianCovariance`). */
  readonly elements: number;
  readonly shift: number;
  /** Directions beside these on which it does not. */
  readonly zeroDirections: number;
  /** Eigenvalues scale (1 + N(0, 1)^2) of the fixed part, drawn anew for each sample. */
  readonly outliers: { readonly count: number; readonly scale: number };
  readonly samples: number;
};

/** Of so many samples the degenerate matrix is also looked at in a random basis (our choice: enough for a mean). */
const rotatedSamples = 20;

/**
 * Eigenvalues of Hessians of a Gaussian process (samples x size): sample i draws the same Gaussian orthogonal matrix
 * whatever the kernel. With zero directions also of the whole matrix as it is, and of some samples in a random
 * orthonormal basis, in which its zeros are rounding errors (samples x rows). The eigenvalues proper are then those of
 * the block that the kernel acts on: the zeros are removed by structure.
 */
export const processHessians = defineUnitKind<ProcessHessiansConfig>({
  name: 'process-hessians',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { size, elements, shift, zeroDirections, outliers, samples } = config;
    const rows = size + zeroDirections;
    const levels = new Float64Array(samples * size);
    const degenerate = zeroDirections > 0;
    const whole = new Float64Array(degenerate ? samples * rows : 0);
    const rotated = new Float64Array(degenerate ? Math.min(samples, rotatedSamples) * rows : 0);
    for (let sample = 0; sample < samples; sample++) {
      progress(sample / samples, `sample ${sample + 1} of ${samples}`);
      const drawn = random.stream(`sample ${sample}`);
      const normals = drawn.stream('outliers').normals(outliers.count);
      const spikes = Array.from(normals, (x) => outliers.scale * (1 + x * x));
      const parameters = { size, covariance: { elements, shift }, spikes };
      const matrixOf = (zeros: number) =>
        gaussianProcessHessian({ ...parameters, zeroDirections: zeros }, drawn.stream('matrix'));
      levels.set(await linearAlgebra.symmetricEigenvalues(matrixOf(0), size, { overwrite: true }), sample * size);
      if (!degenerate) continue;
      const matrix = matrixOf(zeroDirections);
      whole.set(await linearAlgebra.symmetricEigenvalues(matrix, rows), sample * rows);
      if (sample >= rotatedSamples) continue;
      const turned = await inRandomBasis(matrix, rows, drawn.stream('basis'), linearAlgebra);
      rotated.set(await linearAlgebra.symmetricEigenvalues(turned, rows, { overwrite: true }), sample * rows);
    }
    const ofWhole = (data: Float64Array) => ({ shape: [data.length / rows, rows], data });
    return {
      numbers: {},
      arrays: {
        levels: { shape: [samples, size], data: levels },
        ...(degenerate && { whole: ofWhole(whole), rotated: ofWhole(rotated) }),
      },
    };
  },

  cost({ size, zeroDirections, samples }) {
    const rows = size + zeroDirections;
    const degenerate = zeroDirections > 0;
    const rotations =
      Math.min(samples, rotatedSamples) * (flopsOf.eigenvalues(rows) + 4 * flopsOf.product(rows, rows, rows));
    return {
      flops:
        samples * (flopsOf.eigenvalues(size) + (degenerate ? flopsOf.eigenvalues(rows) : 0)) +
        (degenerate ? rotations : 0),
      seconds: samples * size ** 2 * (degenerate ? 2 : 1) * 1.5e-8,
      memory: 8 * 4 * rows ** 2,
    };
  },
});

/** Q A Q^T, Q Haar. */
async function inRandomBasis(
  matrix: Float64Array,
  n: number,
  random: RandomStream,
  linearAlgebra: LinearAlgebra,
): Promise<Float64Array> {
  const q = await haarOrthogonal(n, random, linearAlgebra);
  const half = new Float64Array(n * n);
  const whole = new Float64Array(n * n);
  linearAlgebra.gemm({ m: n, n, k: n, a: q, lda: n, b: matrix, ldb: n, c: half, ldc: n });
  linearAlgebra.gemm({ transposeB: true, m: n, n, k: n, a: half, lda: n, b: q, ldb: n, c: whole, ldc: n });
  return whole;
}
