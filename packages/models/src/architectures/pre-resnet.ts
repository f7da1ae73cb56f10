import { placedLayers } from '../convolutional/layout.js';
import type { ConvolutionalNetwork, Layer } from '../convolutional/network.js';
import type { ImageShape } from '../dataset.js';
import { convolution, dense, normalisation, relu } from './layers.js';

export interface PreResNetOptions {
  readonly input: ImageShape;
  readonly classes: number;
  /** Of the three stages. Default 16, 32, 64 (He et al. 2016, sec. 4.2 of the first paper). */
  readonly widths?: readonly [number, number, number];
}

/** From this depth on blocks are bottlenecks, as in the code of Granziol et al. 2020. */
const bottlenecksFrom = 44;
/** A bottleneck gives this many times its width. */
const expansion = 4;

/**
 * A residual network with normalisation and ReLU before each convolution (He et al. 2016, Identity Mappings in Deep
 * Residual Networks), for small images: a convolution, three stages of blocks at full, half and quarter resolution, a last
 * normalisation and ReLU, the mean over all pixels, one dense layer.
 *
 * Depth is 6n + 2 below 44, with n basic blocks a stage (3x3, 3x3), and 9n + 2 from there on, with bottlenecks (1x1, 3x3,
 * 1x1 of four times the width). Where a block changes the shape its shortcut is a 1x1 convolution of the block's raw input,
 * without normalisation; elsewhere it is the identity. Convolutions have no bias. PreResNet-110 has 1,146,842 parameters
 * for CIFAR-10 and 1,169,972 for CIFAR-100, those of Granziol et al. 2020, sec. 6.
 *
 * @throws RangeError for another depth or images that are not square with sides that 4 divides
 */
export function preResNet(
  depth: number,
  { input, classes, widths = [16, 32, 64] }: PreResNetOptions,
): ConvolutionalNetwork {
  const block = depth >= bottlenecksFrom ? bottleneck : basicBlock;
  const convolutions = block === bottleneck ? 9 : 6;
  const blocks = (depth - 2) / convolutions;
  if (!Number.isSafeInteger(blocks) || blocks < 1) {
    const expected = `6n + 2 below ${bottlenecksFrom} and 9n + 2 from there on, n >= 1`;
    throw new RangeError(`preResNet: depth must be ${expected}; found ${depth}`);
  }
  const { height, width } = input;
  if (height !== width || height % 4 !== 0) {
    throw new RangeError(`preResNet: expected square images with a side that 4 divides, found ${height} x ${width}`);
  }

  let channels = widths[0];
  const stages = widths.flatMap((stageWidth, stage) =>
    Array.from({ length: blocks }, (_, n): Layer => {
      const name = `stage${stage + 1}.block${n + 1}`;
      const stride = stage > 0 && n === 0 ? 2 : 1;
      const { branch, outputs } = block(name, stageWidth, stride);
      const changes = stride !== 1 || channels !== outputs;
      channels = outputs;
      const projection = () => convolution(`${name}.projection`, outputs, 1, { stride, bias: false });
      return { kind: 'residual', branch, shortcut: changes ? [projection()] : [] };
    }),
  );
  const network: ConvolutionalNetwork = {
    kind: 'convolutional',
    name: `PreResNet-${depth} (widths ${widths.join(', ')})`,
    input,
    classes,
    loss: 'softmax-cross-entropy',
    layers: [
      convolution('first.conv', widths[0], 3, { bias: false }),
      ...stages,
      normalisation('last.norm'),
      relu,
      { kind: 'average-pooling', size: height / 4, stride: height / 4 },
      dense('last.dense', classes),
    ],
  };
  placedLayers(network);
  return network;
}

function basicBlock(name: string, width: number, stride: number) {
  const branch = [
    normalisation(`${name}.norm1`),
    relu,
    convolution(`${name}.conv1`, width, 3, { stride, bias: false }),
    normalisation(`${name}.norm2`),
    relu,
    convolution(`${name}.conv2`, width, 3, { bias: false }),
  ];
  return { branch, outputs: width };
}

function bottleneck(name: string, width: number, stride: number) {
  const branch = [
    normalisation(`${name}.norm1`),
    relu,
    convolution(`${name}.conv1`, width, 1, { bias: false }),
    normalisation(`${name}.norm2`),
    relu,
    convolution(`${name}.conv2`, width, 3, { stride, bias: false }),
    normalisation(`${name}.norm3`),
    relu,
    convolution(`${name}.conv3`, expansion * width, 1, { bias: false }),
  ];
  return { branch, outputs: expansion * width };
}
