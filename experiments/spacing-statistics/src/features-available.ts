import { existsSync } from 'node:fs';
import { DataFileError } from '@hessian-rmt/models';
import { allEmbeddedSamples, embeddingFiles, testing } from './embedding.js';
import type { Images } from './images-available.js';

/** Features of images in place of images. */
export interface Features extends Images {
  readonly samples: number;
  readonly inputs: number;
  readonly classes: number;
}

/** Test samples that figure 3 needs: three batches of 64, of which one is analysed and two are the pool. */
const fewest = 3 * 64;

/**
 * The features that the user brought; undefined when there are none.
 *
 * @throws DataFileError when one file is missing, either is damaged, or there are too few samples; as `labelledFeatures`
 */
export async function availableFeatures(directory?: string): Promise<Features | undefined> {
  const { features, labels } = embeddingFiles(directory);
  if (!existsSync(features) && !existsSync(labels)) return undefined;
  const { count, dimension, classes, checksum } = await allEmbeddedSamples(directory);
  if (testing(count) < fewest) {
    const found = `${count}, of which the last sixth, ${testing(count)}, are for testing`;
    throw new DataFileError(features, `at least ${6 * fewest} samples`, found);
  }
  return {
    source: { dataset: 'embedding', train: checksum, test: checksum, classes },
    text: 'embedding features',
    // Nothing tells how they were made.
    published: false,
    training: count - testing(count),
    testing: testing(count),
    samples: count,
    inputs: dimension,
    classes,
  };
}

export const features = await availableFeatures();
