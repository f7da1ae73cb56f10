import type { LinearAlgebra } from './linear-algebra.js';
import type { RandomStream } from './random.js';

/**
 * A random orthogonal n x n matrix (row-major) from the Haar measure of O(n): the factor Q of the QR decomposition of a
 * matrix of independent normals, with the diagonal of R made positive, without which Q is not uniform (Stewart 1980;
 * Mezzadri 2007).
 *
 * @throws RangeError unless n is a positive integer
 */
export async function haarOrthogonal(
  n: number,
  random: RandomStream,
  linearAlgebra: Pick<LinearAlgebra, 'qr'>,
): Promise<Float64Array> {
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new RangeError(`A random orthogonal matrix needs a positive integer size; found ${n}.`);
  }
  // LinearAlgebra.qr promises a non-negative diagonal of R: the sign correction is done there.
  const { q } = await linearAlgebra.qr(random.normals(n * n), n, n);
  return q;
}
