import { haarOrthogonal, type LinearAlgebra, randomStream } from '@hessian-rmt/numerics';
import type { SymmetricMatrix } from '../src/index.js';

/** A matrix of these eigenvalues, with its eigenvectors as rows, in the same order. */
export interface KnownSpectrum extends SymmetricMatrix {
  readonly eigenvalues: Float64Array;
  readonly eigenvectors: Float64Array;
}

/** V^T diag(eigenvalues) V with a uniformly random orthogonal V, exactly symmetric. */
export async function withEigenvalues(
  eigenvalues: ArrayLike<number>,
  linearAlgebra: LinearAlgebra,
  seed = 1,
): Promise<KnownSpectrum> {
  const n = eigenvalues.length;
  const vectors = await haarOrthogonal(n, randomStream(seed, 'eigenvectors'), linearAlgebra);
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += vectors[k * n + i] * eigenvalues[k] * vectors[k * n + j];
      data[i * n + j] = sum;
      data[j * n + i] = sum;
    }
  }
  return { n, data, eigenvalues: Float64Array.from(eigenvalues), eigenvectors: vectors };
}

/** Squared share of a vector, of norm 1, in each eigenvector: the weights of its spectral measure. */
export function sharesOf({ n, eigenvectors }: KnownSpectrum, vector: Float64Array): Float64Array {
  const squared = vector.reduce((sum, value) => sum + value * value, 0);
  return Float64Array.from({ length: n }, (_, i) => {
    let dot = 0;
    for (let j = 0; j < n; j++) dot += eigenvectors[i * n + j] * vector[j];
    return dot ** 2 / squared;
  });
}

/** n evenly spaced numbers from `from` to `to`. */
export function spaced(from: number, to: number, n: number): number[] {
  return Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));
}
