import type { RealArray } from '@hessian-rmt/numerics';
import { type PlacedLayer, parameterBlocks, placedLayers, statisticsCount } from '../convolutional/layout.js';
import type {
  BatchNormalisation,
  Convolution,
  ConvolutionalNetwork,
  Normalisation,
  Pooling,
} from '../convolutional/network.js';
import { channelCentre, channelDot, channelScale, channelShift, sumOfTwo } from './gradients/channels.js';
import { matrixProduct } from './gradients/matrix-product.js';
import type { Tensor, Tensor4D, TensorFlow, TensorNetwork } from './types.js';

/**
 * A convolutional network in tfjs operations. Its parameters are tensors in the order of `parameterBlocks`, with the same
 * shapes; batch normalisation takes part as `normalisation` says, dropout does not.
 *
 * @throws RangeError for layers that do not fit together, statistics of another length, or a pooling that the backend
 *   does not compute
 */
export function convolutionalTensors(
  tf: TensorFlow,
  network: ConvolutionalNetwork,
  normalisation: Normalisation,
): TensorNetwork {
  const layers = placedLayers(network);
  const blocks = parameterBlocks(network);
  if (normalisation.mode === 'evaluation' && normalisation.statistics.length !== statisticsCount(network)) {
    const { length } = normalisation.statistics;
    throw new RangeError(`${network.name}: expected ${statisticsCount(network)} statistics, found ${length}`);
  }
  const { height, width, channels } = network.input;
  return {
    toTensors: (flat) =>
      blocks.map(({ offset, size, shape }) => tf.tensor(float32(flat.subarray(offset, offset + size)), [...shape])),
    addFromTensors(tensors, flat) {
      tensors.forEach((tensor, b) => {
        const { offset, size } = blocks[b];
        const values = tensor.dataSync();
        for (let i = 0; i < size; i++) flat[offset + i] += values[i];
      });
    },
    outputs(parameters, inputs) {
      const ofBlock = new Map(blocks.map(({ name }, b) => [name, parameters[b]]));
      const pass: Pass = { tf, normalisation, ofBlock };
      const images = tf.reshape(inputs, [-1, height, width, channels]);
      return tf.reshape(runLayers(pass, layers, images), [-1, network.classes]);
    },
  };
}

interface Pass {
  readonly tf: TensorFlow;
  readonly normalisation: Normalisation;
  /** Tensors of parameters by the name of their block. */
  readonly ofBlock: ReadonlyMap<string, Tensor>;
}

function float32(values: RealArray): Float32Array {
  return Float32Array.from(values);
}

/** Tensors between layers are freed as soon as the next layer has been computed, but for what gradients keep. */
function runLayers(pass: Pass, layers: readonly PlacedLayer[], x: Tensor): Tensor {
  let current = x;
  for (const placed of layers) {
    const next = pass.tf.tidy(() => runLayer(pass, placed, current));
    if (current !== x && next !== current) current.dispose();
    current = next;
  }
  return current;
}

function runLayer(pass: Pass, placed: PlacedLayer, x: Tensor): Tensor {
  const { tf } = pass;
  const [first, second] = placed.parameters.map(({ name }) => pass.ofBlock.get(name)!);
  const { layer } = placed;
  switch (layer.kind) {
    case 'convolution': {
      const y = convolve(tf, layer, x as Tensor4D, first as Tensor4D);
      return layer.bias ? channelShift(tf, y, second) : y;
    }
    case 'dense': {
      const a = tf.reshape(x, [x.shape[0], -1]);
      const [outputs, columns] = first.shape as [number, number];
      const inputs = layer.bias ? columns - 1 : columns;
      const weights = layer.bias ? tf.slice(first, [0, 0], [outputs, inputs]) : first;
      const z = matrixProduct(tf, a, weights, false, true);
      const bias = () => tf.reshape(tf.slice(first, [0, inputs], [outputs, 1]), [outputs]);
      return tf.reshape(layer.bias ? tf.add(z, bias()) : z, [x.shape[0] as number, 1, 1, outputs]);
    }
    case 'batch-normalisation':
      return normalise(pass, layer, placed, x, first, second);
    case 'relu':
      return tf.relu(x);
    case 'tanh':
      return tf.tanh(x);
    case 'average-pooling':
    case 'max-pooling':
      return pool(tf, layer, x as Tensor4D);
    case 'dropout':
      return x;
    case 'residual':
      return sumOfTwo(tf, runLayers(pass, placed.branch!, x), runLayers(pass, placed.shortcut!, x));
  }
}

/** tfjs-node knows no padding in numbers: there the zeros are put around the images first. */
function convolve(tf: TensorFlow, { stride, padding, size }: Convolution, x: Tensor4D, kernel: Tensor4D): Tensor {
  if (padding === 0) return tf.conv2d(x, kernel, stride, 'valid');
  if (stride === 1 && size === 2 * padding + 1) return tf.conv2d(x, kernel, 1, 'same');
  if (tf.getBackend() !== 'tensorflow') return tf.conv2d(x, kernel, stride, padding);
  const around: [number, number] = [padding, padding];
  return tf.conv2d(tf.pad(x, [[0, 0], around, around, [0, 0]]), kernel, stride, 'valid');
}

function normalise(
  { tf, normalisation }: Pass,
  { epsilon }: BatchNormalisation,
  { statistics }: PlacedLayer,
  x: Tensor,
  scale: Tensor,
  shift: Tensor,
): Tensor {
  if (normalisation.mode === 'training') {
    const centred = channelCentre(tf, x);
    const pixels = x.size / scale.size;
    const variance = tf.div(channelDot(tf, centred, centred), pixels);
    const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)));
    return channelShift(tf, channelScale(tf, centred, factor), shift);
  }
  const { offset, channels } = statistics!;
  const means = normalisation.statistics.subarray(offset, offset + channels);
  const variances = normalisation.statistics.subarray(offset + channels, offset + 2 * channels);
  const factor = tf.mul(scale, tf.tensor1d(float32(variances.map((variance) => 1 / Math.sqrt(variance + epsilon)))));
  return channelShift(tf, channelScale(tf, x, factor), tf.sub(shift, tf.mul(factor, tf.tensor1d(float32(means)))));
}

function pool(tf: TensorFlow, { kind, size, stride }: Pooling, x: Tensor4D): Tensor {
  if (size === 1 && stride === 1) return x;
  if (stride > size) {
    throw new RangeError(`${kind} on tfjs: expected a stride of at most the size ${size}, found ${stride}`);
  }
  return kind === 'max-pooling' ? tf.maxPool(x, size, stride, 'valid') : tf.avgPool(x, size, stride, 'valid');
}
