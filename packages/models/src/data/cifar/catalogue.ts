import type { ExpectedSums } from '../download.js';
import type { Split } from '../images.js';

/** A data set in CIFAR's binary format, served as one tar.gz. */
export interface CifarSource {
  readonly name: string;
  readonly title: string;
  /** Where its publishers serve the archive. */
  readonly baseUrl: string;
  readonly archive: ExpectedSums & { readonly name: string };
  /** Folder that holds the files in the archive. */
  readonly folder: string;
  /** Number of classes of each label byte of a record; the last one is the class, one before it the superclass. */
  readonly labelClasses: readonly number[];
  readonly files: Readonly<Record<Split, readonly CifarFile[]>>;
  /** Text file with the names of the classes, one a line. */
  readonly classNames: string;
  /** What else is worth unpacking. */
  readonly otherTexts: readonly string[];
}

export interface CifarFile {
  readonly name: string;
  /** Records in the published file. */
  readonly images: number;
}

const cifar10: CifarSource = {
  name: 'cifar10',
  title: 'CIFAR-10',
  baseUrl: 'https://www.cs.toronto.edu/~kriz/',
  archive: {
    name: 'cifar-10-binary.tar.gz',
    bytes: 170_052_171,
    md5: 'c32a1d4ab5d03f1284b67883e8d87530',
    sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
  },
  folder: 'cifar-10-batches-bin',
  labelClasses: [10],
  files: {
    train: [1, 2, 3, 4, 5].map((batch) => ({ name: `data_batch_${batch}.bin`, images: 10_000 })),
    test: [{ name: 'test_batch.bin', images: 10_000 }],
  },
  classNames: 'batches.meta.txt',
  otherTexts: [],
};

const cifar100: CifarSource = {
  name: 'cifar100',
  title: 'CIFAR-100',
  baseUrl: 'https://www.cs.toronto.edu/~kriz/',
  archive: { name: 'cifar-100-binary.tar.gz', bytes: 168_513_733, md5: '03b5dce01913d631647c71ecec9e9cb8' },
  folder: 'cifar-100-binary',
  labelClasses: [20, 100],
  files: { train: [{ name: 'train.bin', images: 50_000 }], test: [{ name: 'test.bin', images: 10_000 }] },
  classNames: 'fine_label_names.txt',
  otherTexts: ['coarse_label_names.txt'],
};

export const cifarSources: readonly CifarSource[] = [cifar10, cifar100];

export const cifarFilesOf = ({ files }: CifarSource): readonly CifarFile[] => [...files.train, ...files.test];
