import { eigenvalues, exactHessian } from '@hessian-rmt/curvature';
import {
  type Activation,
  denseObjective,
  gaussianClusters,
  initialWeights,
  mlp,
  parameterCount,
  principalComponents,
  train,
} from '@hessian-rmt/models';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';

/** A network trained on Gaussian clusters; sizes and training as `type`, so that it is plain JSON. */
export type ClusterConfig = {
  readonly clusters: number;
  readonly covariance: number;
  readonly samples: number;
  readonly dimension: number;
  readonly centreScale: number;
  readonly hidden: readonly number[];
  readonly activation: Activation;
  readonly algorithm: 'gd' | 'sgd';
  readonly batch: number;
  readonly rate: number;
  readonly steps: number;
};

/**
 * Draws the clusters, trains, and takes the whole spectrum of the exact Hessian of the training loss at the end
 * (Sagun et al. 2017, sec. 3.1 and App. A), with the principal components of the data beside it (Fig. 2).
 */
export const clusterSpectrum = defineUnitKind<ClusterConfig>({
  name: 'cluster-spectrum',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { clusters, covariance, samples, dimension, centreScale, activation, algorithm, batch, rate, steps } = config;
    // Rows that differ in clusters, covariance or activation are drawn apart, so that the table is not one draw nineteen
    // times; GD and SGD, and the variations of an open choice, start from the same point on purpose.
    const drawn = random.stream(`clusters-${clusters}`).stream(`covariance-${covariance}`).stream(activation);
    const data = gaussianClusters(
      { count: clusters, samples, dimension, covariance, centreScale },
      drawn.stream('data'),
    );
    const network = mlp([dimension, ...config.hidden, clusters], { activation });
    const training = await train(
      network,
      initialWeights(network, drawn.stream('initial weights')),
      data,
      algorithm === 'gd' ? { algorithm, rate, steps } : { algorithm, batch, rate, steps },
      drawn.stream('training'),
      { linearAlgebra, progress: (done, doing) => progress(0.6 * done, doing) },
    );
    const hessian = await exactHessian(network, training.weights, data, {
      linearAlgebra,
      progress: (done) => progress(0.6 + 0.2 * done, 'Hessian'),
    });
    progress(0.8, 'eigenvalues');
    const spectrum = await eigenvalues(hessian, { linearAlgebra, overwrite: true });
    const principal = await principalComponents(data, linearAlgebra);
    return {
      numbers: {
        parameters: spectrum.size,
        loss: training.history[training.history.length - 1].loss,
        accuracy: denseObjective(network, data, linearAlgebra).accuracy(training.weights),
        roundingFloor: spectrum.roundingFloor,
      },
      arrays: {
        spectrum: { shape: [spectrum.values.length], data: spectrum.values },
        principalComponents: { shape: [dimension], data: principal },
      },
      uses: { datasets: [{ name: data.name, checksum: data.checksum }] },
    };
  },

  cost({ dimension, hidden, clusters, samples, batch, steps }) {
    const parameters = parameterCount(mlp([dimension, ...hidden, clusters]));
    return {
      flops:
        flopsOf.training(steps, batch, parameters) +
        flopsOf.hessian(samples, parameters) +
        flopsOf.eigenvalues(parameters),
      memory: 8 * parameters ** 2,
    };
  },
});
