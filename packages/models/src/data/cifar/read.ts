import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digest } from '../checksum.js';
import { dataDirectory, exists } from '../data-directory.js';
import { DataFileError } from '../data-file-error.js';
import type { LabelledImages, Split } from '../images.js';
import type { CifarFile, CifarSource } from './catalogue.js';
import { type Receipt, readReceipt } from './receipt.js';
import { type CifarRecords, channels, parseCifarRecords, side } from './records.js';

/** Where the files may be, first come, first served: where `fetchDataset` puts them, where the archive does, or right here. */
export function cifarFolders(source: CifarSource, directory = dataDirectory()): string[] {
  return [join(directory, source.name), join(directory, source.folder), directory];
}

/** The first folder with a file of this split; all its files are taken from there. */
export async function findCifarFolder(
  source: CifarSource,
  split: Split,
  directory?: string,
): Promise<string | undefined> {
  for (const folder of cifarFolders(source, directory)) {
    for (const { name } of source.files[split]) if (await exists(join(folder, name))) return folder;
  }
  return undefined;
}

/**
 * Images in CIFAR's binary format, channels innermost in memory (the files keep three planes). The name says whether
 * they are the published ones (see receipt.ts), and how many there are when some are missing.
 *
 * @returns undefined when no file of the split is there
 * @throws DataFileError naming file, expected and found, when anything in them is wrong
 */
export async function readCifar(
  source: CifarSource,
  split: Split,
  directory?: string,
): Promise<LabelledImages | undefined> {
  const folder = await findCifarFolder(source, split, directory);
  if (!folder) return undefined;
  const receipt = await readReceipt(source, folder);
  const wanted = source.files[split];
  const bytes: Uint8Array[] = [];
  const batches: (CifarRecords & { file: CifarFile })[] = [];
  for (const file of wanted) {
    const path = join(folder, file.name);
    if (!receipt && !(await exists(path))) continue;
    const contents = await readCifarFile(source, path, file, receipt);
    bytes.push(contents);
    batches.push({ ...parseCifarRecords(contents, path, source.labelClasses), file });
  }

  const labels = source.labelClasses.map((_, i) => concatenated(batches.map((batch) => batch.labels[i])));
  const classNames = await readClassNames(source, folder);
  return {
    name: nameOf(source, split, receipt !== undefined, batches),
    count: labels[0].length,
    shape: { height: side, width: side, channels },
    classes: source.labelClasses[source.labelClasses.length - 1],
    pixels: concatenated(batches.map(({ pixels }) => pixels)),
    labels: labels[labels.length - 1],
    ...(labels.length > 1 ? { superclassLabels: labels[0] } : {}),
    ...(classNames ? { classNames } : {}),
    checksum: digest('sha256', ...bytes),
  };
}

/** The contents of one file. @throws DataFileError when they are not those unpacked, or more than the file can hold */
export async function readCifarFile(
  source: CifarSource,
  path: string,
  file: CifarFile,
  receipt: Receipt | undefined,
): Promise<Uint8Array> {
  if (receipt && !(await exists(path))) {
    throw new DataFileError(path, `the file unpacked from ${source.archive.name} (fetch it again)`, 'no such file');
  }
  const contents = await readFile(path);
  if (receipt) {
    const found = digest('sha256', contents);
    if (found !== receipt[file.name]) {
      const expected = `contents with the SHA-256 ${receipt[file.name]} they had in ${source.archive.name}`;
      throw new DataFileError(path, expected, `SHA-256 ${found} in ${contents.length} bytes`);
    }
  }
  const most = publishedBytes(source, file);
  if (contents.length > most) {
    throw new DataFileError(path, `at most ${most} bytes, ${file.images} records`, `${contents.length} bytes`);
  }
  return contents;
}

export function publishedBytes({ labelClasses }: CifarSource, { images }: CifarFile): number {
  return images * (labelClasses.length + channels * side * side);
}

function nameOf(
  { title, files }: CifarSource,
  split: Split,
  vouched: boolean,
  batches: readonly { readonly count: number; readonly file: CifarFile }[],
): string {
  const part = { train: 'training', test: 'test' }[split];
  if (vouched) return `${title} (published ${part} set)`;
  const total = (list: readonly number[]) => list.reduce((sum, count) => sum + count, 0);
  const count = total(batches.map((batch) => batch.count));
  const published = total(files[split].map(({ images }) => images));
  if (count === published) return `${title} (${part} set, not verified to be the published one)`;
  const whole = files[split].length;
  const share = whole === 1 ? '' : `, ${batches.length} of ${whole} batches`;
  const numbers = `${count.toLocaleString('en')} of ${published.toLocaleString('en')} images`;
  return `${title} format (not the published ${part} set${share}, ${numbers})`;
}

async function readClassNames(source: CifarSource, folder: string): Promise<string[] | undefined> {
  const path = join(folder, source.classNames);
  if (!(await exists(path))) return undefined;
  const names = (await readFile(path, 'utf8')).split(/\r?\n/).filter((line) => line.trim() !== '');
  const classes = source.labelClasses[source.labelClasses.length - 1];
  if (names.length === classes) return names;
  throw new DataFileError(path, `the names of ${classes} classes, one a line`, `${names.length} lines`);
}

function concatenated(arrays: readonly Uint8Array[]): Uint8Array {
  if (arrays.length === 1) return arrays[0];
  const all = new Uint8Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let next = 0;
  for (const array of arrays) {
    all.set(array, next);
    next += array.length;
  }
  return all;
}
