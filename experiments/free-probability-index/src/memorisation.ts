import { type Dataset, type DenseNetwork, mlp } from '@hessian-rmt/models';
import type { RandomStream } from '@hessian-rmt/numerics';

/** A square network of one hidden layer without biases, n = inputs = hidden units = outputs, so P = 2 n^2 (sec. 2). */
export function squareNetwork(size: number, activation: DenseNetwork['activation']): DenseNetwork {
  return mlp([size, size, size], { activation, bias: false, loss: 'squared-error' });
}

/** phi = 2 n / m: parameters over effective examples, n m of them since each of the n targets counts as one (sec. 2). */
export const phiOf = (size: number, samples: number): number => (2 * size) / samples;

/** The memorisation task of sec. 6.4: m inputs and targets, all standard normal. */
export function memorisationTask(size: number, samples: number, random: RandomStream): Dataset {
  return {
    name: 'standard normal inputs and targets',
    checksum: `drawn from ${random.name}`,
    count: samples,
    dimension: size,
    classes: 0,
    inputs: random.stream('inputs').normals(samples * size),
    labels: new Uint8Array(0),
    targets: random.stream('targets').normals(samples * size),
  };
}

/** Mean of y^2, 1 but for sampling: energies are divided by it, since it moves them by 2 to 3 % at n = 16. */
export function meanSquaredTarget({ targets = new Float64Array(0) }: Dataset): number {
  return targets.reduce((sum, y) => sum + y * y, 0) / targets.length;
}
