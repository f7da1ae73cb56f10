import { lbfgs } from '@hessian-rmt/curvature';
import { denseObjective, initialWeights } from '@hessian-rmt/models';
import { defineUnitKind } from '@hessian-rmt/replication';
import { meanSquaredTarget, memorisationTask, squareNetwork } from './memorisation.js';

export type MinimisersConfig = {
  /** n: inputs, hidden units and outputs. */
  readonly size: number;
  /** m, the examples. */
  readonly samples: number;
  readonly activation: 'tanh' | 'identity';
  /** Data sets. */
  readonly tasks: number;
  /** Initial weights a data set. */
  readonly starts: number;
  readonly maxIterations: number;
};

/** A minimum counts as found where the gradient's norm is below this (our choice): the energy is then exact to 1e-9 or so. */
const gradientTolerance = 1e-6;

/**
 * Minima of the memorisation task, found by minimising the loss itself: what eps_c should be without a fit. Energies are
 * over the mean of y^2, tasks x starts; upper bounds where the search ran out of iterations.
 */
export const minimisers = defineUnitKind<MinimisersConfig>({
  name: 'minimisers',
  module: import.meta.url,

  async run({ size, samples, activation, tasks, starts, maxIterations }, { random, linearAlgebra, progress }) {
    const network = squareNetwork(size, activation);
    const problems = random.stream(`${activation} n=${size} m=${samples}`);
    const energy = new Float64Array(tasks * starts);
    const gradientNorm = new Float64Array(tasks * starts);
    for (let run = 0; run < tasks * starts; run++) {
      progress(run / (tasks * starts), `minimum ${run + 1} of ${tasks * starts}`);
      const problem = problems.stream(`task-${Math.floor(run / starts)}`);
      const data = memorisationTask(size, samples, problem.stream('data'));
      const objective = denseObjective(network, data, linearAlgebra);
      const initial = initialWeights(network, problem.stream(`initial weights ${run % starts}`));
      const found = lbfgs((weights, gradient) => objective.gradient(weights, gradient), initial, {
        maxIterations,
        gradientTolerance,
      });
      energy[run] = found.value / size / meanSquaredTarget(data);
      gradientNorm[run] = found.gradientNorm;
    }
    const shape = [tasks, starts];
    return { numbers: {}, arrays: { energy: { shape, data: energy }, gradientNorm: { shape, data: gradientNorm } } };
  },

  cost({ size, samples, tasks, starts, maxIterations }) {
    const gradient = samples * (1e-9 * size ** 2 + 2e-8 * size) + 1e-5;
    return { flops: 0, seconds: tasks * starts * Math.min(maxIterations, 3000) * (gradient + 3e-8 * 2 * size ** 2) };
  },
});
