import { convolutionalParameterCount } from './convolutional/layout.js';
import type { ConvolutionalNetwork } from './convolutional/network.js';
import { digest } from './data/checksum.js';
import { type DenseNetwork, parameterCount } from './network.js';

/** What can be trained and differentiated here. */
export type Network = DenseNetwork | ConvolutionalNetwork;

/** Length of a network's weight vector. */
export function parametersOf(network: Network): number {
  return network.kind === 'dense' ? parameterCount(network) : convolutionalParameterCount(network);
}

/** Outputs a sample. */
export function outputWidth(network: Network): number {
  return network.kind === 'dense' ? network.widths[network.widths.length - 1] : network.classes;
}

/** For people, and another for every other network: of a convolutional one, its name, loss and a checksum of its layers. */
export function describeNetwork(network: Network): string {
  if (network.kind === 'dense') {
    const { widths, activation, loss, bias } = network;
    return `a ${widths.join('-')} network (${activation}, ${loss}, ${bias ? 'biases' : 'no biases'})`;
  }
  const { name, loss, input, classes, layers } = network;
  const checksum = digest('sha256', new TextEncoder().encode(JSON.stringify([input, classes, layers])));
  return `${name}, ${loss}, layers ${checksum.slice(0, 12)}`;
}
