import { readTypedNpy, toFloat64 } from '@hessian-rmt/numerics';
import { DataFileError } from '../data/data-file-error.js';
import { parseIdxLabels, readPlainOrGzip } from '../data/idx.js';
import { formatOf } from './sample-format.js';

/** A data set keeps labels as bytes. */
export const mostClasses = 256;

export interface Labels {
  readonly classes: number;
  readonly labels: Uint8Array;
  readonly source: Uint8Array | string;
}

/**
 * A class for each sample: integers or one-hot rows in an .npy file, or an IDX file of labels.
 *
 * @param classes  default: one more than the largest label, or the length of the rows
 * @throws DataFileError naming file, expected and found; Error as `readNpy`
 */
export async function readLabels(path: string, count: number, classes: number | undefined): Promise<Labels> {
  const format = await formatOf(path);
  if (format === 'idx') {
    const source = await readPlainOrGzip(path);
    const labels = parseIdxLabels(source, path, classes ?? mostClasses);
    checkCount([labels.length], count, path);
    return { labels, classes: classes ?? largest(labels) + 1, source };
  }
  if (format !== 'npy') throw new DataFileError(path, 'labels as an .npy or IDX file', `a ${format} file`);
  const { shape, data, type } = await readTypedNpy(path);
  if (shape.length === 2 && shape[1] > 1) {
    checkCount(shape, count, path);
    return { ...oneHotClasses(data, shape[1], classes, path), source: path };
  }
  if (type.startsWith('f')) {
    throw new DataFileError(path, 'integer labels or one-hot rows (numbers to regress on are targets)', `type ${type}`);
  }
  checkCount(shape, count, path);
  const most = classes ?? mostClasses;
  const labels = new Uint8Array(count);
  data.forEach((label: number | bigint, sample: number) => {
    if (!(label >= 0 && label < most)) {
      throw new DataFileError(path, `labels from 0 to ${most - 1}`, `label ${label} of sample ${sample}`);
    }
    labels[sample] = Number(label);
  });
  return { labels, classes: classes ?? largest(labels) + 1, source: path };
}

/** Regression targets, samples or samples x outputs. @throws as `readLabels` */
export async function readTargets(
  path: string,
  count: number,
): Promise<{ readonly targets: Float64Array; readonly source: string }> {
  const format = await formatOf(path);
  if (format !== 'npy') throw new DataFileError(path, 'targets as an .npy file', `a file of format ${format}`);
  const array = await readTypedNpy(path);
  const { shape } = array;
  if (shape.length < 1 || shape.length > 2 || shape[0] !== count || shape[1] === 0) {
    const expected = `shape (${count}) or (${count}, outputs), targets for each sample`;
    throw new DataFileError(path, expected, `shape (${shape.join(', ')})`);
  }
  const targets = toFloat64(array);
  const outputs = targets.length / count;
  const bad = targets.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return { targets, source: path };
  const place = `target ${bad % outputs} of sample ${Math.floor(bad / outputs)}`;
  throw new DataFileError(path, 'finite targets', `${targets[bad]}, ${place}`);
}

function oneHotClasses(
  rows: ArrayLike<number | bigint>,
  width: number,
  classes: number | undefined,
  path: string,
): Omit<Labels, 'source'> {
  if (width !== (classes ?? width) || width > mostClasses) {
    throw new DataFileError(path, `one-hot rows of ${classes ?? `at most ${mostClasses}`} classes`, `${width}`);
  }
  const labels = new Uint8Array(rows.length / width);
  for (let sample = 0; sample < labels.length; sample++) {
    const row = Array.from({ length: width }, (_, i) => Number(rows[sample * width + i]));
    labels[sample] = row.indexOf(1);
    if (row.filter((entry) => entry === 1).length !== 1 || row.filter((entry) => entry === 0).length !== width - 1) {
      throw new DataFileError(path, 'one-hot rows: a one and else zeros', `[${row.join(', ')}] of sample ${sample}`);
    }
  }
  return { labels, classes: width };
}

function checkCount(shape: readonly number[], count: number, path: string): void {
  if (shape[0] === count && shape.slice(1, 2).every((length) => length >= 1) && shape.length <= 2 && shape.length > 0)
    return;
  throw new DataFileError(path, `${count} labels, one for each sample`, `shape (${shape.join(', ')})`);
}

const largest = (labels: Uint8Array) => labels.reduce((most, label) => Math.max(most, label), 0);
