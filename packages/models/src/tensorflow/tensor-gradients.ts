import { type Dataset, select } from '../dataset.js';
import type { DenseNetwork } from '../network.js';
import type { Gradients } from '../training/gradients.js';
import { assertActive, type TensorBackend } from './backend.js';
import { sampleTensors } from './dense-tensors.js';
import { addGradient, tensorObjective } from './tensor-objective.js';

/** The gradients of training by tfjs, in float32. */
export function tensorGradients(backend: TensorBackend, network: DenseNetwork, data: Dataset): Gradients<DenseNetwork> {
  const objective = tensorObjective(backend, network, data);
  const { tf } = backend;
  return {
    network,
    data,
    objective,
    ofSamples(indices, weights, gradient) {
      assertActive(backend);
      gradient.fill(0);
      let loss = 0;
      tf.tidy(() => {
        const samples = sampleTensors(tf, network, select(data, indices));
        loss = addGradient(tf, network, samples, weights, 1, gradient);
      });
      return { loss };
    },
    dispose: objective.dispose,
  };
}
