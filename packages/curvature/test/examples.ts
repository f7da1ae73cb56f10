import type { Activation, Dataset, DenseNetwork, LossName, NetworkOptions } from '@hessian-rmt/models';
import { mlp, parameterCount } from '@hessian-rmt/models';
import { randomStream } from '@hessian-rmt/numerics';

/** Random normal inputs, with random labels or normal targets as the network's loss asks. */
export function randomData(network: DenseNetwork, count: number, seed = 1): Dataset {
  const random = randomStream(seed, 'data');
  const dimension = network.widths[0];
  const outputs = network.widths[network.widths.length - 1];
  const classified = network.loss === 'softmax-cross-entropy';
  const draws = random.stream('labels');
  return {
    name: 'random',
    count,
    dimension,
    classes: classified ? outputs : 0,
    inputs: random.stream('inputs').normals(count * dimension),
    labels: classified ? Uint8Array.from({ length: count }, () => draws.integer(outputs)) : new Uint8Array(0),
    ...(classified ? {} : { targets: random.stream('targets').normals(count * outputs) }),
    checksum: '',
  };
}

/** Normal weights of about the size at which all activations are curved and the loss is far from flat. */
export function randomWeights(network: DenseNetwork, seed = 1): Float64Array {
  return randomStream(seed, 'weights').normals(parameterCount(network), 0.6);
}

export const activations: readonly Activation[] = ['identity', 'relu', 'tanh'];
export const losses: readonly LossName[] = ['softmax-cross-entropy', 'squared-error'];

/** Sizes that together take every route: who is narrower, how many units there are, how far layers are apart. */
export const shapes: readonly (readonly number[])[] = [
  [4, 3],
  [9, 2, 3],
  [3, 6, 2],
  [12, 2, 5, 3],
  [9, 2, 5, 3, 3],
];

export interface Example {
  readonly title: string;
  readonly network: DenseNetwork;
}

/** Every shape, activation and loss, with biases; and one network of three layers without. */
export const examples: readonly Example[] = activations.flatMap((activation) =>
  losses.flatMap((loss) => [
    ...shapes.map((widths) => example(widths, { activation, loss })),
    example([5, 3, 4, 2], { activation, loss, bias: false }),
  ]),
);

function example(widths: readonly number[], options: NetworkOptions): Example {
  const bias = options.bias === false ? ', no bias' : '';
  return {
    title: `${widths.join('-')}, ${options.activation}, ${options.loss}${bias}`,
    network: mlp(widths, options),
  };
}

/** Largest |a - b|, as a share of the largest |b|. */
export function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`lengths ${a.length} and ${b.length}`);
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    if (!Number.isFinite(a[i])) return Number.POSITIVE_INFINITY;
    difference = Math.max(difference, Math.abs(a[i] - b[i]));
    largest = Math.max(largest, Math.abs(b[i]));
  }
  return difference === 0 ? 0 : difference / largest;
}
