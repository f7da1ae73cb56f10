import { exactHessian } from '@hessian-rmt/curvature';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { kolmogorovSmirnov, semicircle } from '@hessian-rmt/rmt';
import { type ModelConfig, modelOf, parametersOf, type TrainingConfig, weightsAt } from './network-point.js';
import { surrogateNames, surrogates } from './surrogates.js';
import { difference, dispersionAbout, extremesOf, squaredNorm } from './symmetric.js';
import { rowVariance, trueHessian } from './true-hessian.js';

/** A sample whose Hessian is taken: of `copies` > 1, each sample stands there with augmented copies. */
export type SampleSize = { readonly samples: number; readonly copies: number };

export type IndependentPointConfig = {
  readonly model: ModelConfig;
  /** On other data of the same law; null: initial weights. */
  readonly training: (TrainingConfig & { readonly samples: number }) | null;
  readonly trueSamples: number;
  readonly singles: number;
  readonly sizes: readonly SampleSize[];
  /** Independent samples of each size. */
  readonly draws: number;
  /** Eigenvalues kept at either end. */
  readonly keep: number;
};

/**
 * A network at weights that know nothing of the samples: its true Hessian, empirical ones of several sizes, and what the
 * surrogates make of the same true Hessian. Extremes are sizes x draws x 2 `keep`, ascending.
 */
export const independentPoint = defineUnitKind<IndependentPointConfig>({
  name: 'independent-point',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { training, sizes, draws, keep } = config;
    const { network, source } = modelOf(config.model, random);
    const other = source.draw(training?.samples ?? 1, random.stream('other data'));
    progress(0, 'weights');
    const weights = await weightsAt(network, training, other, random, linearAlgebra);
    progress(0.05, 'true Hessian');
    const { trueSamples: samples, singles } = config;
    const fresh = random.stream('fresh samples');
    const truth = await trueHessian({ network, weights, source, samples, singles, linearAlgebra, random: fresh });
    const { parameters: n, values, vectors, profile } = truth;

    const extremes = () => new Float64Array(sizes.length * draws * 2 * keep);
    const found = { measured: extremes(), goe: extremes(), profile: extremes(), rotated: extremes() };
    const each = () => new Float64Array(sizes.length * draws);
    const [dispersion, noiseNorm, distance, overlap] = [each(), each(), each(), each()];
    const spectra = new Float64Array(sizes.length * n);
    const noiseSpectra = new Float64Array(sizes.length * n);
    for (const [s, { samples: count, copies }] of sizes.entries()) {
      for (let draw = 0; draw < draws; draw++) {
        const at = s * draws + draw;
        progress(0.3 + (0.7 * at) / (sizes.length * draws), `${count} samples`);
        const own = random.stream(`samples-${count}x${copies}-${draw}`);
        const base = source.draw(count, own.stream('draw'));
        const data = copies === 1 ? base : source.copies(base, copies, own.stream('copies'));
        const hessian = (await exactHessian(network, weights, data, { linearAlgebra })).data;
        const noise = difference(hessian, truth.matrix);
        dispersion[at] = dispersionAbout(truth.centre, hessian, n);
        noiseNorm[at] = squaredNorm(noise);
        const noiseValues = await linearAlgebra.symmetricEigenvalues(noise, n);
        distance[at] = kolmogorovSmirnov(noiseValues, semicircle({ variance: noiseNorm[at] / n }));
        const top = await linearAlgebra.symmetricEigenRange(hessian, n, n - 1, n);
        overlap[at] = inner(top.vectors, vectors.subarray((n - 1) * n)) ** 2;
        const all = await linearAlgebra.symmetricEigenvalues(hessian, n);
        const others = await surrogates(truth, data.count, noiseValues, linearAlgebra, own);
        found.measured.set(extremesOf(all, keep), at * 2 * keep);
        for (const name of surrogateNames) found[name].set(extremesOf(others[name], keep), at * 2 * keep);
        if (draw === 0) {
          spectra.set(all, s * n);
          noiseSpectra.set(noiseValues, s * n);
        }
      }
    }
    const [perDraw, perExtreme] = [
      [sizes.length, draws],
      [sizes.length, draws, 2 * keep],
    ];
    const rowVariances = values.map((_, row) => rowVariance(profile, n, row));
    return {
      numbers: {
        parameters: n,
        variance: truth.variance,
        trueDispersion: dispersionAbout(truth.centre, truth.matrix, n),
        trueNorm: squaredNorm(truth.matrix),
        largestElement: truth.matrix.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0),
      },
      arrays: {
        trueValues: { shape: [n], data: values },
        rowVariances: { shape: [n], data: rowVariances },
        /** sum over j of Var(E_ij)/(lambda_i - lambda_j), times N: how far second order moves eigenvalue i. */
        secondOrder: { shape: [n], data: values.map((_, i) => secondOrder(values, profile, i)) },
        measured: { shape: perExtreme, data: found.measured },
        goe: { shape: perExtreme, data: found.goe },
        profile: { shape: perExtreme, data: found.profile },
        rotated: { shape: perExtreme, data: found.rotated },
        dispersion: { shape: perDraw, data: dispersion },
        noiseNorm: { shape: perDraw, data: noiseNorm },
        distance: { shape: perDraw, data: distance },
        overlap: { shape: perDraw, data: overlap },
        spectra: { shape: [sizes.length, n], data: spectra },
        noiseSpectra: { shape: [sizes.length, n], data: noiseSpectra },
      },
    };
  },

  cost({ model, training, trueSamples, singles, sizes, draws }) {
    const n = parametersOf(model);
    const all = sizes.reduce((sum, { samples, copies }) => sum + samples * copies, 0);
    return {
      flops:
        flopsOf.hessian(trueSamples + draws * all, n) +
        singles * 2 * flopsOf.product(n, n, n) +
        draws * sizes.length * (6 * flopsOf.eigenvalues(n) + flopsOf.eigenpairs(n)) +
        (training === null
          ? 0
          : flopsOf.training(
              training.epochs * Math.ceil(training.samples / training.batch),
              Math.min(training.batch, training.samples),
              n,
            )),
      seconds: draws * sizes.length * n * n * 1e-7,
      memory: 8 * (12 * n * n + trueSamples * (model.generator.signal + model.generator.nuisance)) + 256e6,
    };
  },
});

const inner = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i], 0);

function secondOrder(values: Float64Array, profile: Float64Array, i: number): number {
  const n = values.length;
  let sum = 0;
  for (let j = 0; j < n; j++) if (values[j] !== values[i]) sum += profile[i * n + j] / (values[i] - values[j]);
  return sum;
}
