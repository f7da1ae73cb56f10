import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { initialWeights, layerShapes, mlp, parameterCount, softmaxRegression } from '../src/index.js';

describe('a dense network', () => {
  it('has as many parameters as the papers print', () => {
    // Sagun et al. 2017, Table 1: 100-30-30-k.
    const sagun = [2, 5, 10, 20, 50].map((k) => parameterCount(mlp([100, 30, 30, k])));
    expect(sagun).toEqual([4022, 4115, 4270, 4580, 5510]);
    // Baskerville et al. 2021, sec. 4 (its 9860 is 9960 with every bias, as in the authors' published arrays).
    expect(parameterCount(softmaxRegression(784, 10))).toBe(7850);
    expect(parameterCount(mlp([784, 10, 100, 10]))).toBe(9960);
    expect(parameterCount(mlp([784, 10, 100, 100, 10]))).toBe(20_060);
    expect(parameterCount(mlp([784, 10, 100, 10], { bias: false }))).toBe(9840);
  });

  it('keeps its layers one after the other, each a matrix of weights with the biases as last column', () => {
    expect(layerShapes(mlp([3, 2, 4]))).toEqual([
      { offset: 0, rows: 2, columns: 4 },
      { offset: 8, rows: 4, columns: 3 },
    ]);
    expect(layerShapes(mlp([3, 2, 4], { bias: false }))).toEqual([
      { offset: 0, rows: 2, columns: 3 },
      { offset: 6, rows: 4, columns: 2 },
    ]);
  });

  it('needs at least two positive widths', () => {
    expect(() => mlp([3])).toThrow('widths must be at least two positive integers, found [3]');
    expect(() => mlp([3, 0])).toThrow(RangeError);
    expect(() => mlp([3, 2.5])).toThrow(RangeError);
  });

  it('needs an activation and a loss that there are', () => {
    expect(() => mlp([3, 2], { activation: 'sigmoid' as never })).toThrow(
      'activation must be one of identity, relu, tanh; found sigmoid',
    );
    expect(() => mlp([3, 2], { loss: 'hinge' as never })).toThrow(
      'loss must be one of softmax-cross-entropy, squared-error; found hinge',
    );
  });
});

describe('initial weights', () => {
  it.each([
    ['relu', 2],
    ['tanh', 1],
    ['identity', 1],
  ] as const)('of a %s network are normal with variance %i / fan-in, and biases are zero', (activation, gain) => {
    const network = mlp([50, 200, 100], { activation });
    const weights = initialWeights(network, randomStream(1));
    layerShapes(network).forEach(({ offset, rows, columns }, l) => {
      const fanIn = network.widths[l];
      let squares = 0;
      let beyond = 0;
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < fanIn; j++) {
          const standard = weights[offset + i * columns + j] * Math.sqrt(fanIn / gain);
          squares += standard ** 2;
          if (Math.abs(standard) > 1) beyond++;
        }
        expect(weights[offset + i * columns + fanIn]).toBe(0);
      }
      const count = rows * fanIn;
      // Five standard errors of the variance, sqrt(2 / n), and of the share beyond one deviation, 0.3173 for a normal.
      expect(Math.abs(squares / count - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
      expect(Math.abs(beyond / count - 0.3173)).toBeLessThan(5 * Math.sqrt((0.3173 * 0.6827) / count));
    });
  });

  it('are the same for the same stream and different for another', () => {
    const network = mlp([4, 3]);
    expect(initialWeights(network, randomStream(2))).toEqual(initialWeights(network, randomStream(2)));
    expect(initialWeights(network, randomStream(3))).not.toEqual(initialWeights(network, randomStream(2)));
  });
});
