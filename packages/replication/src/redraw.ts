import { cp, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { redraw } from '@hessian-rmt/plotting';
import { readableJson } from './canonical-json.js';
import type { Json } from './experiment.js';
import { ResultsDirectory, sumsOf } from './results-directory.js';
import { type LockHolder, takeLock } from './run-lock.js';
import { isProfile } from './stored-results.js';

export interface RedrawOptions {
  readonly onWait?: (holder: LockHolder) => void;
  readonly signal?: AbortSignal;
}

/**
 * Draw the figures of a results directory again from the data stored beside them; nothing is computed. The manifest
 * gets the new sums and says which files were redrawn.
 *
 * @param folder  of results/EXPERIMENT/: a profile, or the name of a changed run
 * @returns the pictures that were drawn, and the files that are not what they were
 * @throws Error when there are no such results, or a stored figure cannot be drawn; everything stays as it was then
 */
export async function redrawFigures(
  root: string,
  experiment: string,
  folder: string,
  { onWait, signal }: RedrawOptions = {},
): Promise<{ readonly drawn: readonly string[]; readonly changed: readonly string[] }> {
  const results = new ResultsDirectory(root, experiment, folder);
  const lock = await takeLock(join(root, '.hessian-rmt', 'lock'), {
    purpose: `figures of ${experiment} at ${folder}`,
    ...(onWait ? { onWait } : {}),
    ...(signal ? { signal } : {}),
  });
  try {
    await results.prepare();
    const before = await sumsOf(results.path);
    let drawn: readonly string[] = [];
    let changed: readonly string[] = [];
    await results.replace(async (next) => {
      await cp(results.path, next, { recursive: true, preserveTimestamps: true });
      drawn = (await redraw(next)).map((path) => relative(next, path));
      const after = await sumsOf(next);
      changed = Object.keys(after).filter((file) => after[file] !== before[file]);
      if (changed.length > 0) await amendManifest(join(next, 'manifest.json'), experiment, folder, after, changed);
    });
    return { drawn, changed };
  } finally {
    await results.discard();
    lock.release();
  }
}

async function amendManifest(
  file: string,
  experiment: string,
  folder: string,
  sums: Readonly<Record<string, string>>,
  changed: readonly string[],
): Promise<void> {
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { files: Json };
  const { 'manifest.json': _, 'run.json': __, ...files } = sums;
  const redrawn = {
    command: `npx hessian-rmt figures ${experiment} --${isProfile(folder) ? 'profile' : 'as'} ${folder}`,
    files: changed,
  };
  await writeFile(file, readableJson({ ...manifest, files, redrawn }));
}
