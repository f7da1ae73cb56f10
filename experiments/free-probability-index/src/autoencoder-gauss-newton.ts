import { eigenvalues, exactHessian } from '@hessian-rmt/curvature';
import { parameterCount } from '@hessian-rmt/models';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { autoencoder, normalWeights, nullDirections } from './autoencoder.js';
import { type InputsConfig, inputsOf } from './images.js';

export type GaussNewtonConfig = InputsConfig & {
  readonly samples: number;
  /** Independent networks. */
  readonly runs: number;
};

/**
 * H_0 of square autoencoders at the random start (Pennington & Bahri 2017, Figs. 4 and 5): eigenvalues, runs x 2 n^2, each
 * run ascending; of each run its rounding floor, how many eigenvalues lie at it, and how many null directions there must be.
 */
export const autoencoderGaussNewton = defineUnitKind<GaussNewtonConfig>({
  name: 'autoencoder-gauss-newton',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { side, samples, runs } = config;
    const n = side ** 2;
    const inputs = await inputsOf(config, linearAlgebra);
    const network = autoencoder(n);
    const size = parameterCount(network);
    const all = new Float64Array(runs * size);
    const memory = new Float64Array(size * size);
    const roundingFloors: number[] = [];
    const zeros: number[] = [];
    const expectedZeros: number[] = [];
    for (let run = 0; run < runs; run++) {
      progress(run / runs, `network ${run + 1} of ${runs}`);
      const drawn = random.stream(`n=${n} m=${samples}`).stream(`run-${run}`);
      const data = inputs.draw(samples, drawn.stream('samples'));
      const weights = normalWeights(network, drawn.stream('weights'));
      const gaussNewton = await exactHessian(network, weights, data, {
        part: 'gauss-newton',
        linearAlgebra,
        into: memory,
      });
      const { values, roundingFloor } = await eigenvalues(gaussNewton, { linearAlgebra, overwrite: true });
      all.set(values, run * size);
      roundingFloors.push(roundingFloor);
      zeros.push(values.filter((value) => Math.abs(value) <= roundingFloor).length);
      expectedZeros.push(nullDirections(network, weights, data));
    }
    return {
      numbers: { roundingFloors, zeros, expectedZeros },
      arrays: { eigenvalues: { shape: [runs, size], data: all } },
      uses: { datasets: [{ name: inputs.name, checksum: inputs.checksum }] },
    };
  },

  cost({ side, samples, runs }) {
    const size = parameterCount(autoencoder(side ** 2));
    return {
      flops: runs * (flopsOf.hessian(samples, size) + flopsOf.eigenvalues(size)),
      seconds: 2,
      memory: 4e8 + 8 * size * (2 * size + runs),
    };
  },
});
