import type { Dataset } from '../../../src/dataset.js';
import type { Activation, DenseNetwork } from '../../../src/network.js';

/*
 * The network of network.ts as a naive float64 transcription of its definition: loops over samples, units and inputs.
 * Derivatives are taken by differences (differences.ts), so nothing here knows about gradients. Lest a difference step
 * over the kink of a ReLU, its units are on or off as they are at the weights `at`, whatever the step.
 */

export function referenceOutputs(
  network: DenseNetwork,
  weights: readonly number[],
  input: ArrayLike<number>,
  at: readonly number[] = weights,
): number[] {
  let a = Array.from(input);
  let aThere = a;
  let offset = 0;
  for (let l = 1; l < network.widths.length; l++) {
    const z: number[] = [];
    const zThere: number[] = [];
    for (let i = 0; i < network.widths[l]; i++) {
      let zi = 0;
      let ziThere = 0;
      for (let j = 0; j < a.length; j++, offset++) {
        zi += weights[offset] * a[j];
        ziThere += at[offset] * aThere[j];
      }
      if (network.bias) {
        zi += weights[offset];
        ziThere += at[offset++];
      }
      z.push(zi);
      zThere.push(ziThere);
    }
    const activation = l === network.widths.length - 1 ? 'identity' : network.activation;
    a = z.map((zi, i) => activate(activation, zi, zThere[i]));
    aThere = zThere.map((zi) => activate(activation, zi, zi));
  }
  return a;
}

function activate(activation: Activation, z: number, there: number): number {
  if (activation === 'identity') return z;
  if (activation === 'tanh') return Math.tanh(z);
  return there > 0 ? z : 0;
}

/** One-hot labels, or the targets. */
export function referenceTargets(network: DenseNetwork, data: Dataset, n: number): number[] {
  const outputs = network.widths[network.widths.length - 1];
  if (data.targets) return Array.from(data.targets.subarray(n * outputs, (n + 1) * outputs));
  return Array.from({ length: outputs }, (_, i) => (data.labels[n] === i ? 1 : 0));
}

export function referenceOutputLoss(network: DenseNetwork, z: readonly number[], y: readonly number[]): number {
  if (network.loss === 'squared-error') return z.reduce((sum, zi, i) => sum + (zi - y[i]) ** 2 / 2, 0);
  const total = z.reduce((sum, zi) => sum + Math.exp(zi), 0);
  return -z.reduce((sum, zi, i) => sum + y[i] * (zi - Math.log(total)), 0);
}

export function inputOf(data: Dataset, n: number): Float64Array {
  return data.inputs.subarray(n * data.dimension, (n + 1) * data.dimension);
}

export function referenceLoss(
  network: DenseNetwork,
  data: Dataset,
  weights: readonly number[],
  at: readonly number[] = weights,
): number {
  let sum = 0;
  for (let n = 0; n < data.count; n++) {
    const z = referenceOutputs(network, weights, inputOf(data, n), at);
    sum += referenceOutputLoss(network, z, referenceTargets(network, data, n));
  }
  return sum / data.count;
}
