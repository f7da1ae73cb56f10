import { outputLosses, type Wanted } from '../../dense/output-loss.js';
import type { LossName } from '../../network.js';
import type { GradConfig, Scalar, Tensor, TensorFlow } from '../types.js';
import { type Inputs, registerKernel, runKernel } from './own-kernels.js';

/** What the samples of some outputs should give, and who is told the loss in float64. */
export interface OutputTargets {
  readonly loss: LossName;
  readonly wanted: Wanted;
  readonly onLoss?: (sum: number) => void;
}

const LOSS = 'SampleLosses';
const DELTA = 'SampleLossesDelta';
const CURVATURE = 'SampleLossesCurvature';

/**
 * Sum over samples of the loss of outputs z (samples x outputs), once and twice differentiable. Losses and their derivatives
 * by z are computed in float64, off the backend (outputLosses): outputs are few, and in float32 all would be lost where a
 * softmax network is nearly certain.
 */
export function summedLoss(tf: TensorFlow, z: Tensor, targets: OutputTargets): Scalar {
  return runKernel(tf, LOSS, { z }, targets) as Scalar;
}

export function registerOutputLosses(tf: TensorFlow): void {
  const onHost = (z: Tensor, compute: (z: Float64Array, count: number, width: number, into: Float64Array) => void) => {
    const [count, width] = z.shape as [number, number];
    const into = new Float64Array(count * width);
    compute(Float64Array.from(z.dataSync()), count, width, into);
    return tf.tensor2d(Float32Array.from(into), [count, width]);
  };
  registerKernel(tf, LOSS, ({ z }: Inputs, { loss, wanted, onLoss }: OutputTargets) => {
    let sum = 0;
    onHost(z, (values, count, width, delta) => {
      sum = outputLosses[loss].gradient(values, wanted, count, width, 1, delta);
    });
    onLoss?.(sum);
    return tf.scalar(sum);
  });
  registerKernel(tf, DELTA, ({ z }: Inputs, { loss, wanted }: OutputTargets) =>
    onHost(z, (values, count, width, delta) => {
      outputLosses[loss].gradient(values, wanted, count, width, 1, delta);
    }),
  );
  registerKernel(tf, CURVATURE, ({ z, t }: Inputs, { loss }: OutputTargets) =>
    onHost(z, (values, count, width, product) => {
      const tangent = Float64Array.from(t.dataSync());
      outputLosses[loss].hessianProduct(values, tangent, count, width, 1, product);
    }),
  );
}

/** Two derivatives: the third is an error, for the curvature has no gradient. */
export function outputLossGradients(tf: TensorFlow): GradConfig[] {
  return [
    {
      kernelName: LOSS,
      inputsToSave: ['z'],
      gradFunc: (dy, [z], targets) => ({ z: () => tf.mul(runKernel(tf, DELTA, { z }, targets), dy as Tensor) }),
    },
    {
      kernelName: DELTA,
      inputsToSave: ['z'],
      gradFunc: (dy, [z], targets) => ({ z: () => runKernel(tf, CURVATURE, { z, t: dy as Tensor }, targets) }),
    },
  ];
}
