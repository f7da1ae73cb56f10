import { exactHessian } from '@hessian-rmt/curvature';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { kolmogorovSmirnov, semicircle } from '@hessian-rmt/rmt';
import { type ModelConfig, modelOf, parametersOf, type TrainingConfig, weightsAt } from './network-point.js';
import { type Perturbed, surrogateNames, surrogates } from './surrogates.js';
import { difference, dispersionAbout, squaredNorm } from './symmetric.js';
import { rowVariance, trueHessian } from './true-hessian.js';

/** A sample whose Hessian is taken: of `copies` > 1, each sample stands there with augmented copies. */
export type SampleSize = { readonly samples: number; readonly copies: number };

export type IndependentPointConfig = {
  readonly model: ModelConfig;
  /** On other data of the same law; null: initial weights. */
  readonly training: (TrainingConfig & { readonly samples: number }) | null;
  readonly trueSamples: number;
  readonly groups: number;
  readonly sizes: readonly SampleSize[];
  /** Independent samples of each size. */
  readonly draws: number;
};

/**
 * A network at weights that know nothing of the samples: its true Hessian, empirical ones of several sizes, and what the
 * surrogates make of the same true Hessian. Extremes are sizes x draws x 2, the smallest and the largest eigenvalue less
 * their first-order terms, whose mean is zero (see `Perturbed`).
 */
export const independentPoint = defineUnitKind<IndependentPointConfig>({
  name: 'independent-point',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { training, sizes, draws } = config;
    const { network, source } = modelOf(config.model, random);
    const other = source.draw(training?.samples ?? 1, random.stream('other data'));
    progress(0, 'weights');
    const weights = await weightsAt(network, training, other, random, linearAlgebra);
    progress(0.05, 'true Hessian');
    const { trueSamples: samples, groups } = config;
    const fresh = random.stream('fresh samples');
    const truth = await trueHessian({ network, weights, source, samples, groups, linearAlgebra, random: fresh });
    const { parameters: n, values, vectors, profile } = truth;

    const extremes = () => new Float64Array(sizes.length * draws * 2);
    const found = { measured: extremes(), goe: extremes(), profile: extremes(), rotated: extremes() };
    const each = () => new Float64Array(sizes.length * draws);
    const [dispersion, noiseNorm, distance, overlap] = [each(), each(), each(), each()];
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
        const firstOrder = [vectors.subarray(0, n), vectors.subarray((n - 1) * n)].map((u) =>
          quadraticForm(noise, u),
        ) as [number, number];
        found.measured.set(centred({ values: all, firstOrder }), at * 2);
        for (const name of surrogateNames) found[name].set(centred(others[name]), at * 2);
        if (draw === 0) noiseSpectra.set(noiseValues, s * n);
      }
    }
    const [perDraw, perExtreme] = [
      [sizes.length, draws],
      [sizes.length, draws, 2],
    ];
    const rowVariances = values.map((_, row) => rowVariance(profile, n, row));
    return {
      numbers: {
        parameters: n,
        variance: truth.variance,
        trueDispersion: dispersionAbout(truth.centre, truth.matrix, n),
        largestElement: truth.matrix.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0),
      },
      arrays: {
        trueValues: { shape: [n], data: values },
        rowVariances: { shape: [n], data: rowVariances },
        measured: { shape: perExtreme, data: found.measured },
        goe: { shape: perExtreme, data: found.goe },
        profile: { shape: perExtreme, data: found.profile },
        rotated: { shape: perExtreme, data: found.rotated },
        dispersion: { shape: perDraw, data: dispersion },
        noiseNorm: { shape: perDraw, data: noiseNorm },
        distance: { shape: perDraw, data: distance },
        overlap: { shape: perDraw, data: overlap },
        noiseSpectra: { shape: [sizes.length, n], data: noiseSpectra },
      },
    };
  },

  cost({ model, training, trueSamples, groups, sizes, draws }) {
    const n = parametersOf(model);
    const all = sizes.reduce((sum, { samples, copies }) => sum + samples * copies, 0);
    return {
      flops:
        flopsOf.hessian(trueSamples + draws * all, n) +
        groups * 2 * flopsOf.product(n, n, n) +
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

const centred = ({ values, firstOrder: [first, last] }: Perturbed) => [
  values[0] - first,
  values[values.length - 1] - last,
];

function quadraticForm(matrix: Float64Array, u: Float64Array): number {
  const n = u.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += u[i] * inner(matrix.subarray(i * n, (i + 1) * n), u);
  return sum;
}

const inner = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i], 0);
