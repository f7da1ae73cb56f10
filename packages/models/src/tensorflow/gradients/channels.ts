import { type Inputs, registerKernel, runKernel } from '../kernels/own-kernels.js';
import type { GradConfig, Tensor, Tensor4D, TensorFlow } from '../types.js';

/*
 * What batch normalisation and residual blocks are made of, on images (NHWC) and vectors with one number a channel. Each is
 * linear or bilinear and its derivatives are others of the list. Plain tfjs operations would do, but keep five times the
 * memory for a second derivative, and their sums over all but the last axis transpose first (measured on wasm: 3 ms for a
 * million numbers, against 0.2).
 */

const SCALE = 'ChannelScale';
const SHIFT = 'ChannelShift';
const CENTRE = 'ChannelCentre';
const SUM = 'ChannelSum';
const DOT = 'ChannelDot';
const SPREAD = 'ChannelSpread';
const SUM_OF_TWO = 'SumOfTwo';

/** x a, channel by channel. */
export function channelScale(tf: TensorFlow, x: Tensor, a: Tensor): Tensor {
  return runKernel(tf, SCALE, { x, a });
}

/** x + b, channel by channel. */
export function channelShift(tf: TensorFlow, x: Tensor, b: Tensor): Tensor {
  return runKernel(tf, SHIFT, { x, b });
}

/** x less its mean over images and positions, channel by channel. */
export function channelCentre(tf: TensorFlow, x: Tensor): Tensor {
  return runKernel(tf, CENTRE, { x });
}

/** Sum of x y over images and positions, one number a channel. */
export function channelDot(tf: TensorFlow, x: Tensor, y: Tensor): Tensor {
  return runKernel(tf, DOT, { x, y });
}

/** x + y of the same shape. The gradient of `tf.add` keeps both of them, for their shapes. */
export function sumOfTwo(tf: TensorFlow, x: Tensor, y: Tensor): Tensor {
  return runKernel(tf, SUM_OF_TWO, { x, y });
}

export function registerChannelKernels(tf: TensorFlow): void {
  // First over the positions of each image, then over the images: fewer roundings in a row than over all at once.
  const mean = (x: Tensor): Tensor => {
    const [, height, width, channels] = x.shape;
    const ofImages = height * width === 1 ? x : tf.avgPool(x as Tensor4D, [height, width], 1, 'valid');
    return tf.mean(tf.reshape(ofImages, [-1, channels]), 0);
  };
  const positions = (x: Tensor) => x.size / (x as Tensor4D).shape[3];
  const sum = (x: Tensor) => tf.mul(mean(x), positions(x));

  registerKernel(tf, SCALE, ({ x, a }: Inputs) => tf.mul(x, a));
  registerKernel(tf, SHIFT, ({ x, b }: Inputs) => tf.add(x, b));
  registerKernel(tf, CENTRE, ({ x }: Inputs) => tf.sub(x, mean(x)));
  registerKernel(tf, SUM, ({ x }: Inputs) => sum(x));
  registerKernel(tf, DOT, ({ x, y }: Inputs) => sum(tf.mul(x, y)));
  registerKernel(tf, SPREAD, ({ a }: Inputs, { shape }: { shape: number[] }) => tf.add(tf.zeros(shape), a));
  registerKernel(tf, SUM_OF_TWO, ({ x, y }: Inputs) => tf.add(x, y));
}

export function channelGradients(tf: TensorFlow): GradConfig[] {
  const sum = (x: Tensor) => runKernel(tf, SUM, { x }, { shape: x.shape });
  const gradient = (
    kernelName: string,
    inputsToSave: string[],
    gradFunc: (dy: Tensor, saved: Tensor[], attributes: { shape: number[] }) => Record<string, () => Tensor>,
  ): GradConfig => ({ kernelName, inputsToSave, gradFunc: gradFunc as never });

  return [
    gradient(SCALE, ['x', 'a'], (dy, [x, a]) => ({
      x: () => channelScale(tf, dy, a),
      a: () => channelDot(tf, x, dy),
    })),
    gradient(DOT, ['x', 'y'], (dy, [x, y]) => ({
      x: () => channelScale(tf, y, dy),
      y: () => channelScale(tf, x, dy),
    })),
    gradient(SHIFT, [], (dy) => ({ x: () => tf.clone(dy), b: () => sum(dy) })),
    gradient(CENTRE, [], (dy) => ({ x: () => channelCentre(tf, dy) })),
    gradient(SUM, [], (dy, _, { shape }) => ({ x: () => runKernel(tf, SPREAD, { a: dy }, { shape }) })),
    gradient(SPREAD, [], (dy) => ({ a: () => sum(dy) })),
    gradient(SUM_OF_TWO, [], (dy) => ({ x: () => tf.clone(dy), y: () => tf.clone(dy) })),
  ];
}
