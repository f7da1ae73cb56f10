import { open } from 'node:fs/promises';
import { cifarSources } from '../data/cifar/catalogue.js';
import { DataFileError } from '../data/data-file-error.js';

export const sampleFormats = ['npy', 'idx', 'cifar10', 'cifar100'] as const;
export type SampleFormat = (typeof sampleFormats)[number];

const kinds = 'an .npy, IDX or CIFAR file';

/**
 * What the first bytes say (gzip is taken for IDX), and of files without a header, as CIFAR's, their length.
 *
 * @param given  the format, where it is known: that the file is there is still seen to
 * @throws DataFileError for a file that is missing or of another format
 */
export async function formatOf(path: string, given?: SampleFormat): Promise<SampleFormat> {
  const { beginning, size } = await beginningOf(path);
  if (given) return given;
  const hex = beginning.toString('hex');
  if (hex.startsWith('934e554d5059')) return 'npy';
  if (hex.startsWith('0000080') || hex.startsWith('1f8b')) return 'idx';
  if (hex.startsWith('504b0304')) {
    throw new DataFileError(path, kinds, 'a zip archive, such as .npz: write each of its arrays with np.save');
  }
  const fitting = cifarSources.filter(({ labelClasses }) => size > 0 && size % recordBytes(labelClasses.length) === 0);
  if (fitting.length === 1) return fitting[0].name as SampleFormat;
  throw new DataFileError(path, kinds, `${size} bytes that begin with ${hex || 'nothing'}`);
}

const recordBytes = (labels: number) => labels + 3 * 32 * 32;

async function beginningOf(path: string): Promise<{ readonly beginning: Buffer; readonly size: number }> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new DataFileError(path, kinds, 'no such file') : error;
  });
  try {
    const stat = await file.stat();
    if (stat.isDirectory()) throw new DataFileError(path, kinds, 'a folder');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(6), 0, 6, 0);
    return { beginning: buffer.subarray(0, bytesRead), size: stat.size };
  } finally {
    await file.close();
  }
}
