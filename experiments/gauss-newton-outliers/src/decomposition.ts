import { eigenvalues, exactHessian } from '@hessian-rmt/curvature';
import {
  type Dataset,
  type DenseObjective,
  denseObjective,
  initialWeights,
  mlp,
  parameterCount,
  train,
} from '@hessian-rmt/models';
import type { RandomStream } from '@hessian-rmt/numerics';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { digits } from './digits.js';

export type DecompositionConfig = {
  /** `classes`: softmax over ten digits. `real`: one output, squared error, the target +1 for even and -1 for odd digits. */
  readonly output: 'classes' | 'real';
  readonly samples: number;
  readonly side: number;
  readonly hidden: readonly number[];
  readonly rate: number;
  /** Steps of gradient descent at which H is split, ascending, from 0. */
  readonly at: readonly number[];
  /** How often the loss slopes are permuted over the samples at every stop; for a real-valued output. */
  readonly permutations: number;
};

/**
 * H = G + R along training (Sagun et al. 2017, Eqs. 2, 3 and sec. 2.1): norms at every stop, spectra at the last one, and
 * of G at the start. For a real-valued output also the norms that R would have if the slopes of the loss were dealt to the
 * samples at random: R = mean of e_n times the Hessian of f_n with slopes e = f - y, and targets f - e' give slopes e'.
 * (The slopes of softmax are probabilities less an indicator: no targets give a sample the slopes of another.)
 */
export const decomposition = defineUnitKind<DecompositionConfig>({
  name: 'decomposition',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { output, samples, side, hidden, rate, at, permutations } = config;
    const labelled = await digits({ samples, side }, random.stream('data'));
    const data =
      output === 'classes'
        ? labelled
        : {
            ...labelled,
            classes: 0,
            targets: Float64Array.from(labelled.labels, (label) => (label % 2 === 0 ? 1 : -1)),
          };
    const network = mlp([side * side, ...hidden, output === 'classes' ? 10 : 1], {
      activation: 'relu',
      loss: output === 'classes' ? 'softmax-cross-entropy' : 'squared-error',
    });

    const start = initialWeights(network, random.stream('initial weights'));
    let weights = start;
    const losses: number[] = [];
    const gaussNewtonNorms: number[] = [];
    const residualNorms: number[] = [];
    const permutedNorms = new Float64Array(output === 'real' ? at.length * permutations : 0);
    for (const [stop, step] of at.entries()) {
      const steps = step - (at[stop - 1] ?? 0);
      if (steps > 0) {
        const training = await train(
          network,
          weights,
          data,
          { algorithm: 'gd', rate, steps },
          random.stream('training'),
          { linearAlgebra },
        );
        weights = training.weights;
      }
      progress(stop / at.length, `splitting H at step ${step}`);
      const gaussNewton = await exactHessian(network, weights, data, { part: 'gauss-newton', linearAlgebra });
      const residual = await exactHessian(network, weights, data, { part: 'residual', linearAlgebra });
      losses.push(denseObjective(network, data, linearAlgebra).loss(weights));
      gaussNewtonNorms.push(frobeniusNorm(gaussNewton.data));
      residualNorms.push(frobeniusNorm(residual.data));

      if (output === 'real') {
        const objective = denseObjective(network, data, linearAlgebra);
        for (let i = 0; i < permutations; i++) {
          const dealt = dealAnew(objective, weights, random.stream(`stop-${stop}`).stream(`permutation-${i}`));
          await exactHessian(network, weights, dealt, { part: 'residual', linearAlgebra, into: residual.data });
          permutedNorms[stop * permutations + i] = frobeniusNorm(residual.data);
        }
      }
    }

    progress(1 - 1 / (at.length + 1), 'eigenvalues of H and G');
    const spectrumOf = async (part: 'hessian' | 'gauss-newton', at: Float64Array) =>
      eigenvalues(await exactHessian(network, at, data, { part, linearAlgebra }), {
        linearAlgebra,
        overwrite: true,
      });
    const ofHessian = await spectrumOf('hessian', weights);
    const ofGaussNewton = await spectrumOf('gauss-newton', weights);
    const atStart = await spectrumOf('gauss-newton', start);
    return {
      numbers: {
        parameters: ofHessian.size,
        losses,
        gaussNewtonNorms,
        residualNorms,
        roundingFloor: ofGaussNewton.roundingFloor,
        roundingFloorStart: atStart.roundingFloor,
      },
      arrays: {
        hessian: { shape: [ofHessian.size], data: ofHessian.values },
        gaussNewton: { shape: [ofGaussNewton.size], data: ofGaussNewton.values },
        gaussNewtonStart: { shape: [atStart.size], data: atStart.values },
        ...(output === 'real' ? { permutedNorms: { shape: [at.length, permutations], data: permutedNorms } } : {}),
      },
      uses: { datasets: [{ name: data.name, checksum: data.checksum }] },
    };
  },

  cost({ output, samples, side, hidden, at, permutations }) {
    const parameters = parameterCount(mlp([side * side, ...hidden, output === 'classes' ? 10 : 1]));
    const matrices = at.length * (2 + (output === 'real' ? permutations : 0)) + 3;
    return {
      flops:
        flopsOf.training(at[at.length - 1], samples, parameters) +
        matrices * flopsOf.hessian(samples, parameters) +
        3 * flopsOf.eigenvalues(parameters),
      memory: 3 * 8 * parameters ** 2,
    };
  },
});

/** The data with targets that give each sample the slope f - y of another, by a random permutation. */
function dealAnew({ data, outputs }: DenseObjective, weights: Float64Array, random: RandomStream): Dataset {
  const f = outputs(weights);
  const from = random.permutation(data.count);
  return { ...data, targets: f.map((value, n) => value - (f[from[n]] - data.targets![from[n]])) };
}

function frobeniusNorm(entries: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < entries.length; i++) squares += entries[i] * entries[i];
  return Math.sqrt(squares);
}
