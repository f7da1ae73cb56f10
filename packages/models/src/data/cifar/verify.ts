import { join } from 'node:path';
import { exists } from '../data-directory.js';
import type { FileStatus } from '../file-status.js';
import type { CifarFile, CifarSource } from './catalogue.js';
import { readCifarFile } from './read.js';
import { type Receipt, readReceipt } from './receipt.js';
import { parseCifarRecords } from './records.js';

/** What there is to say of one file in a folder; `damaged` too when the receipt beside it cannot be read. */
export async function verifyCifarFile(source: CifarSource, file: CifarFile, folder: string): Promise<FileStatus> {
  const path = join(folder, file.name);
  const known = { dataset: source.name as FileStatus['dataset'], file: file.name };
  if (!(await exists(path))) return { ...known, state: 'absent' };
  let receipt: Receipt | undefined;
  try {
    receipt = await readReceipt(source, folder);
    const { count } = parseCifarRecords(await readCifarFile(source, path, file, receipt), path, source.labelClasses);
    if (receipt) return { ...known, path, state: 'published' };
    const problem = `${path}: ${count} of ${file.images} images, not unpacked by us from the published archive`;
    return { ...known, path, state: 'unverified', problem };
  } catch (error) {
    return { ...known, path, state: 'damaged', problem: (error as Error).message };
  }
}
