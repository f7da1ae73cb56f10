import type { ConvolutionAttributes } from '../gradients/convolution.js';
import { matrixProduct } from '../gradients/matrix-product.js';
import type { Tensor, Tensor4D, TensorFlow } from '../types.js';

/**
 * The two adjoints of convolution on the wasm backend, each by forward convolutions. Stock tfjs 4.22.0 has no
 * Conv2DBackpropFilter there, and its Conv2DBackpropInput is a naive loop (measured for 64 images of 32 x 32 x 16, 3 x 3:
 * 130 ms, against 10 ms of the convolution itself). What these do not cover is left to the stock kernel.
 */
export function mendWasmConvolution(tf: TensorFlow): void {
  const stock = tf.getKernel(tf.Conv2DBackpropInput, 'wasm');
  tf.unregisterKernel(tf.Conv2DBackpropInput, 'wasm');
  tf.registerKernel({
    ...stock,
    kernelFunc: (call) => {
      const { dy, filter } = call.inputs as unknown as Record<'dy' | 'filter', Tensor4D>;
      const attributes = call.attrs as unknown as ConvolutionAttributes & { inputShape: Shape4D };
      const geometry = geometryOf(tf, attributes.inputShape, filter.shape, attributes);
      return geometry ? tf.tidy(() => inputGradient(tf, dy, filter, geometry)) : stock.kernelFunc(call);
    },
  });
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as unknown as Record<'x' | 'dy', Tensor4D>;
      const attributes = attrs as unknown as ConvolutionAttributes & { filterShape: Shape4D };
      const geometry = geometryOf(tf, x.shape, attributes.filterShape, attributes);
      if (!geometry) {
        const { strides, dataFormat } = attributes;
        throw new Error(
          `Conv2DBackpropFilter on wasm: expected NHWC and equal strides, found ${dataFormat} and strides ${strides}`,
        );
      }
      return tf.tidy(() => filterGradient(tf, x, dy, geometry));
    },
  });
}

type Shape4D = [number, number, number, number];

/** Along one direction: positions of the input and of the output, of the kernel, and zeros before the input. */
interface Extent {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly before: number;
}

interface Geometry {
  readonly stride: number;
  readonly rows: Extent;
  readonly columns: Extent;
}

function geometryOf(tf: TensorFlow, inputShape: Shape4D, filterShape: Shape4D, attributes: ConvolutionAttributes) {
  const { strides, pad, dataFormat, dimRoundingMode } = attributes;
  if (dataFormat !== 'NHWC') return undefined;
  const info = tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad as never, dimRoundingMode);
  if (info.strideHeight !== info.strideWidth) return undefined;
  const { padInfo } = info;
  const rows = { input: info.inHeight, output: info.outHeight, kernel: info.filterHeight, before: padInfo.top };
  const columns = { input: info.inWidth, output: info.outWidth, kernel: info.filterWidth, before: padInfo.left };
  return { stride: info.strideHeight, rows, columns } satisfies Geometry;
}

/**
 * dx[i] is the sum of dy[o] w[k] over stride o + k - before = i. Write i = stride q + r: for each remainder r this is a
 * convolution of dy with every stride-th element of the kernel, w[stride t + r + before] at the taps t, dx[q] = sum of
 * dy[q - t]. The remainders are channels of one convolution and then interleaved: nothing is multiplied by the zeros that a
 * dilated dy would have.
 */
