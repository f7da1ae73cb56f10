import { exactHessian } from '@hessian-rmt/curvature';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { type ModelConfig, modelOf, parametersOf, weightsAt } from './network-point.js';
import { difference, squaredNorm } from './symmetric.js';

export type ElementNoiseConfig = {
  readonly model: ModelConfig;
  readonly trueSamples: number;
  readonly sizes: readonly number[];
  /** Independent samples of each size. */
  readonly draws: number;
  /** Places j <= k of the Hessian, drawn once. */
  readonly elements: number;
};

/**
 * Elements of the empirical Hessian less the true one at initial weights, sizes x draws x elements, and the squared norm of
 * the whole difference, sizes x draws (Lemma 2).
 */
export const elementNoise = defineUnitKind<ElementNoiseConfig>({
  name: 'element-noise',
  module: import.meta.url,

  async run({ model, trueSamples, sizes, draws, elements }, { random, linearAlgebra, progress }) {
    const { network, source } = modelOf(model, random);
    const weights = await weightsAt(network, null, source.draw(1, random), random, linearAlgebra);
    const hessianOf = async (count: number, name: string) =>
      (await exactHessian(network, weights, source.draw(count, random.stream(name)), { linearAlgebra })).data;
    const matrix = await hessianOf(trueSamples, 'true Hessian');
    const n = weights.length;
    const places = random.stream('places');
    const chosen = Array.from({ length: elements }, () => {
      const [j, k] = [places.integer(n), places.integer(n)];
      return j * n + k;
    });
    const noise = new Float64Array(sizes.length * draws * elements);
    const norms = new Float64Array(sizes.length * draws);
    for (const [s, size] of sizes.entries()) {
      for (let draw = 0; draw < draws; draw++) {
        const at = s * draws + draw;
        progress(at / norms.length, `${size} samples`);
        const deviation = difference(await hessianOf(size, `samples-${size}-${draw}`), matrix);
        norms[at] = squaredNorm(deviation);
        chosen.forEach((place, e) => {
          noise[at * elements + e] = deviation[place];
        });
      }
    }
    return {
      numbers: { parameters: n },
      arrays: {
        noise: { shape: [sizes.length, draws, elements], data: noise },
        norms: { shape: [sizes.length, draws], data: norms },
      },
    };
  },

  cost({ model, trueSamples, sizes, draws }) {
    const n = parametersOf(model);
    const samples = trueSamples + draws * sizes.reduce((sum, size) => sum + size, 0);
    // A call takes half a millisecond whatever its size.
    return { flops: flopsOf.hessian(samples, n), seconds: sizes.length * draws * 5e-4, memory: 256e6 };
  },
});
