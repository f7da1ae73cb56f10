import type { RandomStream } from '@hessian-rmt/numerics';
import { inOrder, type PlacedLayer, placedLayers } from '../convolutional/layout.js';
import type { ConvolutionalNetwork, ParameterBlock } from '../convolutional/network.js';
import type { Weights } from '../network.js';

/**
 * How weights are drawn. Scales of batch normalisation are 1 and shifts 0 in both.
 *
 * - `fan-out`: kernels N(0, 2 / (size^2 outputs)), their biases 0 (He et al. 2015, by the fan-out; so the code of Granziol
 *   et al. 2020 for PreResNet and VGG); dense layers as `uniform`, which is what that code leaves them at
 * - `uniform`: weights and biases uniform within 1 / sqrt(fan-in) of 0, the default of Torch and PyTorch, in which the
 *   experiments of Sagun et al. 2017 were done
 */
export const initialisations = ['fan-out', 'uniform'] as const;
export type Initialisation = (typeof initialisations)[number];

/**
 * Weights to start from. Every layer draws from a stream of its own name, so that a layer keeps its weights when others
 * change.
 *
 * @param scheme  default `fan-out`
 * @throws RangeError for another scheme or a network that is none
 */
export function initialConvolutionalWeights(
  network: ConvolutionalNetwork,
  random: RandomStream,
  scheme: Initialisation = 'fan-out',
): Weights {
  if (!initialisations.includes(scheme)) {
    throw new RangeError(`initial weights: expected one of ${initialisations.join(', ')}; found ${scheme}`);
  }
  const layers = inOrder(placedLayers(network));
  const blocks = layers.flatMap((placed) => placed.parameters.map((block) => ({ placed, block })));
  const weights = new Float64Array(blocks.reduce((sum, { block }) => sum + block.size, 0));
  for (const { placed, block } of blocks) {
    weights.set(initialBlock(block, fanIn(placed), random.stream(block.name), scheme), block.offset);
  }
  return weights;
}

function initialBlock(
  { kind, size, shape }: ParameterBlock,
  inputs: number,
  random: RandomStream,
  scheme: Initialisation,
): Float64Array {
  const values = new Float64Array(size);
  if (kind === 'shift') return values;
  if (kind === 'scale') return values.fill(1);
  if (scheme === 'fan-out') {
    const [kernelHeight, kernelWidth, , outputs] = shape;
    if (kind === 'kernel') return random.normals(size, Math.sqrt(2 / (kernelHeight * kernelWidth * outputs)));
    if (kind === 'bias') return values;
  }
  const bound = 1 / Math.sqrt(inputs);
  return values.map(() => bound * (2 * random.uniform() - 1));
}

/** How many inputs an output is made of, the bias not counted. */
function fanIn({ layer, input }: PlacedLayer): number {
  const pixels = layer.kind === 'convolution' ? layer.size * layer.size : input.height * input.width;
  return pixels * input.channels;
}
