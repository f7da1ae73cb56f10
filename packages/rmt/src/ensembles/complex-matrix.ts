import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { requireInteger } from '../checks.js';

/** A complex matrix, row-major: real and imaginary parts of its elements. */
export interface ComplexMatrix {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/**
 * The eigenvalues of a Hermitian n x n matrix A + iB, ascending: those of the symmetric 2n x 2n matrix [A, -B; B, A],
 * which has each of them twice. Eight times the work of a symmetric matrix of size n. The lower triangle of A and all of
 * B are read.
 *
 * @throws RangeError unless n is a positive integer and both parts have n x n elements
 */
export async function hermitianEigenvalues(
  { re, im }: ComplexMatrix,
  n: number,
  linearAlgebra: Pick<LinearAlgebra, 'symmetricEigenvalues'>,
): Promise<Float64Array> {
  requireInteger('the size of a Hermitian matrix', n, 1);
  if (re.length !== n * n || im.length !== n * n) {
    throw new RangeError(`a Hermitian matrix of size ${n} has parts of ${n * n}, found ${re.length} and ${im.length}`);
  }
  const embedded = new Float64Array(4 * n * n);
  for (let i = 0; i < n; i++) {
    embedded.set(re.subarray(i * n, i * n + i + 1), i * 2 * n);
    embedded.set(im.subarray(i * n, (i + 1) * n), (n + i) * 2 * n);
    embedded.set(re.subarray(i * n, i * n + i + 1), (n + i) * 2 * n + n);
  }
  const pairs = await linearAlgebra.symmetricEigenvalues(embedded, 2 * n, { overwrite: true, triangle: 'lower' });
  return Float64Array.from({ length: n }, (_, i) => (pairs[2 * i] + pairs[2 * i + 1]) / 2);
}
