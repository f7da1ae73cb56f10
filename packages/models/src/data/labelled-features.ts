import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type NpyArray, readNpy, toFloat64 } from '@hessian-rmt/numerics';
import type { Dataset } from '../dataset.js';
import { DataFileError } from './data-file-error.js';

export interface FeatureFiles {
  /** Path of a .npy file, samples x features, float64 or float32. */
  readonly features: string;
  /** Path of a .npy file with one integer a sample, of any of NumPy's integer types: its class, from 0. */
  readonly labels: string;
  /** For manifests and figures. Default `features of your own`. */
  readonly name?: string;
}

/** A data set keeps labels as bytes. */
const mostClasses = 256;

/**
 * Samples by features of your own, such as the outputs of a network's last layer but one. Inputs are the features as they
 * are, not scaled. There are as many classes as the largest label says. The checksum is that of both files, features
 * before labels: `cat features.npy labels.npy | sha256sum`.
 *
 * @throws DataFileError naming file, expected and found, when a file is missing, when shapes or types are others or do not
 *   go together, when a feature is not finite, or when labels are negative, above 255, or all the same
 * @throws Error as `readNpy`, when a file is no whole .npy file
 */
export async function labelledFeatures({ features, labels, name }: FeatureFiles): Promise<Dataset> {
  const [inputs, classes] = await Promise.all([readArray(features), readArray(labels)]);
  const [count, dimension] = checkFeatures(inputs, features);
  return {
    name: name ?? 'features of your own',
    count,
    dimension,
    ...labelsOf(classes, labels, { count, features }),
    inputs: toFloat64(inputs),
    checksum: await checksumOf(features, labels),
  };
}

async function readArray(file: string): Promise<NpyArray> {
  try {
    return await readNpy(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new DataFileError(file, 'a .npy file', 'no such file');
    throw error;
  }
}

/** @returns samples and features */
function checkFeatures({ shape, data }: NpyArray, file: string): readonly number[] {
  if (shape.length !== 2 || data.length === 0) {
    throw new DataFileError(file, 'samples x features, at least one of each', `shape (${shape.join(', ')})`);
  }
  if (!(data instanceof Float64Array || data instanceof Float32Array)) {
    throw new DataFileError(file, 'features of type float64 or float32', elementType(data));
  }
  const bad = data.findIndex((value: number) => !Number.isFinite(value));
  if (bad >= 0) {
    const place = `feature ${bad % shape[1]} of sample ${Math.floor(bad / shape[1])}`;
    throw new DataFileError(file, 'finite features', `${data[bad]}, ${place}`);
  }
  return shape;
}

function labelsOf(
  { shape, data }: NpyArray,
  file: string,
  { count, features }: { readonly count: number; readonly features: string },
): Pick<Dataset, 'labels' | 'classes'> {
  if (data instanceof Float64Array || data instanceof Float32Array) {
    throw new DataFileError(file, 'integer labels', elementType(data));
  }
  if (shape.length !== 1 || shape[0] !== count) {
    const expected = `shape (${count}), a label for each sample of ${features}`;
    throw new DataFileError(file, expected, `shape (${shape.join(', ')})`);
  }
  const labels = new Uint8Array(count);
  let classes = 0;
  data.forEach((label: number | bigint, sample: number) => {
    if (!(label >= 0 && label < mostClasses)) {
      throw new DataFileError(file, `labels from 0 to ${mostClasses - 1}`, `label ${label} of sample ${sample}`);
    }
    labels[sample] = Number(label);
    classes = Math.max(classes, labels[sample] + 1);
  });
  if (labels.every((label) => label === labels[0])) {
    throw new DataFileError(file, 'at least two classes', `label ${labels[0]} for every sample`);
  }
  return { labels, classes };
}

/** `Int16` of an Int16Array. */
const elementType = (data: NpyArray['data']): string => `type ${data.constructor.name.replace('Array', '')}`;

async function checksumOf(...files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) {
    for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  }
  return hash.digest('hex');
}
