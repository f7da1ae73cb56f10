import type { Dataset } from '../dataset.js';

/**
 * Images made smaller by averaging blocks of factor x factor pixels: 28 x 28 becomes 14 x 14 (factor 2) or 7 x 7
 * (factor 4). A first layer small enough for a dense Hessian; no paper of the four does it, so whoever uses it says so.
 * Averaging commutes with `[0,1]` and `[-1,1]`; standardised images keep mean 0 but lose deviation 1.
 *
 * @throws RangeError for data that are no images, or unless the factor divides height and width
 */
export function blockAverage(data: Dataset, factor: number): Dataset {
  const { image } = data;
  if (!image) throw new RangeError(`blockAverage: ${data.name} does not consist of images`);
  const { height, width, channels } = image;
  if (!Number.isInteger(factor) || factor < 1 || height % factor !== 0 || width % factor !== 0) {
    throw new RangeError(`blockAverage: expected a factor that divides ${height} and ${width}, found ${factor}`);
  }
  const smallHeight = height / factor;
  const smallWidth = width / factor;
  const dimension = smallHeight * smallWidth * channels;
  const inputs = new Float64Array(data.count * dimension);
  for (let n = 0; n < data.count; n++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const from = n * data.dimension + (y * width + x) * channels;
        const to = n * dimension + (Math.floor(y / factor) * smallWidth + Math.floor(x / factor)) * channels;
        for (let c = 0; c < channels; c++) inputs[to + c] += data.inputs[from + c];
      }
    }
  }
  const area = factor * factor;
  return {
    ...data,
    name: `${data.name}, block averages ${smallHeight} x ${smallWidth}`,
    dimension,
    inputs: inputs.map((sum) => sum / area),
    image: { height: smallHeight, width: smallWidth, channels },
  };
}
