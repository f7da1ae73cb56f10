import { describe, expect, it } from 'vitest';
import {
  convolutionalParameterCount,
  parameterBlocks,
  placedLayers,
  statisticsBlocks,
  statisticsCount,
} from '../../src/convolutional/layout.js';
import type { Convolution, ConvolutionalNetwork, Layer } from '../../src/convolutional/network.js';
import { layerShapes, mlp, parameterCount } from '../../src/index.js';

const convolution = (name: string, outputs: number, options: Partial<Convolution> = {}): Convolution => ({
  kind: 'convolution',
  name,
  outputs,
  size: 3,
  stride: 1,
  padding: 1,
  bias: false,
  ...options,
});
const normalisation = (name: string) => ({ kind: 'batch-normalisation', name, epsilon: 1e-5 }) as const;
const dense = (name: string, outputs: number) => ({ kind: 'dense', name, outputs, bias: true }) as const;
const network = (layers: readonly Layer[], classes = 10): ConvolutionalNetwork => ({
  kind: 'convolutional',
  name: 'tiny',
  input: { height: 8, width: 6, channels: 3 },
  classes,
  loss: 'softmax-cross-entropy',
  layers,
});
const residual = network([
  convolution('stem', 4, { bias: true }),
  {
    kind: 'residual',
    branch: [normalisation('block.norm'), { kind: 'relu' }, convolution('block.conv', 5, { stride: 2 })],
    shortcut: [convolution('block.projection', 5, { size: 1, stride: 2, padding: 0 })],
  },
  { kind: 'average-pooling', size: 3, stride: 2 },
  normalisation('last'),
  dense('head', 10),
]);

describe('the layout of a convolutional network', () => {
  it('puts parameters one after the other as the layers are run, a branch before its shortcut', () => {
    const blocks = parameterBlocks(residual);
    expect(blocks.map(({ name }) => name)).toEqual([
      'stem.kernel',
      'stem.bias',
      'block.norm.scale',
      'block.norm.shift',
      'block.conv.kernel',
      'block.projection.kernel',
      'last.scale',
      'last.shift',
      'head.matrix',
    ]);
    expect(blocks.map(({ size }) => size)).toEqual([108, 4, 4, 4, 180, 20, 5, 5, 60]);
    let offset = 0;
    for (const block of blocks) {
      expect(block.offset).toBe(offset);
      expect(block.shape.reduce((product, length) => product * length, 1)).toBe(block.size);
      offset += block.size;
    }
    expect(convolutionalParameterCount(residual)).toBe(offset);
    expect(blocks[0].shape).toEqual([3, 3, 3, 4]);
    expect(blocks[8].shape).toEqual([10, 6]);
  });

  it('has the shapes of the definition, floor((size + 2 padding - kernel) / stride) + 1', () => {
    expect(placedLayers(residual).map(({ output }) => [output.height, output.width, output.channels])).toEqual([
      [8, 6, 4],
      [4, 3, 5],
      [1, 1, 5],
      [1, 1, 5],
      [1, 1, 10],
    ]);
  });

  it('puts the means and then the variances of each normalisation into the statistics', () => {
    expect(statisticsBlocks(residual)).toEqual([
      { name: 'block.norm', offset: 0, channels: 4 },
      { name: 'last', offset: 8, channels: 5 },
    ]);
    expect(statisticsCount(residual)).toBe(18);
  });

  it('of dense layers alone is that of a dense network', () => {
    const layers: Layer[] = [dense('first', 7), { kind: 'relu' }, dense('second', 10)];
    const same = mlp([8 * 6 * 3, 7, 10]);
    expect(parameterBlocks(network(layers)).map(({ offset, shape }) => [offset, ...shape])).toEqual(
      layerShapes(same).map(({ offset, rows, columns }) => [offset, rows, columns]),
    );
    expect(convolutionalParameterCount(network(layers))).toBe(parameterCount(same));
  });

  it.each<{ what: string; layers: Layer[]; error: string }>([
    {
      what: 'two layers of one name',
      layers: [convolution('a', 2), convolution('a', 2)],
      error: 'layers with parameters must have names of their own, found "a" again',
    },
    {
      what: 'a kernel larger than its padded input',
      layers: [convolution('a', 2, { size: 9 })],
      error: 'layer "a": a window of 9 with padding 1 does not fit into 8 x 6 x 3',
    },
    {
      what: 'pooling of what is too small',
      layers: [{ kind: 'max-pooling', size: 7, stride: 7 }],
      error: 'layer 0 (max-pooling): a window of 7 with padding 0 does not fit into 8 x 6 x 3',
    },
    { what: 'a stride of 0', layers: [convolution('a', 2, { stride: 0 })], error: 'stride must be a positive integer' },
    { what: 'negative padding', layers: [convolution('a', 2, { padding: -1 })], error: 'padding must be an integer' },
    { what: 'a rate of 1', layers: [{ kind: 'dropout', rate: 1 }], error: 'rate must be in [0, 1), found 1' },
    {
      what: 'a negative epsilon',
      layers: [{ ...normalisation('a'), epsilon: -1 }],
      error: 'epsilon must be finite and not negative, found -1',
    },
    {
      what: 'a shortcut of another shape',
      layers: [{ kind: 'residual', branch: [convolution('a', 2)], shortcut: [] }],
      error: 'layer 0 (residual): branch and shortcut must give one shape, found 8 x 6 x 2 and 8 x 6 x 3',
    },
    {
      what: 'another number of outputs',
      layers: [dense('a', 9)],
      error: 'expected 10 outputs, one a class, found 1 x 1 x 9',
    },
  ])('refuses $what', ({ layers, error }) => {
    expect(() => parameterBlocks(network(layers))).toThrow(RangeError);
    expect(() => parameterBlocks(network(layers))).toThrow(error);
  });
});
