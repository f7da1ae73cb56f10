import { randomStream } from '@hessian-rmt/numerics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/dataset.js';
import { type Activation, initialWeights, type LossName, mlp } from '../../src/network.js';
import { openBackend } from '../../src/tensorflow/backend.js';
import { type TensorObjective, tensorObjective } from '../../src/tensorflow/tensor-objective.js';
import { onEveryBackend } from './support/backends.js';
import { float32Rounding, relativeError } from './support/compare.js';
import {
  inputOf,
  referenceLoss,
  referenceOutputLoss,
  referenceOutputs,
  referenceTargets,
} from './support/dense-reference.js';
import { derivativeAlong, gradientByDifferences, hessianProductByDifferences } from './support/differences.js';

const count = 12;
const inputs = 4;
const outputs = 3;

function problem(activation: Activation, loss: LossName, bias: boolean) {
  const random = randomStream(20250, 'contract');
  const network = mlp([inputs, 6, 5, outputs], { activation, loss, bias });
  const data: Dataset = {
    name: 'normals',
    count,
    dimension: inputs,
    classes: loss === 'squared-error' ? 0 : outputs,
    inputs: random
      .stream('inputs')
      .normals(count * inputs)
      .map(Math.fround),
    labels: Uint8Array.from({ length: loss === 'squared-error' ? 0 : count }, () => random.integer(outputs)),
    ...(loss === 'squared-error'
      ? {
          targets: random
            .stream('targets')
            .normals(count * outputs)
            .map(Math.fround),
        }
      : {}),
    checksum: '',
  };
  // Biases other than zero, and numbers that float32 holds exactly.
  const noise = random.stream('noise');
  const weights = initialWeights(network, random.stream('weights')).map((w) => Math.fround(w + 0.1 * noise.normal()));
  const v = random.stream('direction').normals(weights.length).map(Math.fround);
  return { network, data, weights, v, plain: Array.from(weights), direction: Array.from(v) };
}

const problems = (['relu', 'tanh', 'identity'] as const).flatMap((activation) =>
  (['softmax-cross-entropy', 'squared-error'] as const).flatMap((loss) =>
    [true, false].map((bias) => ({ activation, loss, bias, ...problem(activation, loss, bias) })),
  ),
);

// Sums of at most 16 terms, through three layers and back twice.
const tolerance = 60 * float32Rounding;

onEveryBackend((backend) => {
  describe.each(problems)('$activation, $loss, bias $bias', ({ network, data, weights, v, plain, direction }) => {
    const reference = (w: readonly number[]) => referenceLoss(network, data, w, plain);
    let objective: TensorObjective;
    beforeAll(() => {
      objective = tensorObjective(backend(), network, data);
    });
    afterAll(() => objective.dispose());

    it('the outputs, the loss and the gradient are those of the definition in float64', () => {
      const expected = Array.from({ length: count }, (_, n) => referenceOutputs(network, plain, inputOf(data, n)));
      expect(relativeError(objective.outputs(weights), expected.flat())).toBeLessThan(tolerance);
      expect(relativeError([objective.loss(weights)], [reference(plain)])).toBeLessThan(tolerance);
      const gradient = new Float64Array(weights.length).fill(Number.NaN);
      expect(relativeError([objective.gradient(weights, gradient)], [reference(plain)])).toBeLessThan(tolerance);
      expect(relativeError(gradient, gradientByDifferences(reference, plain))).toBeLessThan(tolerance);
    });

    it('H v is that of float64 differences of the loss', () => {
      const product = objective.hessianVectorProduct(weights, v);
      expect(relativeError(product, hessianProductByDifferences(reference, plain, direction))).toBeLessThan(tolerance);
    });

    it('G v is the mean of J^T (d2 loss) J v with all factors from float64 differences', () => {
      const expected = new Array<number>(plain.length).fill(0);
      for (let n = 0; n < count; n++) {
        const outputOf = (i: number) => (w: readonly number[]) =>
          referenceOutputs(network, w, inputOf(data, n), plain)[i];
        const z = referenceOutputs(network, plain, inputOf(data, n));
        const y = referenceTargets(network, data, n);
        const tangent = z.map((_, i) => derivativeAlong(outputOf(i), plain, direction));
        const cotangent = hessianProductByDifferences((u) => referenceOutputLoss(network, u, y), z, tangent);
        z.forEach((_, i) => {
          const row = gradientByDifferences(outputOf(i), plain);
          row.forEach((j, p) => {
            expected[p] += (j * cotangent[i]) / count;
          });
        });
      }
      expect(relativeError(objective.gaussNewtonVectorProduct(weights, v), expected)).toBeLessThan(tolerance);
    });
  });

  const { network, data, weights, v } = problems[0];
  const gradientOf = (objective: TensorObjective) => {
    const gradient = new Float64Array(weights.length);
    objective.gradient(weights, gradient);
    return gradient;
  };

  it('chunks that do not divide the number of samples change no result beyond rounding', () => {
    const whole = tensorObjective(backend(), network, data);
    const parts = tensorObjective(backend(), network, data, { chunk: 5 });
    const results = (of: TensorObjective) => [
      of.outputs(weights),
      [of.loss(weights)],
      gradientOf(of),
      of.hessianVectorProduct(weights, v),
      of.gaussNewtonVectorProduct(weights, v),
    ];
    const expected = results(whole);
    results(parts).forEach((result, i) => {
      expect(relativeError(result, expected[i])).toBeLessThan(tolerance);
    });
    whole.dispose();
    parts.dispose();
  });

  it('the accuracy is the share of samples whose largest output is that of their class', () => {
    const objective = tensorObjective(backend(), network, data, { chunk: 5 });
    const correct = Array.from(data.labels).filter((label, n) => {
      const z = referenceOutputs(network, Array.from(weights), inputOf(data, n));
      return z[label] === Math.max(...z);
    });
    expect(objective.accuracy(weights)).toBe(correct.length / count);
    objective.dispose();
  });

  it('no method leaves a tensor behind, and dispose frees the data', () => {
    const { tf } = backend();
    const before = tf.memory();
    const objective = tensorObjective(backend(), network, data, { chunk: 5 });
    const between = tf.memory();
    expect(between.numTensors).toBe(before.numTensors + 6);
    objective.outputs(weights);
    objective.loss(weights);
    gradientOf(objective);
    objective.hessianVectorProduct(weights, v);
    objective.gaussNewtonVectorProduct(weights, v);
    expect(tf.memory().numTensors).toBe(between.numTensors);
    expect(tf.memory().numBytes).toBe(between.numBytes);
    objective.dispose();
    expect(tf.memory().numTensors).toBe(before.numTensors);
  });

  it('vectors, data and chunks that do not fit are refused', () => {
    expect(() => tensorObjective(backend(), network, { ...data, dimension: 3 })).toThrow(RangeError);
    expect(() => tensorObjective(backend(), network, data, { chunk: 0 })).toThrow(RangeError);
    const objective = tensorObjective(backend(), network, data);
    expect(() => objective.loss(weights.subarray(1))).toThrow('weights: expected 83 parameters, found 82');
    expect(() => objective.hessianVectorProduct(weights, v.subarray(1))).toThrow(RangeError);
    objective.dispose();
  });
});

it('an objective of a backend that another one has replaced throws', async () => {
  const { network, data, weights } = problems[0];
  const objective = tensorObjective(await openBackend('wasm'), network, data);
  await openBackend('cpu');
  expect(() => objective.loss(weights)).toThrow('the tfjs backend wasm is no longer active');
});
