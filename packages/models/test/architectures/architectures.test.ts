import { describe, expect, it } from 'vitest';
import { inOrder } from '../../src/convolutional/layout.js';
import {
  alexNet32,
  type ConvolutionalNetwork,
  leNet,
  type ParameterBlock,
  parameterBlocks,
  placedLayers,
  preResNet,
  vgg16,
  vggLike,
} from '../../src/index.js';

const colour = (side: number) => ({ height: side, width: side, channels: 3 });
const cifar10 = { input: colour(32), classes: 10 };
const cifar100 = { input: colour(32), classes: 100 };

function count(network: ConvolutionalNetwork, wanted: (block: ParameterBlock) => boolean = () => true): number {
  return parameterBlocks(network)
    .filter(wanted)
    .reduce((sum, { size }) => sum + size, 0);
}

const ofNormalisation = ({ kind }: ParameterBlock) => kind === 'scale' || kind === 'shift';
const countOf = (network: ConvolutionalNetwork, kind: string) =>
  inOrder(placedLayers(network)).filter(({ layer }) => layer.kind === kind).length;

describe('PreResNet', () => {
  it('of depth 110 has as many parameters as that of Granziol et al. 2020', () => {
    expect(count(preResNet(110, cifar10))).toBe(1_146_842);
    expect(count(preResNet(110, cifar100))).toBe(1_169_972);
  });

  it('of depth 20 has the 6n + 2 layers of basic blocks, counted by hand', () => {
    const kernels = 9 * (3 * 16 + 6 * 16 * 16 + 16 * 32 + 5 * 32 * 32 + 32 * 64 + 5 * 64 * 64);
    const projections = 16 * 32 + 32 * 64;
    const normalisations = 2 * (6 * 16 + 16 + 5 * 32 + 32 + 5 * 64 + 64);
    expect(count(preResNet(20, cifar10))).toBe(kernels + projections + normalisations + 65 * 10);
  });

  it.each([
    [8, 3],
    [20, 9],
    [38, 18],
    [47, 15],
    [110, 36],
  ])('of depth %i has so many convolutions and dense layers besides the projections, in %i blocks', (depth, blocks) => {
    const network = preResNet(depth, { ...cifar10, widths: [2, 2, 3] });
    const layers = inOrder(placedLayers(network));
    const weighted = layers.filter(
      ({ layer }) => layer.kind === 'dense' || (layer.kind === 'convolution' && !layer.name.endsWith('.projection')),
    );
    expect(weighted).toHaveLength(depth);
    expect(countOf(network, 'residual')).toBe(blocks);
  });

  it('projects where the shape changes: from the second stage on, with bottlenecks from the first', () => {
    const projections = (depth: number) =>
      parameterBlocks(preResNet(depth, cifar10)).filter(({ name }) => name.includes('projection'));
    expect(projections(20).map(({ name, shape }) => [name, ...shape])).toEqual([
      ['stage2.block1.projection.kernel', 1, 1, 16, 32],
      ['stage3.block1.projection.kernel', 1, 1, 32, 64],
    ]);
    expect(projections(47).map(({ shape }) => shape)).toEqual([
      [1, 1, 16, 64],
      [1, 1, 64, 128],
      [1, 1, 128, 256],
    ]);
  });

  it.each([8, 16, 32])('of images with side %i averages a quarter of the side, and has the same parameters', (side) => {
    const network = preResNet(8, { input: colour(side), classes: 10, widths: [4, 8, 16] });
    expect(count(network)).toBe(count(preResNet(8, { ...cifar10, widths: [4, 8, 16] })));
    const pooling = placedLayers(network).at(-2)!;
    expect(pooling).toMatchObject({ input: { height: side / 4, channels: 16 }, output: { height: 1, width: 1 } });
  });

  it.each([
    [9, colour(32), 'depth must be 6n + 2 below 44 and 9n + 2 from there on, n >= 1; found 9'],
    [2, colour(32), 'found 2'],
    [44, colour(32), 'found 44'],
    [8, colour(6), 'expected square images with a side that 4 divides, found 6 x 6'],
    [8, { height: 8, width: 16, channels: 1 }, 'found 8 x 16'],
  ])('of depth %i for images of %o is refused', (depth, input, message) => {
    expect(() => preResNet(depth, { input, classes: 10 })).toThrow(message);
  });
});

