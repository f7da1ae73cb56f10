import type { PixelScaling } from '../data/images.js';
import type { Dataset } from '../dataset.js';

export const sampleFormats = ['npy', 'idx', 'cifar10', 'cifar100'] as const;
export type SampleFormat = (typeof sampleFormats)[number];

/**
 * (x - mean) / deviation, as torchvision's `Normalize` has it: bytes are divided by 255 before. One number for all inputs,
 * or one for each channel of an image, or one for each input.
 */
export interface GivenScaling {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

export interface SampleFiles {
  /** Path of the inputs. CIFAR: of the records, labels included. */
  readonly inputs: string;
  /** Path of the classes: `.npy` (integers from 0, or one-hot rows) or IDX. CIFAR has them in `inputs`. */
  readonly labels?: string;
  /** Path of a `.npy` file of regression targets, samples or samples x outputs, for squared error. */
  readonly targets?: string;
  /** Default: what the first bytes say, and for CIFAR the length of the file. */
  readonly format?: SampleFormat;
  /** Default `[0,1]` for bytes and `none` for other numbers, which take `none` and given means and deviations only. */
  readonly scaling?: PixelScaling | GivenScaling | 'none';
  /** Number of classes. Default: CIFAR's own, else one more than the largest label in the file. */
  readonly classes?: number;
  /** CIFAR only: are the inputs of a colour together (`first`, as PyTorch flattens images) or those of a pixel? Default `last`. */
  readonly channels?: 'first' | 'last';
  /** Only the first so many samples. Default all. */
  readonly limit?: number;
}

/**
 * Samples of your own from files.
 *
 * @throws DataFileError naming file, expected and found, when a file is missing or damaged or files do not go together
 * @throws RangeError for options that do not fit the format
 */
export async function readSamples({ inputs }: SampleFiles): Promise<Dataset> {
  throw new Error(`${inputs}: readSamples is not there yet`);
}
