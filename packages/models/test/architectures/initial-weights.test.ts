import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  type ConvolutionalNetwork,
  initialConvolutionalWeights,
  parameterBlocks,
  preResNet,
  vggLike,
} from '../../src/index.js';

const random = randomStream(7, 'initial');
const input = { height: 8, width: 8, channels: 3 };
const network = vggLike({
  input,
  classes: 10,
  stages: [
    { convolutions: 2, width: 24 },
    { convolutions: 1, width: 40 },
  ],
  hidden: [64],
});

function blocks(of: ConvolutionalNetwork, weights: Float64Array) {
  return parameterBlocks(of).map((block) => ({
    ...block,
    values: weights.subarray(block.offset, block.offset + block.size),
  }));
}
const meanSquare = (values: Float64Array) => values.reduce((sum, x) => sum + x * x, 0) / values.length;

describe('initial weights of a convolutional network', () => {
  it('are normal kernels of variance 2 / (size^2 outputs), zero biases, scales 1 and shifts 0', () => {
    for (const { name, kind, shape, values } of blocks(network, initialConvolutionalWeights(network, random))) {
      if (kind === 'scale') expect(new Set(values)).toEqual(new Set([1]));
      if (kind === 'shift' || kind === 'bias') expect(new Set(values)).toEqual(new Set([0]));
      if (kind !== 'kernel') continue;
      const variance = 2 / (9 * shape[3]);
      // The mean of n squares of normals deviates by sqrt(2 / n) of itself; five of these.
      const tolerance = 5 * Math.sqrt(2 / values.length);
      expect(Math.abs(meanSquare(values) / variance - 1), name).toBeLessThan(tolerance);
      // A uniform with this variance would end at 1.73 deviations.
      expect(Math.max(...values), name).toBeGreaterThan(2 * Math.sqrt(variance));
    }
  });

  it.each(['fan-out', 'uniform'] as const)('are uniform within 1 / sqrt(fan-in) in dense layers: %s', (scheme) => {
    const dense = blocks(network, initialConvolutionalWeights(network, random, scheme)).filter(
      ({ kind }) => kind === 'matrix',
    );
    expect(dense.map(({ shape }) => shape)).toEqual([
      [64, 161],
      [10, 65],
    ]);
    for (const { shape, values } of dense) {
      const bound = 1 / Math.sqrt(shape[1] - 1);
      expect(values.every((x) => Math.abs(x) <= bound)).toBe(true);
      // Squares of a uniform have variance 4 bound^4 / 45.
      const tolerance = 5 * Math.sqrt((4 / 45) * 9) * Math.sqrt(1 / values.length);
      expect(Math.abs(meanSquare(values) / ((bound * bound) / 3) - 1)).toBeLessThan(tolerance);
    }
  });

  it('are uniform everywhere when asked for, biases included', () => {
    const parts = blocks(network, initialConvolutionalWeights(network, random, 'uniform'));
    for (const { kind, name, shape, values } of parts) {
      if (kind !== 'kernel') continue;
      const bound = 1 / Math.sqrt(9 * shape[2]);
      const bias = parts.find((other) => other.name === name.replace('.kernel', '.bias'))!.values;
      for (const drawn of [values, bias]) {
        expect(drawn.every((x) => Math.abs(x) <= bound)).toBe(true);
        // Of n uniforms the largest is below 0.8 bound with probability 0.9^n: below 0.08 for the 24 biases.
        expect(Math.max(...drawn.map(Math.abs))).toBeGreaterThan(0.8 * bound);
      }
    }
  });

  it('of a layer do not depend on the layers around it, and differ between layers and streams', () => {
    const [shallow, deep] = [8, 20].map((depth) => {
      const resnet = preResNet(depth, { input, classes: 10, widths: [4, 8, 16] });
      return blocks(resnet, initialConvolutionalWeights(resnet, random));
    });
    for (const { name, values } of shallow) expect(deep.find((block) => block.name === name)!.values).toEqual(values);
    const kernel = (name: string) => deep.find((block) => block.name === `${name}.kernel`)!.values;
    expect(kernel('stage1.block2.conv1')).not.toEqual(kernel('stage1.block2.conv2'));
    const other = initialConvolutionalWeights(network, randomStream(8));
    expect(other).not.toEqual(initialConvolutionalWeights(network, random));
  });

  it('of another scheme are refused', () => {
    expect(() => initialConvolutionalWeights(network, random, 'xavier' as never)).toThrow(
      'expected one of fan-out, uniform; found xavier',
    );
  });
});
