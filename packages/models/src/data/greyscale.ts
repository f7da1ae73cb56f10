import type { Dataset } from '../dataset.js';

/**
 * Weights of red, green and blue: the luma of ITU-R BT.601, which MATLAB's rgb2gray, Pillow and torchvision take.
 * Pennington & Bahri 2017 do not say how they made CIFAR grey.
 */
export const lumaWeights = [0.299, 0.587, 0.114] as const;

/**
 * Grey images from red, green and blue ones: of each pixel the weighted mean of its channels. It commutes with
 * `blockAverage` and, since the weights sum to one, with `[0,1]` and `[-1,1]`.
 *
 * @throws RangeError unless the data are images of three channels
 */
export function greyscale(data: Dataset): Dataset {
  const { name, image, inputs } = data;
  if (image?.channels !== 3) {
    const found = image ? `${image.channels}` : 'no images';
    throw new RangeError(`greyscale: expected images of three channels in ${name}, found ${found}`);
  }
  const [red, green, blue] = lumaWeights;
  const grey = new Float64Array(inputs.length / 3);
  for (let i = 0; i < grey.length; i++) {
    grey[i] = red * inputs[3 * i] + green * inputs[3 * i + 1] + blue * inputs[3 * i + 2];
  }
  return {
    ...data,
    name: `${name}, grey`,
    dimension: image.height * image.width,
    inputs: grey,
    image: { ...image, channels: 1 },
  };
}
