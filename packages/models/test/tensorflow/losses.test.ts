import { expect, it } from 'vitest';
import { crossEntropy, squaredError } from '../../src/tensorflow/losses.js';
import { hessianVectorProduct, jacobianVectorProduct } from '../../src/tensorflow/products.js';
import type { Scalar, Tensor } from '../../src/tensorflow/types.js';
import { onEveryBackend } from './support/backends.js';
import { float32Rounding, relativeError } from './support/compare.js';

const logits = [
  [1.5, -0.25, 0.5],
  [-2, 0.75, 0.75],
  [0.125, 3, -1],
];
const labels = [0, 1, 2];
const v = [
  [0.5, -1, 0.25],
  [1.25, 0.5, -0.75],
  [-0.5, 0.375, 1],
];
const count = labels.length;
const targets = labels.map((label) => [0, 1, 2].map((i) => (i === label ? 1 : 0)));
const tolerance = 20 * float32Rounding;

function softmax(z: readonly number[]): number[] {
  const total = z.reduce((sum, zi) => sum + Math.exp(zi), 0);
  return z.map((zi) => Math.exp(zi) / total);
}

onEveryBackend((backend) => {
  const secondOrder = (loss: (z: Tensor, y: Tensor) => Scalar, z: number[][]) => {
    const { tf } = backend();
    const y = tf.tensor2d(targets);
    const point = tf.tensor2d(z);
    const [product] = hessianVectorProduct(tf, ([t]) => loss(t, y), [point], [tf.tensor2d(v)]);
    const gradient = tf.grad((t: Tensor) => loss(t, y))(point);
    return { value: loss(point, y).dataSync(), gradient: gradient.dataSync(), product: product.dataSync() };
  };

  it('cross-entropy: mean of -log p_y, (p - y) / N and (diag p - p p^T) v / N, also where logits are equal', () => {
    const { value, gradient, product } = secondOrder((z, y) => crossEntropy(backend().tf, z, y), logits);
    const p = logits.map(softmax);
    const mean = labels.reduce((sum, label, n) => sum - Math.log(p[n][label]), 0) / count;
    expect(relativeError(value, [mean])).toBeLessThan(tolerance);
    const expectedGradient = p.map((row, n) => row.map((pi, i) => (pi - targets[n][i]) / count));
    expect(relativeError(gradient, expectedGradient.flat())).toBeLessThan(tolerance);
    const expected = p.map((row, n) => {
      const dot = row.reduce((sum, pi, i) => sum + pi * v[n][i], 0);
      return row.map((pi, i) => (pi * (v[n][i] - dot)) / count);
    });
    expect(relativeError(product, expected.flat())).toBeLessThan(tolerance);
  });

  it('cross-entropy of logits that overflow the exponential is finite, and so is its second derivative', () => {
    const large = [
      [1000, 0, -1000],
      [0, 1000, 0],
      [500, 0, 1000],
    ];
    const { value, gradient, product } = secondOrder((z, y) => crossEntropy(backend().tf, z, y), large);
    expect([...value]).toEqual([0]);
    expect([...gradient].every((x) => Math.abs(x) === 0)).toBe(true);
    expect([...product].every((x) => Math.abs(x) === 0)).toBe(true);
  });

  it('squared error: half the mean of |f - y|^2, (f - y) / N and v / N', () => {
    const { value, gradient, product } = secondOrder((z, y) => squaredError(backend().tf, z, y), logits);
    const residuals = logits.flatMap((row, n) => row.map((zi, i) => zi - targets[n][i]));
    const half = residuals.reduce((sum, r) => sum + r * r, 0) / (2 * count);
    expect(relativeError(value, [half])).toBeLessThan(tolerance);
    expect(
      relativeError(
        gradient,
        residuals.map((r) => r / count),
      ),
    ).toBeLessThan(tolerance);
    expect(
      relativeError(
        product,
        v.flat().map((x) => x / count),
      ),
    ).toBeLessThan(tolerance);
  });

  it("tfjs' own sigmoid cross-entropy, once wrong, has p (1 - p) v / size", () => {
    const loss = (z: Tensor, y: Tensor) => backend().tf.losses.sigmoidCrossEntropy(y, z) as Scalar;
    const { product } = secondOrder(loss, logits);
    const expected = logits.flatMap((row, n) =>
      row.map((zi, i) => (Math.exp(-zi) / (1 + Math.exp(-zi)) ** 2) * (v[n][i] / (3 * count))),
    );
    expect(relativeError(product, expected)).toBeLessThan(tolerance);
  });

  it('the Jacobian product of a matrix product is that of its rule, and of two parameters', () => {
    const { tf } = backend();
    const [a, b, da, db] = [logits, targets, v, logits].map((x) => tf.tensor2d(x));
    const before = tf.memory().numTensors;
    const tangent = jacobianVectorProduct(tf, ([x, y]) => tf.matMul(x, y), [a, b], [da, db]);
    expect(tf.memory().numTensors).toBe(before + 1);
    const expected = tf.add(tf.matMul(da, b), tf.matMul(a, db)).dataSync();
    expect(relativeError(tangent.dataSync(), expected)).toBeLessThan(tolerance);
  });
});
