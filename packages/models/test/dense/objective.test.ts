import { linearAlgebra, portableLinearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  type Dataset,
  type DenseNetwork,
  denseObjective,
  gaussianClusters,
  initialWeights,
  mlp,
  slice,
  softmaxRegression,
  withOneHotTargets,
} from '../../src/index.js';
import { derivative, naiveLoss, naiveOutputs, naiveSoftmax, plus, relativeError } from '../support/naive-network.js';

const libraries = [await linearAlgebra(), portableLinearAlgebra()];
const [library] = libraries;
const random = randomStream(1);
const clusters = gaussianClusters({ count: 4, samples: 11, dimension: 5 }, random);
const data: Dataset = { ...clusters, targets: random.stream('targets').normals(11 * 4) };

const networks: DenseNetwork[] = (['identity', 'relu', 'tanh'] as const).flatMap((activation) =>
  (['softmax-cross-entropy', 'squared-error'] as const).flatMap((loss) =>
    [true, false].map((bias) => mlp([5, 6, 3, 4], { activation, loss, bias })),
  ),
);
const nameOf = ({ activation, loss, bias }: DenseNetwork) => `${activation}, ${loss}, ${bias ? 'biases' : 'no biases'}`;

/** Weights at which biases are not zero. */
const weightsOf = (network: DenseNetwork) => {
  const weights = initialWeights(network, random.stream('weights'));
  return plus(weights, 0.3, random.stream('shift').normals(weights.length));
};

describe.each(networks.map((network) => ({ name: nameOf(network), network })))(
  'a dense network: $name',
  ({ network }) => {
    const weights = weightsOf(network);
    const objective = denseObjective(network, data, library);
    const vector = random.stream('vector').normals(objective.parameters);
    const gradientAt = (at: Float64Array) => {
      const gradient = new Float64Array(objective.parameters);
      objective.gradient(at, gradient);
      return gradient;
    };

    it('has the outputs and the loss of the definition', () => {
      const outputs = Array.from({ length: data.count }, (_, n) =>
        naiveOutputs(network, weights, slice(data, n, n + 1).inputs),
      );
      expect(relativeError(objective.outputs(weights), outputs.flat())).toBeLessThan(1e-14);
      expect(objective.loss(weights)).toBeCloseTo(naiveLoss(network, weights, data), 13);
    });

    it('has the gradient that finite differences of the definition give', () => {
      const gradient = new Float64Array(objective.parameters);
      expect(objective.gradient(weights, gradient)).toBe(objective.loss(weights));
      const differences = gradient.map((_, i) => {
        const direction = new Float64Array(objective.parameters);
        direction[i] = 1;
        return derivative((step) => naiveLoss(network, plus(weights, step, direction), data), 1e-4);
      });
      expect(relativeError(gradient, differences)).toBeLessThan(1e-10);
    });

    it('has the Hessian-vector product that finite differences of the gradient give', () => {
      // Steps small enough that no ReLU changes its side.
      const product = objective.hessianVectorProduct(weights, vector);
      const h = 1e-5;
      const differences = plus(gradientAt(plus(weights, h, vector)), -1, gradientAt(plus(weights, -h, vector)));
      expect(
        relativeError(
          product,
          differences.map((value) => value / (2 * h)),
        ),
      ).toBeLessThan(1e-8);
    });

    it('has a symmetric Hessian', () => {
      const other = random.stream('other').normals(objective.parameters);
      const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
      const left = dot(other, objective.hessianVectorProduct(weights, vector));
      const right = dot(vector, objective.hessianVectorProduct(weights, other));
      expect(Math.abs(left - right)).toBeLessThan(1e-12 * Math.abs(left) + 1e-12);
    });

    it('has the Gauss-Newton product J^T S J v of its Jacobian', () => {
      const outputs = 4;
      const expected = new Float64Array(objective.parameters);
      for (let n = 0; n < data.count; n++) {
        const { inputs } = slice(data, n, n + 1);
        const jacobian = Array.from({ length: objective.parameters }, (_, p) => {
          const direction = new Float64Array(objective.parameters);
          direction[p] = 1;
          return Array.from({ length: outputs }, (_, k) =>
            derivative((step) => naiveOutputs(network, plus(weights, step, direction), inputs)[k], 1e-4),
          );
        });
        const probabilities = naiveSoftmax(naiveOutputs(network, weights, inputs));
        for (let k = 0; k < outputs; k++) {
          for (let m = 0; m < outputs; m++) {
            const second =
              network.loss === 'squared-error'
                ? Number(k === m)
                : probabilities[k] * (Number(k === m) - probabilities[m]);
            const jv = jacobian.reduce((sum, row, p) => sum + row[m] * vector[p], 0);
            jacobian.forEach((row, p) => {
              expected[p] += (row[k] * second * jv) / data.count;
            });
          }
        }
      }
      expect(relativeError(objective.gaussNewtonVectorProduct(weights, vector), expected)).toBeLessThan(1e-10);
    });

    it('gives the same in pieces as at once, and with the portable library', () => {
      for (const other of [
        denseObjective(network, data, library, { chunk: 3 }),
        denseObjective(network, data, libraries[1]),
        denseObjective(network, data, libraries[1], { chunk: 4 }),
      ]) {
        const gradient = new Float64Array(objective.parameters);
        expect(other.gradient(weights, gradient)).toBeCloseTo(objective.loss(weights), 13);
        expect(other.loss(weights)).toBeCloseTo(objective.loss(weights), 13);
        expect(other.accuracy(weights)).toBe(objective.accuracy(weights));
        expect(relativeError(gradient, gradientAt(weights))).toBeLessThan(1e-13);
        for (const product of ['hessianVectorProduct', 'gaussNewtonVectorProduct'] as const) {
          expect(relativeError(other[product](weights, vector), objective[product](weights, vector))).toBeLessThan(
            1e-12,
          );
        }
      }
    });
  },
);

