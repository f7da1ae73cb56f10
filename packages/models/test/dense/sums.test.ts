import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  curvatureKinds,
  type Dataset,
  denseObjective,
  denseSums,
  gaussianClusters,
  initialWeights,
  mlp,
  objectiveOf,
  samplesOf,
  slice,
  withOneHotTargets,
} from '../../src/index.js';
import { relativeError } from '../support/naive-network.js';

const library = await linearAlgebra({ threads: 1 });
const random = randomStream(3, 'dense sums');
const data: Dataset = withOneHotTargets(gaussianClusters({ count: 4, samples: 11, dimension: 5 }, random));

describe.each(['softmax-cross-entropy', 'squared-error'] as const)(
  'sums over samples of a dense network, %s',
  (loss) => {
    const network = mlp([5, 6, 4], { activation: 'tanh', loss });
    const weights = initialWeights(network, random);
    const vector = random.stream('vector').normals(weights.length);
    const objective = denseObjective(network, data, library);
    const sums = denseSums(network, data, library, { chunk: 3 });
    const product = (kind: (typeof curvatureKinds)[number], from: number, to: number, sum: Float64Array) => {
      sums.addProduct(kind, weights, vector, from, to, sum);
      return sum;
    };

    it('are the means of the objective times their number', () => {
      const means = objectiveOf(denseSums(network, samplesOf(data), library));
      expect(means.loss(weights)).toBeCloseTo(objective.loss(weights), 14);
      expect(means.accuracy(weights)).toBe(objective.accuracy(weights));
      expect(means.outputs(weights)).toEqual(objective.outputs(weights));
      const [a, b] = [new Float64Array(weights.length).fill(7), new Float64Array(weights.length)];
      expect(means.gradient(weights, a)).toBeCloseTo(objective.gradient(weights, b), 14);
      expect(relativeError(a, b)).toBeLessThan(1e-14);
      for (const name of [
        'hessianVectorProduct',
        'gaussNewtonVectorProduct',
        'empiricalFisherVectorProduct',
      ] as const) {
        expect(relativeError(means[name](weights, vector), objective[name](weights, vector))).toBeLessThan(1e-14);
      }
    });

    it('over ranges add up to the sum over all', () => {
      for (const kind of curvatureKinds) {
        const whole = product(kind, 0, 11, new Float64Array(weights.length));
        const parts = new Float64Array(weights.length);
        for (const [from, to] of [
          [0, 1],
          [1, 6],
          [6, 11],
        ])
          product(kind, from, to, parts);
        expect(relativeError(parts, whole)).toBeLessThan(1e-13);
      }
      const losses = [sums.loss(weights, 0, 4), sums.loss(weights, 4, 11), sums.loss(weights, 0, 11)];
      expect(losses[0].loss + losses[1].loss).toBeCloseTo(losses[2].loss, 13);
      expect(losses[0].correct + losses[1].correct).toBe(losses[2].correct);
      expect(sums.outputsOf(weights, 4, 11)).toEqual(objective.outputs(weights).slice(16));
    });

    it('have the empirical Fisher matrix of the gradients of single samples', () => {
      const expected = new Float64Array(weights.length);
      for (let n = 0; n < data.count; n++) {
        const gradient = new Float64Array(weights.length);
        denseObjective(network, slice(data, n, n + 1), library).gradient(weights, gradient);
        const slope = gradient.reduce((sum, value, i) => sum + value * vector[i], 0);
        for (let i = 0; i < expected.length; i++) expected[i] += gradient[i] * slope;
      }
      expect(
        relativeError(product('empirical-fisher', 0, 11, new Float64Array(weights.length)), expected),
      ).toBeLessThan(1e-13);
    });

    it('refuse ranges that are not inside, vectors of the wrong length and data that do not fit', () => {
      expect(() => sums.loss(weights, 3, 12)).toThrow('3..12 is not a range of samples inside 0..11');
      expect(() => sums.loss(weights, 4, 4)).toThrow(RangeError);
      expect(() => sums.addGradient(weights.subarray(1), 0, 11, new Float64Array(weights.length))).toThrow(
        `weights: expected ${weights.length} parameters`,
      );
      expect(() => denseSums(mlp([6, 4], { loss }), data, library)).toThrow(/expected 6 inputs/);
      expect(() => denseSums(network, data, library, { chunk: 0 })).toThrow('chunk must be a positive integer');
    });
  },
);
