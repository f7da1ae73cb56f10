import { type ConvolutionalNetwork, mlp } from '@hessian-rmt/models';
import { describe, expect, it } from 'vitest';
import { namedParameters, parametersMatching } from '../../src/index.js';

const convolution = (name: string, outputs: number) =>
  ({ kind: 'convolution', name, outputs, size: 3, stride: 1, padding: 1, bias: true }) as const;

const network: ConvolutionalNetwork = {
  kind: 'convolutional',
  name: 'two stages',
  input: { height: 4, width: 4, channels: 1 },
  classes: 2,
  loss: 'softmax-cross-entropy',
  layers: [
    convolution('stage1.block1.conv', 2),
    { kind: 'relu' },
    convolution('stage2.block1.conv', 1),
    { kind: 'dense', name: 'classifier', outputs: 2, bias: true },
  ],
};

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('parameters by the name of their tensor', () => {
  it('lie where the layout of a convolutional network puts them', () => {
    // kernel 3 x 3 x 1 x 2, bias 2, kernel 3 x 3 x 2 x 1, bias 1, matrix 2 x 17
    expect([...parametersMatching(network, 'stage1.*.kernel').indices]).toEqual(range(0, 18));
    expect([...parametersMatching(network, '*.bias').indices]).toEqual([18, 19, 38]);
    expect([...parametersMatching(network, 'classifier.matrix').indices]).toEqual(range(39, 73));
    expect([...parametersMatching(network, '*').indices]).toEqual(range(0, 73));
    expect(parametersMatching(network, '*.conv.kernel').blocks.map(({ name }) => name)).toEqual([
      'stage1.block1.conv.kernel',
      'stage2.block1.conv.kernel',
    ]);
  });

  it('are the matrices [W | b] of a dense network, numbered from 1', () => {
    const dense = mlp([3, 2, 4]);
    expect(namedParameters(dense).map(({ name }) => name)).toEqual(['layer1.matrix', 'layer2.matrix']);
    expect([...parametersMatching(dense, 'layer2.*').indices]).toEqual(range(8, 20));
  });

  it('match a text as a whole and a regular expression anywhere', () => {
    expect(() => parametersMatching(network, 'kernel')).toThrow('no tensor of parameters matches kernel');
    expect([...parametersMatching(network, /bias$/).indices]).toEqual([18, 19, 38]);
    // A dot is a dot in a text.
    expect(() => parametersMatching(network, 'stage1.block1xconv.kernel')).toThrow(RangeError);
    // The state of a global expression does not matter.
    const global = /kernel/g;
    expect(parametersMatching(network, global).blocks).toHaveLength(2);
    expect(parametersMatching(network, global).blocks).toHaveLength(2);
  });

  it('are listed when none matches', () => {
    expect(() => parametersMatching(mlp([3, 2, 4]), 'stage3.*')).toThrow(
      'parametersMatching: no tensor of parameters matches stage3.*; there are layer1.matrix, layer2.matrix',
    );
  });
});
