import { inOrder, placedLayers } from './layout.js';
import type { ConvolutionalNetwork } from './network.js';

/**
 * Floating-point operations of one sample's way through a network, those of convolutions and dense layers: a
 * multiplication and an addition for each term. A gradient takes three times as many, a Hessian-vector product eight.
 */
export function forwardFlops(network: ConvolutionalNetwork): number {
  return inOrder(placedLayers(network)).reduce((sum, { output, parameters }) => {
    const weights = parameters.filter(({ kind }) => kind === 'kernel' || kind === 'matrix');
    return sum + weights.reduce((all, { size }) => all + 2 * size * output.height * output.width, 0);
  }, 0);
}
