import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import { requireInteger } from '../checks.js';
import type { ComplexMatrix } from './complex-matrix.js';

/**
 * A random unitary n x n matrix from the Haar measure of U(n): the factor Q of the QR decomposition, with a positive
 * diagonal of R, of a matrix of independent complex normals (Mezzadri 2007). (Orthogonal ones: `haarOrthogonal` of
 * numerics.)
 *
 * @throws RangeError unless n is a positive integer
 */
export async function haarUnitary(
  n: number,
  random: RandomStream,
  linearAlgebra: Pick<LinearAlgebra, 'qr'>,
): Promise<ComplexMatrix> {
  requireInteger('the size of a random unitary matrix', n, 1);
  // Each complex x + iy becomes the block [x, -y; y, x]. So does each of Q and R: R is then triangular, the blocks on
  // its diagonal being multiples of the identity, and the decomposition with a positive diagonal is unique.
  const blocks = new Float64Array(4 * n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [x, y] = [random.normal(), random.normal()];
      const at = 4 * i * n + 2 * j;
      blocks[at] = x;
      blocks[at + 1] = -y;
      blocks[at + 2 * n] = y;
      blocks[at + 2 * n + 1] = x;
    }
  }
  const { q } = await linearAlgebra.qr(blocks, 2 * n, 2 * n);
  const [re, im] = [new Float64Array(n * n), new Float64Array(n * n)];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      re[i * n + j] = q[4 * i * n + 2 * j];
      im[i * n + j] = q[4 * i * n + 2 * j + 2 * n];
    }
  }
  return { re, im };
}
