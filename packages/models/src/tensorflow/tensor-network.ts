import { checkConvolutionalFit } from '../convolutional/batch.js';
import type { Normalisation } from '../convolutional/network.js';
import type { Dataset } from '../dataset.js';
import { checkFit } from '../dense/output-loss.js';
import type { Network } from '../networks.js';
import { convolutionalTensors } from './convolutional-tensors.js';
import { addFromTensors, denseOutputs, toTensors } from './dense-tensors.js';
import type { TensorFlow, TensorNetwork } from './types.js';

export function tensorNetwork(tf: TensorFlow, network: Network, normalisation: Normalisation): TensorNetwork {
  if (network.kind === 'convolutional') return convolutionalTensors(tf, network, normalisation);
  return {
    toTensors: (flat) => toTensors(tf, network, flat),
    addFromTensors: (tensors, flat) => addFromTensors(network, tensors, 1, flat),
    outputs: (parameters, inputs) => denseOutputs(tf, network, parameters, inputs),
  };
}

/** @throws RangeError naming what of the data does not fit the network */
export function checkNetworkFit(network: Network, data: Dataset): void {
  if (network.kind === 'convolutional') checkConvolutionalFit(network, data);
  else checkFit(network, data);
}
