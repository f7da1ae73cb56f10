import { type Network, type PlacedLayer, parametersOf, placedLayers } from '@hessian-rmt/models';
import { batchSize, type Engine, type ShardedProblem } from './sharded-problem.js';

/** A thread with its libraries, before it has anything to compute. */
const thread = 60e6;

/**
 * Numbers that an engine holds for each number that the layers of a network give, as measured for a Hessian-vector
 * product: native, PreResNet-8, -20 and -110 and VGG-16 took 1.8 to 2.5; tensor keeps what two reverse passes need, and
 * PreResNet-8 took 0.5 GB with 32 images on wasm.
 */
const copies: Readonly<Record<Engine['kind'], number>> = { native: 2.5, tensor: 16 };

/** Bytes that one worker takes for itself, about and rather too many. */
export function engineMemory(problem: ShardedProblem, engine: Engine): number {
  const single = engine.kind === 'tensor' || engine.precision === 'float32';
  const activations = copies[engine.kind] * batchSize(problem, engine) * numbersGiven(problem.network);
  const vectors = 4 * parametersOf(problem.network); // weights, vector, gradient and product in the engine's precision
  return thread + (single ? 4 : 8) * (activations + vectors);
}

/** Numbers that all layers give for one sample. */
function numbersGiven(network: Network): number {
  if (network.kind === 'dense') return network.widths.reduce((sum, width) => sum + width, 0);
  return numbersOf(placedLayers(network));
}

function numbersOf(layers: readonly PlacedLayer[]): number {
  return layers.reduce((sum, { output, branch = [], shortcut = [] }) => {
    return sum + output.height * output.width * output.channels + numbersOf(branch) + numbersOf(shortcut);
  }, 0);
}
