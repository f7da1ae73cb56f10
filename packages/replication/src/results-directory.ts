import { existsSync, renameSync } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { tryWriting, writing } from './cannot-write.js';
import { fileSum } from './file-sum.js';

/** SHA-256 (hex) of each file, by path inside the directory with `/` between names. */
export type FileSums = Readonly<Record<string, string>>;

/**
 * A folder that is replaced as a whole or not at all. A new one is built beside it, under a name with a leading dot, and
 * put in its place by renaming. Other folders are never touched.
 *
 * One run at a time may write here: whoever writes holds the repository's lock.
 */
export class ReplacedFolder {
  readonly path: string;
  private readonly next: string;
  private readonly old: string;

  constructor(
    private readonly parent: string,
    folder: string,
  ) {
    this.path = join(this.parent, folder);
    this.next = join(this.parent, `.${folder}.new`);
    this.old = join(this.parent, `.${folder}.old`);
  }

  /**
   * Puts things straight after a run that was killed, and tries whether results can be written: better now than after
   * hours of computing.
   *
   * @throws Error when they cannot
   */
  async prepare(): Promise<void> {
    await this.guarded(async () => {
      await mkdir(this.parent, { recursive: true });
      // Killed between the two renames of `replace`: the old results are the last whole ones.
      if (existsSync(this.old) && !existsSync(this.path)) renameSync(this.old, this.path);
      await rm(this.old, { recursive: true, force: true });
      await rm(this.next, { recursive: true, force: true });
      await mkdir(this.next);
      await tryWriting(join(this.next, 'trial'));
    });
  }

  /**
   * Replace the directory's content with what `build` writes into a new folder.
   *
   * @returns the sums of the files
   * @throws Error when it cannot be written; what stood there stays
   */
  replace(build: (folder: string) => Promise<void>): Promise<FileSums> {
    return this.guarded(async () => {
      await rm(this.next, { recursive: true, force: true });
      await mkdir(this.next);
      await build(this.next);
      for (const file of await filesIn(this.next)) await flush(join(this.next, file));
      const sums = await sumsOf(this.next);
      // Nothing comes between these two but the end of the process, and then `prepare` puts the old one back.
      if (existsSync(this.path)) renameSync(this.path, this.old);
      renameSync(this.next, this.path);
      await rm(this.old, { recursive: true, force: true });
      return sums;
    });
  }

  /** Removes what a failed run prepared, as far as that is possible. */
  async discard(): Promise<void> {
    await rm(this.next, { recursive: true, force: true }).catch(() => {});
  }

  /** Whether the directory holds every one of these files, unaltered. */
  async holds(sums: FileSums): Promise<boolean> {
    for (const [file, sum] of Object.entries(sums)) {
      const path = join(this.path, file);
      if (!existsSync(path) || (await fileSum(path)) !== sum) return false;
    }
    return true;
  }

  private guarded<T>(work: () => Promise<T>): Promise<T> {
    return writing('The results', this.path, 'What stood there is untouched; finished units are kept.', work);
  }
}

/** `results/<experiment>/<folder>/` */
export class ResultsDirectory extends ReplacedFolder {
  constructor(root: string, experiment: string, folder: string) {
    super(join(root, 'results', experiment), folder);
  }
}

export async function sumsOf(folder: string): Promise<FileSums> {
  const sums: Record<string, string> = {};
  for (const file of await filesIn(folder)) sums[file] = await fileSum(join(folder, file));
  return sums;
}

/** All files under a folder, sorted, with `/` between names. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

async function flush(path: string): Promise<void> {
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