function inputGradient(tf: TensorFlow, dy: Tensor4D, filter: Tensor4D, { stride, rows, columns }: Geometry): Tensor {
  const [vertical, horizontal] = [rows, columns].map((extent) => tapsOf(stride, extent));
  const [, , inputs, outputs] = filter.shape;
  const padded = tf.pad(filter, [vertical.kernelPadding, horizontal.kernelPadding, [0, 0], [0, 0]]);
  const split = tf.reshape(padded, [vertical.taps, stride, horizontal.taps, stride, inputs, outputs]);
  const kernel = tf.reshape(tf.transpose(tf.reverse(split, [0, 2]), [0, 2, 5, 1, 3, 4]), [
    ...[vertical.taps, horizontal.taps, outputs],
    stride * stride * inputs,
  ]);
  const remainders = convolve(tf, dy, kernel as Tensor4D, vertical.padding, horizontal.padding, 1);
  if (stride === 1) return remainders;
  // What tf.depthToSpace does, which is slow here (measured: 35 ms for a million numbers, against 0.5).
  const [images, height, width] = remainders.shape;
  const rowByRow = tf.reshape(remainders, [images * height, width, stride, stride * inputs]);
  const interleaved = tf.reshape(tf.transpose(rowByRow, [0, 2, 1, 3]), [
    ...[images, height * stride, width * stride],
    inputs,
  ]);
  const shape = [dy.shape[0], rows.input, columns.input, inputs];
  return tf.util.arraysEqual(interleaved.shape, shape) ? interleaved : tf.slice(interleaved, [0, 0, 0, 0], shape);
}

function tapsOf(stride: number, { input, output, kernel, before }: Extent) {
  const first = -Math.floor((before + stride - 1) / stride);
  const last = Math.floor((kernel - 1 - before) / stride);
  const taps = last - first + 1;
  const kernelBefore = -stride * first - before;
  const kernelPadding: [number, number] = [kernelBefore, stride * taps - kernelBefore - kernel];
  const padding: [number, number] = [last, Math.ceil(input / stride) - first - output];
  return { taps, kernelPadding, padding };
}

/** dw[k] = sum over images and positions of x[stride o + k - before] dy[o]: x is convolved with dy, images as channels. */
function filterGradient(tf: TensorFlow, x: Tensor4D, dy: Tensor4D, geometry: Geometry): Tensor {
  const { stride, rows, columns } = geometry;
  if (isMatrixProduct(geometry)) {
    const [inputs, outputs] = [x.shape[3], dy.shape[3]];
    const product = matrixProduct(tf, tf.reshape(x, [-1, inputs]), tf.reshape(dy, [-1, outputs]), true, false);
    return tf.reshape(product, [1, 1, inputs, outputs]);
  }
  const [vertical, horizontal] = [rows, columns].map(({ input, output, kernel, before }): [number, number] => [
    before,
    (output - 1) * stride + kernel - input - before,
  ]);
  const channelsFirst = tf.transpose(x, [3, 1, 2, 0]);
  const kernel = tf.transpose(dy, [1, 2, 0, 3]);
  return tf.transpose(convolve(tf, channelsFirst, kernel, vertical, horizontal, stride), [1, 2, 0, 3]);
}

/** A product of two matrices of all pixels: a fifth of the time by convolution (measured: 32 x 32 pixels, 64 to 16 channels). */
function isMatrixProduct({ stride, rows, columns }: Geometry): boolean {
  return stride === 1 && [rows, columns].every(({ kernel, input, output }) => kernel === 1 && input === output);
}

/** Convolution with as many zeros before and after the rows and the columns; a negative number cuts as many off. */
function convolve(
  tf: TensorFlow,
  x: Tensor4D,
  kernel: Tensor4D,
  vertical: [number, number],
  horizontal: [number, number],
  dilation: number,
): Tensor4D {
  const [images, height, width, channels] = x.shape;
  const cut = [...vertical, ...horizontal].some((zeros) => zeros < 0);
  const [top, bottom, left, right] = [...vertical, ...horizontal].map((zeros) => Math.max(0, -zeros));
  const size: Shape4D = [images, height - top - bottom, width - left - right, channels];
  const kept = cut ? tf.slice(x, [0, top, left, 0], size) : x;
  const zeros = ([a, b]: [number, number]): [number, number] => [Math.max(0, a), Math.max(0, b)];
  return tf.conv2d(kept, kernel, 1, [[0, 0], zeros(vertical), zeros(horizontal), [0, 0]], 'NHWC', dilation);
}
