import { haarOrthogonal, type LinearAlgebra, type RandomStream } from '@hessian-rmt/numerics';
import { gaussianOrthogonal } from '@hessian-rmt/rmt';
import type { TrueHessian } from './true-hessian.js';

/**
 * What stands in for H_emp = H_true + E when the network's E is replaced by one that keeps part of what it is. Each is
 * written in the basis of the true eigenvectors.
 *
 * - `goe`: assumption 1 of the paper, E from the GOE with the variance of the elements, averaged over all of them;
 * - `profile`: independent normal elements, each with its own measured variance (sec. 4.3 expects no other result);
 * - `rotated`: the network's own E in a random basis: its spectrum kept, free of H_true.
 */
export const surrogateNames = ['goe', 'profile', 'rotated'] as const;
export type SurrogateName = (typeof surrogateNames)[number];

export interface Perturbed {
  /** Eigenvalues, ascending. */
  readonly values: Float64Array;
  /**
   * u^T E u for the first and the last of the true eigenvectors u: what first order moves these eigenvalues by. Its mean is
   * zero, so that a mean of eigenvalues less this one is the same mean with a smaller error.
   */
  readonly firstOrder: readonly [number, number];
}

/** @param samples  N @param noise  eigenvalues of the network's own E */
export async function surrogates(
  truth: TrueHessian,
  samples: number,
  noise: Float64Array,
  linearAlgebra: LinearAlgebra,
  random: RandomStream,
): Promise<Record<SurrogateName, Perturbed>> {
  const { parameters: n, values, variance } = truth;
  const withTruth = async (matrix: Float64Array): Promise<Perturbed> => {
    const firstOrder = [matrix[0], matrix[n * n - 1]] as const;
    for (let i = 0; i < n; i++) matrix[i * n + i] += values[i];
    return { firstOrder, values: await linearAlgebra.symmetricEigenvalues(matrix, n, { overwrite: true }) };
  };
  const q = n / samples;
  return {
    goe: await withTruth(gaussianOrthogonal(n, random.stream('goe'), { variance: q * variance })),
    profile: await withTruth(profileNoise(truth, samples, random.stream('profile'))),
    rotated: await withTruth(await rotatedNoise(noise, linearAlgebra, random.stream('rotated'))),
  };
}

function profileNoise({ parameters: n, profile }: TrueHessian, samples: number, random: RandomStream): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = Math.sqrt(profile[i * n + j] / samples) * random.normal();
      matrix[i * n + j] = value;
      matrix[j * n + i] = value;
    }
  }
  return matrix;
}

/** O diag(e) O^T with O from the Haar measure. */
async function rotatedNoise(values: Float64Array, linearAlgebra: LinearAlgebra, random: RandomStream) {
  const n = values.length;
  const basis = await haarOrthogonal(n, random, linearAlgebra);
  const scaled = basis.map((x, i) => x * values[i % n]);
  const matrix = new Float64Array(n * n);
  linearAlgebra.gemm({ transposeB: true, m: n, n, k: n, a: scaled, lda: n, b: basis, ldb: n, c: matrix, ldc: n });
  return matrix;
}
