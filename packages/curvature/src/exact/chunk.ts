import { type DenseNetwork, layerShapes } from '@hessian-rmt/models';
import { inputPairBuffers, unitPairCount } from './input-pairs.js';
import { routeOf } from './layer-rows.js';
import { neighbourBuffers } from './neighbour-term.js';

/** The time is flat from 320 to 1,250 samples a chunk (measured for P = 9,960); fewer take less fresh memory. */
const mostSamples = 512;
/** Bytes for a chunk's buffers (our choice): small beside the matrix wherever time matters. */
const budget = 256e6;

/** Samples a chunk, all chunks about equally long. */
export function chunkSize(network: DenseNetwork, samples: number): number {
  const most = Math.max(1, Math.min(mostSamples, Math.floor(budget / (8 * bufferEntries(network, 2).perSample))));
  return Math.ceil(samples / Math.ceil(samples / most));
}

/** Bytes that the buffers of one chunk take: an upper estimate, known before anything is allocated. */
export function scratchBytes(network: DenseNetwork, chunk: number, lanes: number): number {
  const { perSample, fixed } = bufferEntries(network, lanes);
  return 8 * (chunk * perSample + fixed);
}

/** For the Hessian; its parts take less. */
function bufferEntries(network: DenseNetwork, lanes: number): { perSample: number; fixed: number } {
  const shapes = layerShapes(network);
  // Of each layer: inputs; delta, its tangent, f', f'', z's tangent, a unit vector and its product.
  let perSample = shapes.reduce((sum, { rows, columns }) => sum + columns + 7 * rows, 0);
  let pairs = 0;
  let mostProducts = 0;
  let mostSums = 0;
  let mostFactor = 0;
  shapes.forEach((lower, l) => {
    shapes.forEach((upper, m) => {
      if (m < l) return;
      const route = routeOf(shapes, l, m, true);
      if (route === 'input-pairs') {
        const buffers = inputPairBuffers(lower, upper);
        pairs += unitPairCount(lower, upper);
        mostProducts = Math.max(mostProducts, buffers.perSample);
        mostSums = Math.max(mostSums, buffers.fixed);
      }
      if (m === l + 1) {
        const neighbours = neighbourBuffers(lower, upper);
        mostProducts = Math.max(mostProducts, neighbours.perSample);
        mostSums = Math.max(mostSums, neighbours.fixed);
      }
      const factor = route === 'row-blocks' ? upper.rows * upper.columns : lower.rows;
      mostFactor = Math.max(mostFactor, factor + lower.columns);
    });
  });
  // Products of pairs, of neighbours and of rows each have buffers of their own.
  perSample += pairs + lanes * (2 * mostProducts + mostFactor);
  return { perSample, fixed: lanes * 2 * mostSums };
}
