import type { RealArray } from '@hessian-rmt/numerics';
import type { Dataset } from '../dataset.js';
import { type DenseNetwork, layerShapes } from '../network.js';
import { matrixProduct } from './gradients/matrix-product.js';
import { crossEntropy, squaredError } from './losses.js';
import type { Scalar, Tensor, TensorFlow } from './types.js';

/*
 * A dense network (network.ts) in tfjs operations. Its parameters are a list of tensors: of each layer the weights,
 * transposed (inputs x units), then the biases if it has any.
 */

/** From the flat layout of network.ts. */
export function toTensors(tf: TensorFlow, network: DenseNetwork, flat: RealArray): Tensor[] {
  return layerShapes(network).flatMap(({ offset, rows, columns }, l) => {
    const fanIn = network.widths[l];
    const weights = new Float32Array(fanIn * rows);
    const biases = new Float32Array(rows);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < fanIn; j++) weights[j * rows + i] = flat[offset + i * columns + j];
      if (network.bias) biases[i] = flat[offset + i * columns + fanIn];
    }
    const matrix = tf.tensor2d(weights, [fanIn, rows]);
    return network.bias ? [matrix, tf.tensor1d(biases)] : [matrix];
  });
}

/** flat := flat + scale (the tensors in the flat layout of network.ts). */
export function addFromTensors(network: DenseNetwork, tensors: readonly Tensor[], scale: number, flat: Float64Array) {
  layerShapes(network).forEach(({ offset, rows, columns }, l) => {
    const fanIn = network.widths[l];
    const weights = tensors[network.bias ? 2 * l : l].dataSync();
    const biases = network.bias ? tensors[2 * l + 1].dataSync() : [];
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < fanIn; j++) flat[offset + i * columns + j] += scale * weights[j * rows + i];
      if (network.bias) flat[offset + i * columns + fanIn] += scale * biases[i];
    }
  });
}

/** Samples x outputs, before the loss. */
export function denseOutputs(tf: TensorFlow, network: DenseNetwork, parameters: Tensor[], inputs: Tensor): Tensor {
  const layers = network.widths.length - 1;
  let a = inputs;
  for (let l = 0; l < layers; l++) {
    const product = matrixProduct(tf, a, parameters[network.bias ? 2 * l : l], false, false);
    const z = network.bias ? tf.add(product, parameters[2 * l + 1]) : product;
    a = l === layers - 1 || network.activation === 'identity' ? z : tf[network.activation](z);
  }
  return a;
}

/** Mean over the samples, of which each has a row of outputs and a row of targets. */
export function outputLoss(tf: TensorFlow, network: DenseNetwork, outputs: Tensor, targets: Tensor): Scalar {
  const loss = network.loss === 'squared-error' ? squaredError : crossEntropy;
  return loss(tf, outputs, targets);
}

/** Samples of a data set on the backend. */
export interface SampleTensors {
  readonly count: number;
  /** count x dimension. */
  readonly inputs: Tensor;
  /** count x outputs: the targets, or for cross-entropy the labels one-hot. */
  readonly targets: Tensor;
}

export function sampleTensors(tf: TensorFlow, { widths, loss }: DenseNetwork, data: Dataset): SampleTensors {
  const { count, dimension } = data;
  const outputs = widths[widths.length - 1];
  const targets = loss === 'squared-error' ? new Float32Array(data.targets!) : new Float32Array(count * outputs);
  if (loss === 'softmax-cross-entropy') {
    data.labels.forEach((label, n) => {
      targets[n * outputs + label] = 1;
    });
  }
  return {
    count,
    inputs: tf.tensor2d(new Float32Array(data.inputs), [count, dimension]),
    targets: tf.tensor2d(targets, [count, outputs]),
  };
}
