import type { Dataset } from '../dataset.js';

/**
 * Images with the inputs of a channel together, input (c * height + y) * width + x, as PyTorch flattens them: for networks
 * that were trained so. What comes back is no image any more to whoever expects channels innermost.
 *
 * @throws RangeError for data that are no images
 */
export function channelsFirst(data: Dataset): Dataset {
  if (!data.image) throw new RangeError(`channelsFirst: ${data.name} are no images`);
  const { image, ...rest } = data;
  const { height, width, channels } = image;
  const pixels = height * width;
  const inputs = new Float64Array(data.inputs.length);
  for (let start = 0; start < inputs.length; start += data.dimension) {
    for (let p = 0; p < pixels; p++) {
      for (let c = 0; c < channels; c++) inputs[start + c * pixels + p] = data.inputs[start + p * channels + c];
    }
  }
  return { ...rest, inputs };
}
