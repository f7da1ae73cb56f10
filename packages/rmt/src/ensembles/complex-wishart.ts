import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import { requireInteger } from '../checks.js';
import type { ComplexMatrix } from './complex-matrix.js';
import { dataMatrix, gram, type WishartParameters } from './wishart.js';

/**
 * A complex Wishart matrix X X^* / N, M x M, Hermitian (both triangles): X is M x N, its columns independent complex
 * normals of covariance `scale` diag(spikes, 1, 1, ...), real and imaginary parts having half the variance each. The
 * spectrum tends to that of `wishart`. `hermitianEigenvalues` finds it; `betaLaguerreEigenvalues` with beta = 2 is far
 * faster.
 *
 * @throws RangeError as `wishart`
 */
export function complexWishart(
  parameters: WishartParameters,
  random: RandomStream,
  linearAlgebra: Pick<LinearAlgebra, 'gemm' | 'syrk'>,
): ComplexMatrix {
  const { dimension: m, samples: n } = parameters;
  requireInteger('the number of samples of a Wishart matrix', n, 1);
  const alpha = 1 / (2 * n);
  // X = (A + iB)/sqrt(2) as the rows [A B]: X X^* = (A A^T + B B^T + i (P - P^T))/2 with P = B A^T.
  const parts = dataMatrix({ ...parameters, samples: 2 * n }, random);
  const re = gram(parts, m, 2 * n, alpha, false, linearAlgebra);
  const p = new Float64Array(m * m);
  const b = parts.subarray(n);
  linearAlgebra.gemm({ transposeB: true, m, n: m, k: n, alpha, a: b, lda: 2 * n, b: parts, ldb: 2 * n, c: p, ldc: m });
  const im = p.map((value, at) => value - p[(at % m) * m + Math.floor(at / m)]);
  return { re, im };
}