describe('VGG-16', () => {
  it('has the parameters of Granziol et al. 2020, and those of its normalisations besides', () => {
    const network = vgg16(cifar100);
    expect(count(network, (block) => !ofNormalisation(block))).toBe(15_291_300);
    expect(count(network, ofNormalisation)).toBe(8_448);
    expect(count(vgg16({ ...cifar100, normalised: false }))).toBe(15_291_300);
  });

  it('has 13 convolutions, 5 poolings, 3 dense layers, and dropout before the first two', () => {
    const kinds = placedLayers(vgg16(cifar10)).map(({ layer }) => layer.kind);
    expect(kinds.filter((kind) => kind === 'convolution')).toHaveLength(13);
    expect(kinds.filter((kind) => kind === 'max-pooling')).toHaveLength(5);
    expect(kinds.slice(-7)).toEqual(['dropout', 'dense', 'relu', 'dropout', 'dense', 'relu', 'dense']);
    const plain = vgg16({ ...cifar10, dropout: 0, normalised: false });
    expect([countOf(plain, 'dropout'), countOf(plain, 'batch-normalisation')]).toEqual([0, 0]);
  });

  it('says so when it is another network, and takes smaller images then', () => {
    const options = {
      stages: [
        { convolutions: 1, width: 8 },
        { convolutions: 2, width: 16 },
      ],
      hidden: [32],
    };
    const network = vggLike({ input: colour(8), classes: 10, ...options });
    expect(network.name).toBe('VGG-like, 5 layers with batch normalisation (1x8, 2x16; dense 32)');
    expect(count(network)).toBe(9 * (3 * 8 + 8 * 16 + 16 * 16) + 3 * (8 + 2 * 16) + (4 * 16 + 1) * 32 + 33 * 10);
    expect(() => vgg16({ input: colour(16), classes: 10 })).toThrow('does not fit into 1 x 1 x 512');
  });
});

describe('LeNet', () => {
  it('has the sizes of LeNet-5 for MNIST', () => {
    const network = leNet({ input: { height: 28, width: 28, channels: 1 }, classes: 10 });
    expect(count(network)).toBe(6 * 26 + 16 * (150 + 1) + 401 * 120 + 121 * 84 + 85 * 10);
    expect(count(network)).toBe(61_706);
  });

  it('takes images of 8 x 8 with kernels of size 3', () => {
    const small = {
      input: { height: 8, width: 8, channels: 1 },
      classes: 10,
      channels: [2, 3],
      hidden: [5, 4],
    } as const;
    expect(count(leNet({ ...small, size: 3 }))).toBe(20 + 57 + 20 + 24 + 50);
    expect(() => leNet(small)).toThrow('does not fit into 4 x 4 x 2');
  });
});

describe('AlexNet for small images', () => {
  it('has the channels and kernels of Krizhevsky 2014', () => {
    const network = alexNet32(cifar10);
    expect(count(network)).toBe(2_472_266);
    const kernels = parameterBlocks(network).filter(({ kind }) => kind === 'kernel');
    expect(kernels.map(({ shape: [size, , inputs, outputs] }) => [size, inputs, outputs])).toEqual([
      [11, 3, 64],
      [5, 64, 192],
      [3, 192, 384],
      [3, 384, 256],
      [3, 256, 256],
    ]);
  });

  it.each([8, 16, 32, 64])('leaves 8 x 8 pixels after its first convolution of images with side %i', (side) => {
    const network = alexNet32({ input: colour(side), classes: 10, channels: [2, 2, 2, 2, 2], hidden: [3] });
    expect(placedLayers(network)[0].output).toEqual({ height: 8, width: 8, channels: 2 });
  });

  it('refuses other sizes', () => {
    expect(() => alexNet32({ input: colour(28), classes: 10 })).toThrow('a side of 8 times an integer, found 28 x 28');
  });
});
