import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { redraw } from '@hessian-rmt/plotting';
import { readableJson } from './canonical-json.js';
import { type FileSums, ResultsDirectory, sumsOf } from './results-directory.js';
import { type LockHolder, takeLock } from './run-lock.js';
import { parseStoredJson, shortJson } from './stored-json.js';
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
 * @throws Error when there are no such results, a stored figure cannot be drawn, or a file that is not drawn here is not
 *   the one in the manifest, which would bless it with its new sum; everything stays as it was then
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
    await checkUnaltered(results.path, before);
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

const picture = /^figures\/.*\.(svg|png)$/;

async function checkUnaltered(directory: string, found: FileSums): Promise<void> {
  const file = join(directory, 'manifest.json');
  if (!existsSync(file)) return;
  const { files = {} } = Object(parseStoredJson(await readFile(file, 'utf8'), file)) as { readonly files?: FileSums };
  const altered = Object.keys(files).find((name) => !picture.test(name) && found[name] !== files[name]);
  if (altered === undefined) return;
  const what = found[altered] === undefined ? 'it is missing' : 'its sum is another one';
  throw new Error(
    `${join(directory, altered)}: expected the file that manifest.json names, but ${what}. \`hessian-rmt reproduce\` makes it anew.`,
  );
}

async function amendManifest(
  file: string,
  experiment: string,
  folder: string,
  sums: Readonly<Record<string, string>>,
  changed: readonly string[],
): Promise<void> {
  const manifest = parseStoredJson(await readFile(file, 'utf8'), file);
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest)) {
    throw new Error(`${file}: expected the manifest of a run, found ${shortJson(manifest)}`);
  }
  const { 'manifest.json': _, 'run.json': __, ...files } = sums;
  const redrawn = {
    command: `npx hessian-rmt figures ${experiment} --${isProfile(folder) ? 'profile' : 'as'} ${folder}`,
    files: changed,
  };
  await writeFile(file, readableJson({ ...manifest, files, redrawn }));
}
