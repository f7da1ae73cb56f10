import { describe, expect, it } from 'vitest';
import { type OutputTargets, summedLoss } from '../../src/tensorflow/kernels/output-losses.js';
import { hessianVectorProduct } from '../../src/tensorflow/products.js';
import { kernelsWithGradient, mendedGradients, soundStockGradients } from '../../src/tensorflow/second-derivatives.js';
import type { Scalar, Tensor, Tensor1D, Tensor4D, TensorFlow } from '../../src/tensorflow/types.js';
import { arrayOperations } from './support/array-operations.js';
import { onEveryBackend } from './support/backends.js';
import { binaryOperations } from './support/binary-operations.js';
import { float32Rounding, relativeError } from './support/compare.js';
import { gradientByDifferences, hessianProductByDifferences } from './support/differences.js';
import { elementwiseOperations } from './support/elementwise-operations.js';
import { imageOperations } from './support/image-operations.js';
import type { Operation } from './support/operation.js';

const operations = [...elementwiseOperations, ...binaryOperations, ...arrayOperations, ...imageOperations];

// sum_i c_i (y_i + y_i^2 / 2): its second derivative sees the first and the second derivative of y.
const coefficient = (i: number) => 1 + 0.5 * Math.cos(2 * i);

function tensorObjective(tf: TensorFlow, operation: Operation, x: Tensor1D): Scalar {
  const y = tf.reshape(operation.tensor(tf, x), [-1]);
  const c = tf.tensor1d(Array.from({ length: y.size }, (_, i) => coefficient(i)));
  return tf.sum(tf.mul(c, tf.add(y, tf.mul(0.5, tf.square(y)))));
}

function plainObjective(operation: Operation, x: readonly number[]): number {
  return operation.plain(x).reduce((sum, y, i) => sum + coefficient(i) * (y + (y * y) / 2), 0);
}

// Some forty roundings of intermediate results, which are of order 1 or of the order of the largest element.
const tolerance = 40 * float32Rounding;

