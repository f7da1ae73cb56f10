import {
  type ConvolutionalNetwork,
  convolutionalParameterCount,
  type Dataset,
  mlp,
  type Weights,
} from '@hessian-rmt/models';
import { randomStream } from '@hessian-rmt/numerics';
import type { ShardedProblem } from '../../../src/index.js';
import { randomData, randomWeights } from '../../examples.js';

export interface ProblemAtPoint {
  readonly problem: ShardedProblem;
  readonly weights: Weights;
}

const dense = mlp([7, 6, 4], { activation: 'tanh' });
export const denseProblem: ProblemAtPoint = {
  problem: { network: dense, data: randomData(dense, 103) },
  weights: randomWeights(dense),
};

/** A residual block with batch normalisation between a convolution and a classifier. */
export const normalised: ConvolutionalNetwork = {
  kind: 'convolutional',
  name: 'one block',
  input: { height: 6, width: 6, channels: 2 },
  classes: 3,
  loss: 'softmax-cross-entropy',
  layers: [
    { kind: 'convolution', name: 'stem', outputs: 3, size: 3, stride: 2, padding: 1, bias: true },
    {
      kind: 'residual',
      branch: [
        { kind: 'batch-normalisation', name: 'norm', epsilon: 1e-5 },
        { kind: 'tanh' },
        { kind: 'convolution', name: 'conv', outputs: 3, size: 3, stride: 1, padding: 1, bias: false },
      ],
      shortcut: [],
    },
    { kind: 'average-pooling', size: 3, stride: 3 },
    { kind: 'dense', name: 'classifier', outputs: 3, bias: true },
  ],
};

export const images: Dataset = {
  ...randomData(mlp([72, 3]), 44),
  image: normalised.input,
};

const random = randomStream(2, 'problems');
export const convolutionalProblem: ProblemAtPoint = {
  problem: { network: normalised, data: images, normalisation: { mode: 'training', batch: 8 } },
  weights: random.stream('weights').normals(convolutionalParameterCount(normalised), 0.5),
};
