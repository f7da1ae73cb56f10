import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';

export type ModelMatricesConfig = {
  /** Rows of the matrices. */
  readonly size: number;
  /** phi: H_0 = X X^T / N with N = size / phi. */
  readonly ratio: number;
  /** epsilon: the entries of the Wigner part have variance 2 epsilon / size. */
  readonly energy: number;
  /** Law of the independent entries, of mean zero and the variance that the model asks for: normal, or two values alike. */
  readonly entries: 'normal' | 'signs';
  /** Independent matrices. */
  readonly draws: number;
};

/**
 * Matrices of the Wishart + Wigner model H = H_0 + H_1 (Pennington & Bahri 2017, sec. 4): eigenvalues, draws x size, each
 * draw ascending.
 */
export const modelMatrices = defineUnitKind<ModelMatricesConfig>({
  name: 'model-matrices',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { size, ratio, energy, entries, draws } = config;
    const eigenvalues = new Float64Array(draws * size);
    for (let draw = 0; draw < draws; draw++) {
      progress(draw / draws, `matrix ${draw + 1} of ${draws}`);
      const drawn = random.stream(`${size} ${entries} phi=${ratio} eps=${energy}`).stream(`draw-${draw}`);
      const matrix = sumOfModels(config, drawn, linearAlgebra);
      eigenvalues.set(await linearAlgebra.symmetricEigenvalues(matrix, size, { overwrite: true }), draw * size);
    }
    return { numbers: {}, arrays: { eigenvalues: { shape: [draws, size], data: eigenvalues } } };
  },

  cost({ size, ratio, draws }) {
    return {
      flops: draws * (size ** 3 / ratio + flopsOf.eigenvalues(size)),
      // 30 ns a normal number.
      seconds: draws * size ** 2 * (1 / ratio + 1 / 2) * 3e-8,
      memory: 8 * size ** 2 * (2 + 1 / ratio),
    };
  },
});

/** The lower triangle of X X^T / N + W, X of unit variance and W symmetric of variance 2 eps / size (twice that in its diagonal). */
function sumOfModels(
  { size, ratio, energy, entries }: ModelMatricesConfig,
  random: RandomStream,
  linearAlgebra: LinearAlgebra,
): Float64Array {
  const samples = Math.round(size / ratio);
  const draw = (name: string, count: number) => {
    const normals = random.stream(name).normals(count);
    return entries === 'normal' ? normals : normals.map(Math.sign);
  };
  const matrix = new Float64Array(size * size);
  linearAlgebra.syrk({
    triangle: 'lower',
    n: size,
    k: samples,
    alpha: 1 / samples,
    a: draw('Wishart', size * samples),
    lda: samples,
    c: matrix,
    ldc: size,
  });
  const wigner = draw('Wigner', (size * (size + 1)) / 2);
  const deviation = Math.sqrt((2 * energy) / size);
  let next = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) matrix[i * size + j] += deviation * wigner[next++];
    matrix[i * size + i] += Math.SQRT2 * deviation * wigner[next++];
  }
  return matrix;
}
