import { type DenseNetwork, layerShapes } from '@hessian-rmt/models';
import { betweenLayersBuffers } from './between-layers.js';
import { withinLayerBuffers } from './within-layer.js';

/** Enough samples for BLAS to run at its speed, few enough for the buffers to stay small beside the matrix. */
const mostSamples = 2048;
const budget = 256e6;

/** Samples a chunk, all chunks about equally long. */
export function chunkSize(network: DenseNetwork, samples: number): number {
  const most = Math.max(1, Math.min(mostSamples, Math.floor(budget / (8 * bufferEntries(network).perSample))));
  return Math.ceil(samples / Math.ceil(samples / most));
}

/** Bytes that the buffers of one chunk take: an upper estimate, known before anything is allocated. */
export function scratchBytes(network: DenseNetwork, chunk: number): number {
  const { perSample, fixed } = bufferEntries(network);
  return 8 * (chunk * perSample + fixed);
}

function bufferEntries(network: DenseNetwork): { perSample: number; fixed: number } {
  const shapes = layerShapes(network);
  let passes = 0;
  let curvatures = 0;
  const sums: { perSample: number; fixed: number }[] = [];
  shapes.forEach((lower, l) => {
    // Inputs; deltas, slopes, second derivatives of activations, unit vectors.
    passes += lower.columns + 5 * lower.rows;
    sums.push(withinLayerBuffers(lower));
    shapes.slice(l).forEach((upper) => {
      // Curvature and response.
      curvatures += 2 * lower.rows * upper.rows;
      if (upper !== lower) sums.push(betweenLayersBuffers(lower, upper));
    });
  });
  const most = (of: 'perSample' | 'fixed') => Math.max(...sums.map((sum) => sum[of]));
  // Within and between layers do not share buffers: twice the largest.
  return { perSample: passes + curvatures + 2 * most('perSample'), fixed: 2 * most('fixed') };
}
