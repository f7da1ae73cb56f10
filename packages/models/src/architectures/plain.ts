import { placedLayers } from '../convolutional/layout.js';
import type { ConvolutionalNetwork, Layer } from '../convolutional/network.js';
import type { ImageShape } from '../dataset.js';
import { convolution, dense, maxPooling, relu } from './layers.js';

export interface LeNetOptions {
  readonly input: ImageShape;
  readonly classes: number;
  /** Of the two convolutions. Default 6, 16 (LeNet-5). */
  readonly channels?: readonly [number, number];
  /** Of the two hidden dense layers. Default 120, 84 (LeNet-5). */
  readonly hidden?: readonly [number, number];
  /** Height and width of the kernels, odd. Default 5; 3 for images as small as 8x8. */
  readonly size?: number;
}

/**
 * A convolutional network in the manner of LeNet-5 (LeCun et al. 1998): two convolutions, the first with padding, the
 * second without, each with ReLU and 2x2 max-pooling, then three dense layers. ReLU and max-pooling in place of tanh and
 * trained subsampling, every map connected with every other, softmax: as it is built today. LeNet-5's own sizes by
 * default, for 28x28 images 61,706 parameters. Sagun et al. 2017 do not describe their "convnet on MNIST".
 *
 * @throws RangeError when images are too small for the kernels
 */
export function leNet(options: LeNetOptions): ConvolutionalNetwork {
  const { input, classes, channels = [6, 16], hidden = [120, 84], size = 5 } = options;
  const network: ConvolutionalNetwork = {
    kind: 'convolutional',
    name: `LeNet (channels ${channels.join(', ')}; dense ${hidden.join(', ')}; kernels ${size}x${size})`,
    input,
    classes,
    loss: 'softmax-cross-entropy',
    layers: [
      convolution('conv1', channels[0], size),
      relu,
      maxPooling(2),
      convolution('conv2', channels[1], size, { padding: 0 }),
      relu,
      maxPooling(2),
      dense('dense1', hidden[0]),
      relu,
      dense('dense2', hidden[1]),
      relu,
      dense('dense3', classes),
    ],
  };
  placedLayers(network);
  return network;
}

export interface AlexNetOptions {
  readonly input: ImageShape;
  readonly classes: number;
  /** Of the five convolutions. Default 64, 192, 384, 256, 256 (Krizhevsky 2014). */
  readonly channels?: readonly [number, number, number, number, number];
  /** Of hidden dense layers. Default none: at 32x32 a single pixel is left before them. */
  readonly hidden?: readonly number[];
}

/**
 * AlexNet for 32x32 images, bare: no dropout and no normalisation, as in Sagun et al. 2017, sec. 4.1, who do not say how
 * they fitted it to CIFAR-10; the form is our choice. Five convolutions with ReLU and the channels and kernel sizes of
 * "one weird trick" (Krizhevsky 2014: 11, 5, 3, 3, 3), all padded, the first with a stride that leaves 8x8 pixels (4 at
 * 32x32), 2x2 max-poolings after the first, second and fifth, and one dense layer. 2,472,266 parameters for CIFAR-10.
 *
 * @throws RangeError unless images are square with a side of 8 times an integer
 */
export function alexNet32(options: AlexNetOptions): ConvolutionalNetwork {
  const { input, classes, channels = [64, 192, 384, 256, 256], hidden = [] } = options;
  const stride = input.height / 8;
  if (input.height !== input.width || !Number.isInteger(stride)) {
    const found = `${input.height} x ${input.width}`;
    throw new RangeError(`alexNet32: expected square images with a side of 8 times an integer, found ${found}`);
  }
  const layer = (n: number, size: number, strided = 1) =>
    [convolution(`conv${n}`, channels[n - 1], size, { stride: strided }), relu] as const;
  const network: ConvolutionalNetwork = {
    kind: 'convolutional',
    name: `AlexNet for ${input.height}x${input.width}, bare (channels ${channels.join(', ')}; dense ${hidden.join(', ') || 'none'})`,
    input,
    classes,
    loss: 'softmax-cross-entropy',
    layers: [
      ...layer(1, 11, stride),
      maxPooling(2),
      ...layer(2, 5),
      maxPooling(2),
      ...layer(3, 3),
      ...layer(4, 3),
      ...layer(5, 3),
      maxPooling(2),
      ...hidden.flatMap((width, n): Layer[] => [dense(`dense${n + 1}`, width), relu]),
      dense(`dense${hidden.length + 1}`, classes),
    ],
  };
  placedLayers(network);
  return network;
}
