import { eigenvalues, exactHessian } from '@hessian-rmt/curvature';
import { type Dataset, mlp } from '@hessian-rmt/models';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';

export type LinearModelConfig = {
  /** M of the paper: parameters. */
  readonly parameters: number;
  /** N of the paper: samples. */
  readonly samples: number;
  /** Eigenvalues of the population covariance that differ from one. */
  readonly spikes: readonly number[];
  /** Law of the independent entries, of mean zero and variance one: normal, or +1 and -1 alike. */
  readonly entries: 'normal' | 'signs';
  /** Independent matrices. */
  readonly draws: number;
};

/**
 * Generalised Gauss-Newton matrices of linear regression on independent inputs (Sagun et al. 2017, App. B): there the
 * scaled gradient of a sample is the input itself, so G = X X^T / N with independent entries, its rows scaled by the
 * square roots of the spikes. Returns the spectra, draws x parameters, each ascending.
 */
export const linearModel = defineUnitKind<LinearModelConfig>({
  name: 'linear-model',
  module: import.meta.url,

  async run({ parameters, samples, spikes, entries, draws }, { random, linearAlgebra, progress }) {
    const network = mlp([parameters, 1], { activation: 'identity', loss: 'squared-error', bias: false });
    const spectra = new Float64Array(draws * parameters);
    let roundingFloor = 0;
    for (let draw = 0; draw < draws; draw++) {
      progress(draw / draws, `matrix ${draw + 1} of ${draws}`);
      const name = `${parameters}x${samples}-${entries}-spikes-${spikes.join('-')}`;
      const drawn = random.stream(name).stream(`draw-${draw}`);
      const normals = drawn.normals(samples * parameters);
      const inputs = entries === 'normal' ? normals : normals.map(Math.sign);
      const data = regressionOn(scaleColumns(inputs, parameters, spikes), parameters);
      const gaussNewton = await exactHessian(network, new Float64Array(parameters), data, {
        part: 'gauss-newton',
        linearAlgebra,
      });
      const spectrum = await eigenvalues(gaussNewton, { linearAlgebra, overwrite: true });
      spectra.set(spectrum.values, draw * parameters);
      roundingFloor = Math.max(roundingFloor, spectrum.roundingFloor);
    }
    return { numbers: { roundingFloor }, arrays: { spectra: { shape: [draws, parameters], data: spectra } } };
  },

  cost({ parameters, samples, draws }) {
    return {
      flops: draws * (flopsOf.hessian(samples, parameters) + flopsOf.eigenvalues(parameters)),
      // 30 ns a normal number.
      seconds: draws * samples * parameters * 3e-8,
      memory: 2 * 8 * parameters * (samples + parameters),
    };
  },
});

function scaleColumns(inputs: Float64Array, columns: number, spikes: readonly number[]): Float64Array {
  for (let row = 0; row < inputs.length; row += columns) {
    spikes.forEach((spike, column) => {
      inputs[row + column] *= Math.sqrt(spike);
    });
  }
  return inputs;
}

/** The targets do not matter to G. */
function regressionOn(inputs: Float64Array, dimension: number): Dataset {
  const count = inputs.length / dimension;
  return {
    name: 'independent normal inputs',
    count,
    dimension,
    classes: 0,
    inputs,
    labels: new Uint8Array(),
    targets: new Float64Array(count),
    checksum: '',
  };
}
