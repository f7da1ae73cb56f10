import { eigenvalues, exactHessian } from '@hessian-rmt/curvature';
import { type Dataset, mlp } from '@hessian-rmt/models';
import { defineUnitKind } from '@hessian-rmt/replication';

export type LinearModelConfig = {
  /** M of the paper: parameters. */
  readonly parameters: number;
  /** N of the paper: samples. */
  readonly samples: number;
  /** Eigenvalues of the population covariance that differ from one. */
  readonly spikes: readonly number[];
};

/**
 * Generalised Gauss-Newton matrix of linear regression on independent inputs (Sagun et al. 2017, App. B): there the
 * scaled gradient of a sample is the input itself, so G = X X^T / N with independent entries, its rows scaled by the
 * square roots of the spikes.
 */
export const linearModel = defineUnitKind<LinearModelConfig>({
  name: 'linear-model',
  module: import.meta.url,

  async run({ parameters, samples, spikes }, { random, linearAlgebra, progress }) {
    const inputs = random.stream('inputs').normals(samples * parameters);
    for (let n = 0; n < samples; n++) {
      spikes.forEach((spike, i) => {
        inputs[n * parameters + i] *= Math.sqrt(spike);
      });
    }
    const data: Dataset = {
      name: 'independent normal inputs',
      count: samples,
      dimension: parameters,
      classes: 0,
      inputs,
      labels: new Uint8Array(),
      targets: new Float64Array(samples),
      checksum: '',
    };
    const network = mlp([parameters, 1], { activation: 'identity', loss: 'squared-error', bias: false });
    const gaussNewton = await exactHessian(network, new Float64Array(parameters), data, {
      part: 'gauss-newton',
      linearAlgebra,
      progress: (done) => progress(0.5 * done, 'Gauss-Newton matrix'),
    });
    progress(0.5, 'eigenvalues');
    const spectrum = await eigenvalues(gaussNewton, { linearAlgebra, overwrite: true });
    return {
      numbers: { roundingFloor: spectrum.roundingFloor },
      arrays: { spectrum: { shape: [parameters], data: spectrum.values } },
    };
  },
});
