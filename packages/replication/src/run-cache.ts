import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf, readableJson } from './canonical-json.js';
import { fileSum } from './file-sum.js';
import { asideName } from './leftovers.js';
import type { FileSums } from './results-directory.js';
import { rewriteFile } from './rewrite-file.js';
import { parseStoredJson } from './stored-json.js';

/**
 * What finished runs wrote: `runs/<run key>.json` lists the files of a run with their sums, `outputs/<2 hex>/<sum>`
 * holds their contents, each once. So a run that was done before is recognised, and its files come back when they are
 * missing or altered.
 */
export class RunCache {
  constructor(private readonly directory: string) {}

  /** The files of a recorded run; undefined when there is no record, or no readable one. */
  async find(runKey: string): Promise<FileSums | undefined> {
    try {
      const text = await readFile(this.recordOf(runKey), 'utf8');
      const { files } = parseStoredJson(text, runKey) as { readonly files: FileSums };
      return text === recordText(runKey, files) && Object.keys(files).every(isInside) ? files : undefined;
    } catch {
      return undefined;
    }
  }

  /** Record the files of a finished run. */
  async keep(runKey: string, folder: string, files: FileSums): Promise<void> {
    await mkdir(join(this.directory, 'aside'), { recursive: true });
    for (const [file, sum] of Object.entries(files)) {
      const blob = this.blobOf(sum);
      if (await this.isWhole(sum)) continue;
      const aside = join(this.directory, 'aside', asideName());
      try {
        await copyFile(join(folder, file), aside);
        await mkdir(dirname(blob), { recursive: true });
        await rename(aside, blob);
      } finally {
        await rm(aside, { force: true });
      }
    }
    await mkdir(dirname(this.recordOf(runKey)), { recursive: true });
    await rewriteFile(this.recordOf(runKey), recordText(runKey, files));
  }

  /** Whether the contents of all these files are still here, unaltered. */
  async canRestore(files: FileSums): Promise<boolean> {
    for (const sum of Object.values(files)) {
      if (!(await this.isWhole(sum))) return false;
    }
    return true;
  }

  /** Write the files of a recorded run into a folder. */
  async restore(files: FileSums, folder: string): Promise<void> {
    for (const [file, sum] of Object.entries(files)) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await copyFile(this.blobOf(sum), join(folder, file));
    }
  }

  private async isWhole(sum: string): Promise<boolean> {
    const blob = this.blobOf(sum);
    return existsSync(blob) && (await fileSum(blob)) === sum;
  }

  private recordOf(runKey: string): string {
    return join(this.directory, 'runs', `${runKey}.json`);
  }

  private blobOf(sum: string): string {
    return join(this.directory, 'outputs', sum.slice(0, 2), sum);
  }
}

/** With a digest, so that damage to the record is noticed as damage to the files is. */
function recordText(runKey: string, files: FileSums): string {
  return readableJson({ files, digest: digestOf({ runKey, files }) });
}

/** Whether a name stays within the folder that it is put into. */
function isInside(file: string): boolean {
  return !file.startsWith('/') && !file.split(/[\\/]/).includes('..');
}
