import type { SymmetricMatrix } from '@hessian-rmt/curvature';
import { type DenseNetwork, layerShapes, type Weights } from '@hessian-rmt/models';
import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';

/**
 * An orthonormal basis of the directions in weight space orthogonal to all rescalings, P x (P - hidden), row-major.
 *
 * To scale the weights into a ReLU unit by 1 + t and those out of it by 1 - t leaves the function as it is to first
 * order. So these directions, one for each hidden unit, are null for H_0 everywhere, and for H wherever the gradient
 * vanishes. They are orthogonal to one another, since no two touch the same weight.
 */
export async function withoutRescaling(
  network: DenseNetwork,
  weights: Weights,
  random: RandomStream,
  linearAlgebra: LinearAlgebra,
): Promise<Float64Array> {
  const [incoming, outgoing] = layerShapes(network);
  const size = weights.length;
  const hidden = incoming.rows;
  // Gram and Schmidt: whatever comes after the rescalings ends up orthogonal to them.
  const columns = random.normals(size * size);
  for (let at = 0; at < size; at++) {
    const isIncoming = at < outgoing.offset;
    const unit = isIncoming ? Math.floor(at / incoming.columns) : (at - outgoing.offset) % outgoing.columns;
    for (let k = 0; k < hidden; k++) columns[at * size + k] = k === unit ? (isIncoming ? 1 : -1) * weights[at] : 0;
  }
  const { q } = await linearAlgebra.qr(columns, size, size);
  const basis = new Float64Array(size * (size - hidden));
  for (let row = 0; row < size; row++) {
    basis.set(q.subarray(row * size + hidden, (row + 1) * size), row * (size - hidden));
  }
  return basis;
}

/** U^T A U, for the n x k matrix U of k columns. */
export async function restricted(
  { n, data }: SymmetricMatrix,
  basis: Float64Array,
  linearAlgebra: LinearAlgebra,
): Promise<SymmetricMatrix> {
  const k = basis.length / n;
  const half = new Float64Array(n * k);
  await linearAlgebra.gemmAsync({ m: n, n: k, k: n, a: data, lda: n, b: basis, ldb: k, c: half, ldc: k });
  const result = new Float64Array(k * k);
  await linearAlgebra.gemmAsync({
    transposeA: true,
    m: k,
    n: k,
    k: n,
    a: basis,
    lda: k,
    b: half,
    ldb: k,
    c: result,
    ldc: k,
  });
  return { n: k, data: result };
}
