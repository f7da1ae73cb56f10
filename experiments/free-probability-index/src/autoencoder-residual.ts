import type { Dataset } from '@hessian-rmt/models';
import type { RandomStream } from '@hessian-rmt/numerics';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { kolmogorovSmirnov, productWishart } from '@hessian-rmt/rmt';
import { autoencoder, energyOf, normalWeights, residualSpectrum, residualsOf } from './autoencoder.js';
import { type InputsConfig, inputsOf } from './images.js';
import { phiOf } from './memorisation.js';

export type ResidualConfig = InputsConfig & {
  readonly samples: number;
  /** The network's own, or noise in their place: normal, or of two values alike. */
  readonly residuals: 'own' | 'normal' | 'signs';
  /** epsilon of the noise: its variance is 2 epsilon. Of no account to the network's own residuals. */
  readonly energy: number;
  /** Independent networks. */
  readonly runs: number;
};

/**
 * H_1 of square autoencoders at the random start (Pennington & Bahri 2017, Fig. 3): eigenvalues, runs x 2 n^2, each run
 * ascending; of each run the energy and the Kolmogorov-Smirnov distance from the product Wishart law of that energy.
 */
export const autoencoderResidual = defineUnitKind<ResidualConfig>({
  name: 'autoencoder-residual',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { side, samples, runs } = config;
    const n = side ** 2;
    const inputs = await inputsOf(config, linearAlgebra);
    const network = autoencoder(n);
    const eigenvalues = new Float64Array(runs * 2 * n * n);
    const energies: number[] = [];
    const distances: number[] = [];
    for (let run = 0; run < runs; run++) {
      progress(run / runs, `network ${run + 1} of ${runs}`);
      // The same samples and weights whatever the residuals.
      const drawn = random.stream(`n=${n} m=${samples}`).stream(`run-${run}`);
      const data = inputs.draw(samples, drawn.stream('samples'));
      const weights = normalWeights(network, drawn.stream('weights'));
      const residuals =
        config.residuals === 'own'
          ? residualsOf(network, weights, data, linearAlgebra)
          : noise(config, data, drawn.stream('noise'));
      const energy = config.residuals === 'own' ? energyOf(residuals) : config.energy;
      const spectrum = await residualSpectrum(network, weights, data, residuals, linearAlgebra);
      eigenvalues.set(spectrum, run * spectrum.length);
      energies.push(energy);
      distances.push(kolmogorovSmirnov(spectrum, productWishart({ ratio: phiOf(n, samples), energy })));
    }
    return {
      numbers: { energies, distances },
      arrays: { eigenvalues: { shape: [runs, 2 * n * n], data: eigenvalues } },
      uses: { datasets: [{ name: inputs.name, checksum: inputs.checksum }] },
    };
  },

  cost({ side, samples, runs }) {
    const n = side ** 2;
    return {
      flops: runs * n * (flopsOf.product(n, n, samples / 2) + flopsOf.eigenpairs(n)),
      // Reading the images; law and sort for each eigenvalue.
      seconds: 2 + runs * 2 * n * n * 1e-5,
      memory: 4e8 + runs * 16 * n * n,
    };
  },
});

function noise(
  { energy, residuals }: ResidualConfig,
  { count, dimension }: Dataset,
  random: RandomStream,
): Float64Array {
  const deviation = Math.sqrt(2 * energy);
  const normals = random.normals(count * dimension, deviation);
  return residuals === 'normal' ? normals : normals.map((e) => Math.sign(e) * deviation);
}