describe('a dense objective', () => {
  it('has Hessian X^T X / N for linear least squares', () => {
    const network = mlp([5, 1], { activation: 'identity', loss: 'squared-error', bias: false });
    const regression = { ...data, targets: data.targets!.subarray(0, 11) };
    const objective = denseObjective(network, regression, library);
    const weights = weightsOf(network);
    for (let p = 0; p < 5; p++) {
      const direction = new Float64Array(5);
      direction[p] = 1;
      const column = Array.from({ length: 5 }, (_, q) => {
        let sum = 0;
        for (let n = 0; n < 11; n++) sum += data.inputs[n * 5 + p] * data.inputs[n * 5 + q];
        return sum / 11;
      });
      expect(relativeError(objective.hessianVectorProduct(weights, direction), column)).toBeLessThan(1e-14);
    }
  });

  it('has equal Hessian and Gauss-Newton matrix when the network is linear in its weights', () => {
    const network = softmaxRegression(5, 4);
    const objective = denseObjective(network, data, library);
    const weights = weightsOf(network);
    const vector = random.stream('linear').normals(weights.length);
    const hessian = objective.hessianVectorProduct(weights, vector);
    expect(relativeError(objective.gaussNewtonVectorProduct(weights, vector), hessian)).toBeLessThan(1e-14);
  });

  it('keeps the relative accuracy of what a confident sample contributes', () => {
    // Outputs (t, -t) of one sample of class 0: loss log(1 + e^{-2t}), d/dt = -2 p, d2/dt2 = 4 p (1 - p), p = sigmoid(-2t).
    const network = mlp([1, 2], { bias: false });
    const sample: Dataset = {
      ...data,
      count: 1,
      dimension: 1,
      classes: 2,
      inputs: Float64Array.of(1),
      labels: Uint8Array.of(0),
    };
    const objective = denseObjective(network, sample, library);
    const gradient = new Float64Array(2);
    for (const t of [1, 20, 100]) {
      const weights = Float64Array.of(t, -t);
      const p = 1 / (1 + Math.exp(2 * t));
      expect(objective.gradient(weights, gradient) / Math.log1p(Math.exp(-2 * t))).toBeCloseTo(1, 12);
      expect((gradient[0] - gradient[1]) / (-2 * p)).toBeCloseTo(1, 12);
      const [first, second] = objective.hessianVectorProduct(weights, Float64Array.of(1, -1));
      expect((first - second) / (4 * p * (1 - p))).toBeCloseTo(1, 12);
    }
  });

  it.each(['identity', 'relu', 'tanh'] as const)(
    'of an autoencoder without biases (Pennington & Bahri 2017), %s, has the gradient and H v that differences give',
    (activation) => {
      const network = mlp([5, 4, 5], { activation, loss: 'squared-error', bias: false });
      const own: Dataset = { ...data, targets: data.inputs };
      const objective = denseObjective(network, own, library);
      expect(objective.parameters).toBe(40);
      const weights = weightsOf(network);
      const gradient = new Float64Array(40);
      objective.gradient(weights, gradient);
      const vector = random.stream('vector').normals(40);
      const along = (at: Float64Array, direction: Float64Array, h: number) =>
        derivative((step) => naiveLoss(network, plus(at, step, direction), own), h);
      const unit = (i: number) => Float64Array.from({ length: 40 }, (_, j) => Number(i === j));
      const slopes = gradient.map((_, i) => along(weights, unit(i), 1e-4));
      expect(relativeError(gradient, slopes)).toBeLessThan(1e-10);
      // Second differences of the loss itself: rounding of 1e-16 over the square of the step, and no ReLU changes side.
      const product = objective.hessianVectorProduct(weights, vector);
      const curvatures = gradient.map((_, i) =>
        derivative((step) => along(plus(weights, step, vector), unit(i), 1e-3), 1e-3),
      );
      expect(relativeError(product, curvatures)).toBeLessThan(1e-7);
    },
  );

  it('counts a sample as correct when its largest output is that of its class', () => {
    const network = mlp([5, 4], { bias: false });
    const objective = denseObjective(network, data, library);
    const weights = weightsOf(network);
    let correct = 0;
    for (let n = 0; n < data.count; n++) {
      const z = naiveOutputs(network, weights, slice(data, n, n + 1).inputs);
      if (z.indexOf(Math.max(...z)) === data.labels[n]) correct++;
    }
    expect(objective.accuracy(weights)).toBe(correct / data.count);
    expect(objective.accuracy(new Float64Array(20))).toBe(data.labels.filter((label) => label === 0).length / 11);
  });

  it('takes class labels as one-hot targets when asked to', () => {
    const network = mlp([5, 4], { loss: 'squared-error' });
    const objective = denseObjective(network, withOneHotTargets(clusters), library);
    // All outputs 0: half the squared norm of an indicator.
    expect(objective.loss(new Float64Array(objective.parameters))).toBe(0.5);
  });

  it('shows NaN rather than hide it', () => {
    for (const network of networks) {
      const objective = denseObjective(network, data, library);
      const weights = weightsOf(network);
      weights[0] = Number.NaN;
      expect(objective.loss(weights)).toBeNaN();
    }
  });

  it('refuses data that do not fit the network', () => {
    expect(() => denseObjective(mlp([6, 4]), data, library)).toThrow(/expected 6 inputs a sample.*found 5/);
    expect(() => denseObjective(mlp([5, 3]), data, library)).toThrow(/expected 3 classes.*found 4/);
    expect(() => denseObjective(mlp([5, 4], { loss: 'squared-error' }), clusters, library)).toThrow(
      /expected 44 targets.*found 0/,
    );
    expect(() => denseObjective(mlp([5, 4]), { ...data, labels: new Uint8Array(11).fill(4) }, library)).toThrow(
      'no class 4',
    );
    expect(() => denseObjective(mlp([5, 4]), data, library, { chunk: 0 })).toThrow('chunk must be a positive integer');
  });

  it('refuses vectors of the wrong length', () => {
    const objective = denseObjective(mlp([5, 4]), data, library);
    const [right, wrong] = [new Float64Array(24), new Float64Array(23)];
    expect(() => objective.loss(wrong)).toThrow('weights: expected 24 parameters, found 23');
    expect(() => objective.gradient(right, wrong)).toThrow('gradient: expected 24 parameters, found 23');
    expect(() => objective.hessianVectorProduct(right, wrong)).toThrow('vector: expected 24 parameters, found 23');
  });
});