onEveryBackend((backend, name) => {
  describe.each(operations.map((operation) => ({ ...operation, title: operation.label ?? operation.kernel })))(
    '$title',
    (operation) => {
      const { x, kernel } = operation;
      const v = x.map((_, i) => Math.round(8 * Math.sin(1 + i)) / 8);
      const F = (y: readonly number[]) => plainObjective(operation, y);

      it.skipIf(operation.missingOn?.includes(name))(
        'has the gradient and the Hessian-vector product of float64 differences',
        async () => {
          const { tf } = backend();
          const point = tf.tensor1d([...x]);
          const direction = tf.tensor1d([...v]);
          const objective = (t: Tensor) => tensorObjective(tf, operation, t as Tensor1D);
          const { kernelNames } = await tf.profile(() => objective(point));
          expect(kernelNames).toContain(kernel);

          const gradient = await tf.grad(objective)(point).data();
          expect(relativeError(gradient, gradientByDifferences(F, x))).toBeLessThan(tolerance);
          const [product] = hessianVectorProduct(tf, ([t]) => objective(t), [point], [direction]);
          expect(relativeError(await product.data(), hessianProductByDifferences(F, x, v))).toBeLessThan(tolerance);
        },
      );
    },
  );

  it('every gradient that tfjs registers is tested above or throws when it is differentiated again', () => {
    const { tf } = backend();
    const tested = new Set(operations.map(({ kernel }) => kernel));
    const sound = [...soundStockGradients, ...mendedGradients(tf).map(({ kernelName }) => kernelName)];
    // The derivative of SampleLosses can be differentiated once only: its own second derivative is an error, tested below.
    expect(sound.toSorted()).toEqual([...tested, 'SampleLossesDelta'].sort());

    const others = kernelsWithGradient(tf).filter((kernel) => !tested.has(kernel));
    expect(others).toContain('DepthwiseConv2dNative');
    for (const kernel of others) {
      const whileRecording = () =>
        tf.grad((x: Tensor) => {
          tf.getGradient(kernel).gradFunc(x, [x, x, x], {});
          return tf.sum(x);
        })(tf.scalar(1));
      expect(whileRecording, kernel).toThrow(`No second derivative of ${kernel}`);
    }
  });

  const twice = (f: (tf: TensorFlow, x: Tensor) => Tensor, ...shape: number[]) => {
    const { tf } = backend();
    const x = tf.reshape(
      tf.linspace(
        -1,
        1,
        shape.reduce((a, b) => a * b),
      ),
      shape,
    );
    const v = tf.onesLike(x);
    return hessianVectorProduct(tf, ([t]) => tf.sum(tf.square(f(tf, t))) as Scalar, [x], [v]);
  };

  it.each<[string, (tf: TensorFlow, x: Tensor) => Tensor, number[]]>([
    ['avgPool with padding', (tf, x) => tf.avgPool(x as never, 2, 1, 'same'), [1, 3, 3, 1]],
    ['cumsum', (tf, x) => tf.cumsum(x), [3]],
    ['mirrorPad', (tf, x) => tf.mirrorPad(x, [[1, 1]], 'reflect'), [3]],
    ['logSoftmax', (tf, x) => tf.logSoftmax(x), [2, 3]],
    ['logSigmoid', (tf, x) => tf.logSigmoid(x), [3]],
    ['losses.softmaxCrossEntropy', (tf, x) => tf.losses.softmaxCrossEntropy(tf.eye(3), x), [3, 3]],
    ['fused.matMul', (tf, x) => tf.fused.matMul({ a: x, b: tf.eye(3) }), [3, 3]],
    [
      'a custom gradient',
      (tf, x) =>
        tf.customGrad((t, save) => {
          (save as (tensors: Tensor[]) => void)([t as Tensor]);
          return { value: tf.square(t as Tensor), gradFunc: (dy, [saved]) => tf.mul(dy, tf.mul(2, saved)) };
        })(x),
      [3],
    ],
  ])('%s throws when it is differentiated twice', (_, f, shape) => {
    expect(() => twice(f, ...shape)).toThrow(/No second derivative/);
  });

  it('a convolution with unequal strides has its derivative by the input; on wasm that by the filter is an error', () => {
    const { tf } = backend();
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
    const filter = tf.tensor4d([1, 10, 100, 1000], [2, 2, 1, 1]);
    const byInput = tf.grad((t: Tensor) => tf.sum(tf.conv2d(t as Tensor4D, filter, [2, 1], 'valid')))(x);
    expect([...byInput.dataSync()]).toEqual([1, 11, 10, 100, 1100, 1000, 0, 0, 0]);
    const byFilter = () => tf.grad((w: Tensor) => tf.sum(tf.conv2d(x, w as Tensor4D, [2, 1], 'valid')))(filter);
    if (name === 'wasm') expect(byFilter).toThrow('expected NHWC and equal strides, found NHWC and strides 2,1');
    else expect([...byFilter().dataSync()]).toEqual([3, 5, 9, 11]);
  });

  it('a convolution with dilation has no derivative', () => {
    const { tf } = backend();
    const x = tf.ones([1, 3, 3, 1]) as Tensor4D;
    const dilated = (w: Tensor) => tf.sum(tf.conv2d(x, w as Tensor4D, 1, 'valid', 'NHWC', 2));
    expect(() => tf.grad(dilated)(tf.ones([2, 2, 1, 1]))).toThrow('convolution with dilation: expected 1, found 2');
  });

  it('of equal elements the first of a window of max pooling has the gradient, once and twice', async () => {
    const { tf } = backend();
    const x = tf.reshape(tf.tensor1d([1, 1, 2, 2, 1, 1, 2, 2, 0, 3, 3, 0, 3, 0, 0, 3]), [1, 4, 4, 1]);
    const first = [1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0];
    const pooled = (t: Tensor) => tf.maxPool(t as Tensor4D, 2, 2, 'valid');
    expect([
      ...(await tf
        .grad((t: Tensor) => tf.sum(pooled(t)))(x)
        .data()),
    ]).toEqual(first);
    const objective = ([t]: Tensor[]) => tf.mul(0.5, tf.sum(tf.square(pooled(t)))) as Scalar;
    const [product] = hessianVectorProduct(tf, objective, [x], [tf.onesLike(x)]);
    expect([...(await product.data())]).toEqual(first);
  });

  it('a third derivative of the losses of outputs is an error', () => {
    const { tf } = backend();
    const targets = {
      loss: 'softmax-cross-entropy',
      wanted: { labels: Uint8Array.of(1), targets: new Float64Array(0) },
    };
    const loss = (z: Tensor) => summedLoss(tf, z, targets as OutputTargets);
    const thrice = tf.grad(tf.grad(tf.grad((z: Tensor) => tf.square(loss(z)))));
    expect(() => thrice(tf.tensor2d([[1, 2]]))).toThrow('gradient function not found for SampleLossesCurvature');
  });

  it('the guard does not stand in the way of first derivatives', async () => {
    const { tf } = backend();
    const gradient = tf.grad((x: Tensor) => tf.sum(tf.square(tf.cumsum(x))))(tf.tensor1d([1, 2]));
    expect([...(await gradient.data())]).toEqual([8, 6]);
    const logits = tf.tensor2d([0, 0], [1, 2]);
    const labels = tf.tensor2d([1, 0], [1, 2]);
    const byLogits = tf.grad((z: Tensor) => tf.losses.softmaxCrossEntropy(labels, z))(logits);
    expect([...(await byLogits.data())]).toEqual([-0.5, 0.5]);
  });
});
