/** How much of a displacement lies in the span of some directions, beside what a random one would have there. */
export interface DisplacementShare {
  /** Squared cosine with each direction; NaN for a displacement of length 0. */
  readonly shares: Float64Array;
  /** Their sum: the squared length of the projection on the span over that of the displacement. */
  readonly total: number;
  /** What the total would be in the mean for a displacement of random direction: k / P. */
  readonly expected: number;
  /** Standard deviation of the total for a random direction: it is Beta(k / 2, (P - k) / 2). */
  readonly deviation: number;
}

/**
 * The share of a displacement in the span of orthonormal vectors, such as the eigenvectors of the largest eigenvalues
 * (Sagun et al. 2017, sec. 4.1).
 *
 * @param vectors  orthonormal, each as long as the displacement
 * @throws RangeError for no vectors, for another length, and when two vectors are not orthonormal to 1e-6
 */
export function displacementShare(displacement: Float64Array, vectors: readonly Float64Array[]): DisplacementShare {
  const parameters = displacement.length;
  const k = vectors.length;
  checkOrthonormal(vectors, parameters);
  const squaredLength = dot(displacement, displacement);
  const shares = Float64Array.from(vectors, (vector) => dot(displacement, vector) ** 2 / squaredLength);
  return {
    shares,
    total: shares.reduce((sum, share) => sum + share, 0),
    expected: k / parameters,
    deviation: Math.sqrt((2 * k * (parameters - k)) / (parameters ** 2 * (parameters + 2))),
  };
}

/** Far above what converged Ritz vectors differ by from orthonormal ones, far below any share that would matter. */
const orthonormal = 1e-6;

function checkOrthonormal(vectors: readonly Float64Array[], length: number): void {
  if (vectors.length === 0) throw new RangeError('displacementShare: expected at least one vector, found none');
  vectors.forEach((vector, i) => {
    if (vector.length !== length) {
      throw new RangeError(`displacementShare: expected ${length} elements in vector ${i}, found ${vector.length}`);
    }
    for (let j = 0; j <= i; j++) {
      const product = dot(vector, vectors[j]);
      if (!(Math.abs(product - (i === j ? 1 : 0)) <= orthonormal)) {
        throw new RangeError(
          `displacementShare: vectors ${j} and ${i} are not orthonormal: their product is ${product}`,
        );
      }
    }
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
