import { exactHessian } from '@hessian-rmt/curvature';
import { type Dataset, denseObjective } from '@hessian-rmt/models';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { type ModelConfig, modelOf, parametersOf, type TrainingConfig, weightsAt } from './network-point.js';
import { difference, dispersionAbout, extremesOf, squaredNorm } from './symmetric.js';
import { trueHessian } from './true-hessian.js';

export type FittedPointConfig = {
  readonly model: ModelConfig;
  readonly training: TrainingConfig;
  /** N, also of what it is trained on. */
  readonly samples: number;
  /** Augmented copies of each sample, itself among them. */
  readonly copies: number;
  /** Whether it is trained on the copies too (with as many steps). */
  readonly augmentedTraining: boolean;
  readonly trueSamples: number;
  readonly groups: number;
  readonly keep: number;
};

/** The sets of samples that a Hessian is taken over at the fitted weights. */
export const fittedSets = ['training', 'augmented', 'fresh'] as const;

/**
 * A network at weights that were fitted to the very samples: Hessians over these, over augmented copies of them, over as
 * many fresh ones, and the true one. `extremes` are in the order of `fittedSets`, then the true ones.
 */
export const fittedPoint = defineUnitKind<FittedPointConfig>({
  name: 'fitted-point',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { samples: count, copies, keep } = config;
    const { network, source } = modelOf(config.model, random);
    const own = random.stream(`samples-${count}`);
    const training = source.draw(count, own.stream('draw'));
    const augmented = source.copies(training, copies, own.stream('copies'));
    const fresh = source.draw(count, own.stream('fresh'));
    progress(0, 'training');
    const [data, epochs] = config.augmentedTraining
      ? [augmented, Math.ceil(config.training.epochs / copies)]
      : [training, config.training.epochs];
    const weights = await weightsAt(network, { ...config.training, epochs }, data, random, linearAlgebra);
    progress(0.5, 'true Hessian');
    const { trueSamples: samples, groups } = config;
    const truth = await trueHessian({ network, weights, source, samples, groups, linearAlgebra, random: own });
    const { parameters: n, values, variance, centre, matrix } = truth;

    const extremes = new Float64Array((fittedSets.length + 1) * 2 * keep);
    const [dispersion, noiseNorm] = [new Float64Array(fittedSets.length), new Float64Array(fittedSets.length)];
    for (const [s, set] of [training, augmented, fresh].entries()) {
      const hessian = (await exactHessian(network, weights, set, { linearAlgebra })).data;
      dispersion[s] = dispersionAbout(centre, hessian, n);
      noiseNorm[s] = squaredNorm(difference(hessian, matrix));
      const all = await linearAlgebra.symmetricEigenvalues(hessian, n, { overwrite: true });
      extremes.set(extremesOf(all, keep), s * 2 * keep);
    }
    extremes.set(extremesOf(values, keep), fittedSets.length * 2 * keep);
    const test = source.draw(20_000, own.stream('test'));
    const measured = (set: Dataset) => {
      const objective = denseObjective(network, set, linearAlgebra);
      return { loss: objective.loss(weights), accuracy: objective.accuracy(weights) };
    };
    return {
      numbers: {
        parameters: n,
        variance,
        trueDispersion: dispersionAbout(centre, matrix, n),
        training: measured(training),
        test: measured(test),
      },
      arrays: {
        extremes: { shape: [fittedSets.length + 1, 2 * keep], data: extremes },
        dispersion: { shape: [fittedSets.length], data: dispersion },
        noiseNorm: { shape: [fittedSets.length], data: noiseNorm },
      },
    };
  },

  cost({ model, training, samples, copies, trueSamples, groups }) {
    const n = parametersOf(model);
    return {
      flops:
        flopsOf.hessian(trueSamples + samples * (copies + 2), n) +
        groups * 2 * flopsOf.product(n, n, n) +
        4 * flopsOf.eigenpairs(n) +
        flopsOf.training(training.epochs * Math.ceil(samples / training.batch), Math.min(training.batch, samples), n),
      memory: 8 * (8 * n * n + trueSamples * (model.generator.signal + model.generator.nuisance)) + 256e6,
    };
  },
});
