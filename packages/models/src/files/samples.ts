import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { DataFileError } from '../data/data-file-error.js';
import type { Dataset } from '../dataset.js';
import { type ChannelOrder, readInputs } from './read-inputs.js';
import { mostClasses, readLabels, readTargets } from './read-labels.js';
import { formatOf, type SampleFormat, sampleFormats } from './sample-format.js';
import { type InputScaling, scaledInputs } from './scale-inputs.js';

export interface SampleFiles {
  /** Path of the inputs. CIFAR: of the records, labels included. */
  readonly inputs: string;
  /** Path of the classes: `.npy` (integers from 0, or one-hot rows) or IDX. CIFAR has them in `inputs`. */
  readonly labels?: string;
  /** Path of an `.npy` file of regression targets, samples or samples x outputs, for squared error. */
  readonly targets?: string;
  /** Of the inputs. Default: what the first bytes say, and for CIFAR the length of the file. */
  readonly format?: SampleFormat;
  /** Default `[0,1]` for bytes and `none` for other numbers, which take `none` and given means and deviations only. */
  readonly scaling?: InputScaling;
  /** Number of classes. Default: CIFAR's own, else one more than the largest label in the file. */
  readonly classes?: number;
  /**
   * CIFAR: whether the inputs of a colour stand together (`first`, as PyTorch flattens images) or those of a pixel (`last`,
   * as in all images here, the default). The inputs of an `.npy` file come in the order of the file; there it says which
   * axis has the channels where both the first and the last have length 1 or 3.
   */
  readonly channels?: ChannelOrder;
  /** Only the first so many samples. Default all. */
  readonly limit?: number;
}

/**
 * Samples of your own from files: `.npy` (samples x inputs, or images, whose inputs come in the order of the file), IDX,
 * gzipped or not, or CIFAR's records. The checksum is that of the files, decompressed: inputs, labels, targets.
 *
 * @throws DataFileError naming file, expected and found when a file is missing, damaged or of another kind, when files do
 *   not go together, and when a number is not finite
 * @throws Error as `readNpy`, when a file is no whole .npy file
 * @throws RangeError for options that do not go together, or do not go with the format
 */
export async function readSamples(files: SampleFiles): Promise<Dataset> {
  checkOptions(files);
  const format = await formatOf(files.inputs, files.format);
  const samples = await readInputs(files.inputs, format, files.channels ?? 'last');
  const ofCifar = samples.kind === 'bytes' ? samples.labels : undefined;
  checkWanted(files, format, ofCifar?.classes);
  const labelled = files.labels ? await readLabels(files.labels, samples.count, files.classes) : undefined;
  const regressed = files.targets ? await readTargets(files.targets, samples.count) : undefined;

  const { count: all, dimension } = samples;
  const { limit: count = all } = files;
  if (count > all) throw new DataFileError(files.inputs, `at least ${count} samples, the limit`, `${all}`);
  const file = basename(files.inputs);
  const name = count < all ? `${file} (first ${count} of ${all} samples)` : file;
  const { labels = new Uint8Array(0), classes = 0 } = labelled ?? ofCifar ?? {};
  const { targets } = regressed ?? {};
  const sources = [samples.source, labelled?.source, regressed?.source].filter((source) => source !== undefined);
  return {
    name,
    count,
    dimension,
    classes,
    labels: labels.slice(0, count),
    ...scaledInputs(samples, files.scaling, count, name),
    ...(targets ? { targets: targets.slice(0, (targets.length / all) * count) } : {}),
    checksum: await checksumOf(sources),
  };
}

function checkOptions({ format, classes, limit, channels }: SampleFiles): void {
  const wrong = (what: string, found: unknown) => new RangeError(`readSamples: ${what}, found ${found}`);
  if (format !== undefined && !sampleFormats.includes(format)) {
    throw wrong(`format must be one of ${sampleFormats.join(', ')}`, format);
  }
  if (classes !== undefined && !(Number.isInteger(classes) && classes >= 1 && classes <= mostClasses)) {
    throw wrong(`classes must be an integer from 1 to ${mostClasses}`, classes);
  }
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1)) {
    throw wrong('limit must be a positive integer', limit);
  }
  if (channels !== undefined && channels !== 'first' && channels !== 'last') {
    throw wrong('channels must be first or last', channels);
  }
}

function checkWanted({ inputs, labels, targets, classes }: SampleFiles, format: SampleFormat, own?: number): void {
  if (own === undefined) {
    if (!labels && !targets)
      throw new RangeError(`${inputs}: expected labels or targets beside the inputs, found neither`);
    return;
  }
  if (labels) throw new RangeError(`${inputs}: a ${format} file has its labels itself, found ${labels} too`);
  if (classes !== undefined && classes !== own) {
    throw new RangeError(`${inputs}: ${format} has ${own} classes, found ${classes}`);
  }
}

async function checksumOf(sources: readonly (Uint8Array | string)[]): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    const pieces = typeof source === 'string' ? createReadStream(source) : [source];
    for await (const piece of pieces) hash.update(piece as Uint8Array);
  }
  return hash.digest('hex');
}
