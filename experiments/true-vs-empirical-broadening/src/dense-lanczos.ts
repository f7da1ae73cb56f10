import {
  denseOperator,
  exactHessian,
  kanielPaigeSaadBound,
  type LanczosResult,
  lanczos,
  randomVector,
  randomVectorLaws,
} from '@hessian-rmt/curvature';
import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { type ModelConfig, modelOf, parametersOf, type TrainingConfig, weightsAt } from './network-point.js';

export type DenseLanczosConfig = {
  readonly model: ModelConfig;
  readonly training: TrainingConfig;
  readonly samples: number;
  /** m. */
  readonly steps: number;
  /** Steps whose moments are looked at: few, so that powers up to twice as many stay within float64. */
  readonly momentSteps: number;
  readonly vectors: number;
};

/**
 * Lanczos processes on an exact Hessian whose eigenpairs are known. By vector and step, [smallest, largest]: the extreme Ritz
 * values, the bounds of Theorem 3, and the lower end's bound as Eq. 30 prints it, with the gap of the upper end.
 */
export const denseLanczos = defineUnitKind<DenseLanczosConfig>({
  name: 'dense-lanczos',
  module: import.meta.url,

  async run({ model, training, samples, steps, momentSteps, vectors: count }, { random, linearAlgebra, progress }) {
    const { network, source } = modelOf(model, random);
    const data = source.draw(samples, random.stream('samples'));
    const weights = await weightsAt(network, training, data, random, linearAlgebra);
    progress(0.1, 'Hessian');
    const matrix = (await exactHessian(network, weights, data, { linearAlgebra })).data;
    const n = weights.length;
    const { values, vectors } = await linearAlgebra.symmetricEigen(matrix, n);
    const eigenvalues = distinct(values);
    const operator = denseOperator({ n, data: matrix }, linearAlgebra);

    const ritz = new Float64Array(count * steps * 2);
    const bounds = new Float64Array(count * steps * 2);
    const asPrinted = new Float64Array(count * steps);
    const nodes = new Float64Array(count * steps);
    const masses = new Float64Array(count * steps);
    const degrees = 2 * momentSteps + 2;
    const momentErrors = new Float64Array(count * degrees);
    const overlaps = Object.fromEntries(randomVectorLaws.map((law) => [law, new Float64Array(count * n)]));
    for (let i = 0; i < count; i++) {
      progress(0.2 + (0.8 * i) / count, `vector ${i + 1} of ${count}`);
      for (const law of randomVectorLaws) {
        const start = randomVector(law, n, random.stream(law).stream(`vector-${i}`));
        overlaps[law].set(squaredCosines(vectors, start, linearAlgebra), i * n);
      }
      const start = randomVector('rademacher', n, random.stream('rademacher').stream(`vector-${i}`));
      const measure = overlaps.rademacher.subarray(i * n, (i + 1) * n);
      const result = await lanczos(operator, { linearAlgebra, steps, start });
      const few = await lanczos(operator, { linearAlgebra, steps: momentSteps, start });
      momentErrors.set(momentErrorsOf(few, values, measure, degrees), i * degrees);
      nodes.set(result.values, i * steps);
      masses.set(result.weights, i * steps);
      const cosines = { smallest: Math.sqrt(measure[0]), largest: Math.sqrt(measure[n - 1]) };
      for (let k = 1; k <= steps; k++) {
        const at = i * steps + k - 1;
        const { alpha, beta } = result;
        const here = await linearAlgebra.tridiagonalEigenvalues(alpha.slice(0, k), beta.slice(0, k - 1));
        ritz.set([here[0], here[k - 1]], 2 * at);
        const { smallest, largest } = kanielPaigeSaadBound({ eigenvalues, cosines, steps: k });
        bounds.set([smallest, largest], 2 * at);
        asPrinted[at] = (largest / tangentSquared(cosines.largest)) * tangentSquared(cosines.smallest);
      }
    }
    const perStep = [count, steps, 2];
    return {
      numbers: { parameters: n },
      arrays: {
        trueValues: { shape: [n], data: values },
        ritz: { shape: perStep, data: ritz },
        bounds: { shape: perStep, data: bounds },
        asPrinted: { shape: [count, steps], data: asPrinted },
        nodes: { shape: [count, steps], data: nodes },
        masses: { shape: [count, steps], data: masses },
        momentErrors: { shape: [count, degrees], data: momentErrors },
        rademacher: { shape: [count, n], data: overlaps.rademacher },
        normal: { shape: [count, n], data: overlaps.normal },
      },
    };
  },

  cost({ model, training, samples, steps, vectors }) {
    const n = parametersOf(model);
    return {
      flops:
        flopsOf.hessian(samples, n) +
        flopsOf.eigenpairs(n) +
        flopsOf.training(training.epochs * Math.ceil(samples / training.batch), training.batch, n),
      seconds: vectors * steps * (n * n * 1e-9 + steps * n * 2e-9 + steps * steps * 1e-7),
      memory: 8 * n * (4 * n + steps),
    };
  },
});

const tangentSquared = (cosine: number) => 1 / (cosine * cosine) - 1;

/** Structural zeros, which come out as rounding, count once. */
function distinct(ascending: Float64Array): Float64Array {
  const tolerance = 1e-12 * Math.max(Math.abs(ascending[0]), Math.abs(ascending[ascending.length - 1]));
  return ascending.filter((value, i) => i === 0 || value - ascending[i - 1] > tolerance);
}

/** cos^2 of the angles between a vector and the rows of an orthogonal matrix. */
function squaredCosines(vectors: Float64Array, start: Float64Array, linearAlgebra: LinearAlgebra): Float64Array {
  const n = start.length;
  const projected = new Float64Array(n);
  linearAlgebra.gemv({ m: n, n, a: vectors, lda: n, x: start, y: projected });
  const norm = start.reduce((sum, x) => sum + x * x, 0);
  return projected.map((x) => (x * x) / norm);
}

/** |quadrature - v^T H^k v| over v^T |H|^k v, k from 0. */
function momentErrorsOf(
  { values: nodes, weights }: LanczosResult,
  values: Float64Array,
  measure: Float64Array,
  degrees: number,
): number[] {
  const sum = (at: Float64Array, mass: Float64Array, of: (x: number) => number) =>
    at.reduce((total, x, i) => total + mass[i] * of(x), 0);
  return Array.from({ length: degrees }, (_, k) => {
    const error = sum(nodes, weights, (x) => x ** k) - sum(values, measure, (x) => x ** k);
    return Math.abs(error) / sum(values, measure, (x) => Math.abs(x) ** k);
  });
}
