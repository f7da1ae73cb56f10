import {
  type Dataset,
  type DenseNetwork,
  denseObjective,
  initialWeights,
  mlp,
  type Weights,
} from '@hessian-rmt/models';
import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';

/** A ReLU autoencoder of one hidden layer without biases (secs. 2, 5.2 and 6). */
export function autoencoder(inputs: number, hidden = inputs): DenseNetwork {
  return mlp([inputs, hidden, inputs], { activation: 'relu', bias: false, loss: 'squared-error' });
}

/** Normal weights of variance 1 / fan-in in both layers: H_0 of a square network then has mean eigenvalue 1/2. */
export function normalWeights(network: DenseNetwork, random: RandomStream): Weights {
  return initialWeights(network, random).map((weight) => weight * Math.SQRT1_2);
}

/** e = yhat - y, count x outputs. */
export function residualsOf(
  network: DenseNetwork,
  weights: Weights,
  data: Dataset,
  linearAlgebra: LinearAlgebra,
): Float64Array {
  return denseObjective(network, data, linearAlgebra)
    .outputs(weights)
    .map((output, i) => output - data.targets![i]);
}

/** epsilon, the loss over the number of outputs: half the mean square of the residuals. */
export function energyOf(residuals: Float64Array): number {
  return residuals.reduce((sum, e) => sum + e * e, 0) / (2 * residuals.length);
}

/**
 * The spectrum of H_1 of a one-hidden-layer ReLU network for any residuals e, ascending.
 *
 * H_1 couples the incoming weights of a hidden unit with its outgoing ones and with nothing else, by the matrix
 * B_k = (1/m) sum over the samples that unit k is on of e x^T (sec. 6.1). So its eigenvalues are those of one block
 * [0, B_k; B_k^T, 0] for each unit: plus and minus the singular values of B_k.
 *
 * @param residuals  count x outputs; as many outputs as inputs
 */
export async function residualSpectrum(
  network: DenseNetwork,
  weights: Weights,
  data: Dataset,
  residuals: Float64Array,
  linearAlgebra: LinearAlgebra,
): Promise<Float64Array> {
  const { count, dimension: n } = data;
  const hidden = network.widths[1];
  const eigenvalues = new Float64Array(2 * n * hidden);
  const inputs = new Float64Array(count * n);
  const errors = new Float64Array(count * n);
  const block = new Float64Array(n * n);
  for (let k = 0; k < hidden; k++) {
    const incoming = weights.subarray(k * n, (k + 1) * n);
    let active = 0;
    for (let sample = 0; sample < count; sample++) {
      const x = data.inputs.subarray(sample * n, (sample + 1) * n);
      if (!(dot(incoming, x) > 0)) continue;
      inputs.set(x, active * n);
      errors.set(residuals.subarray(sample * n, (sample + 1) * n), active * n);
      active++;
    }
    if (active === 0) continue; // a dead unit's block is zero
    linearAlgebra.gemm({
      transposeA: true,
      m: n,
      n,
      k: active,
      alpha: 1 / count,
      a: errors,
      lda: n,
      b: inputs,
      ldb: n,
      c: block,
      ldc: n,
    });
    const { singularValues } = await linearAlgebra.svd(block, n, n);
    singularValues.forEach((value, i) => {
      eigenvalues[2 * (k * n + i)] = value;
      eigenvalues[2 * (k * n + i) + 1] = -value;
    });
  }
  return eigenvalues.sort();
}

/**
 * How many directions of weight space leave every output as it is, to first order: for each hidden unit one of rescaling
 * its incoming against its outgoing weights, and where it is on for fewer samples than there are inputs, the incoming
 * directions orthogonal to these samples.
 */
export function nullDirections(
  network: DenseNetwork,
  weights: Weights,
  { count, dimension: n, inputs }: Dataset,
): number {
  let total = 0;
  for (let k = 0; k < network.widths[1]; k++) {
    const incoming = weights.subarray(k * n, (k + 1) * n);
    let active = 0;
    for (let sample = 0; sample < count; sample++) {
      if (dot(incoming, inputs.subarray(sample * n, (sample + 1) * n)) > 0) active++;
    }
    // A unit that is never on has no say: its n incoming and n outgoing weights are all free.
    total += active === 0 ? 2 * n : 1 + Math.max(0, n - active);
  }
  return total;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** What a histogram beside a curve lets one see: the agreements of the paper's figures are of this kind. */
export const agreementByEye = {
  distance: 0.05,
  because: 'seen by eye in the paper, read as one eigenvalue in twenty on the wrong side of a point (our choice)',
} as const;
