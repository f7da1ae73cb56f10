import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asideName, isLeftover } from './leftovers.js';

/** After the name of what was written aside, which tells whose it is. */
const suffix = '.tmp';

/**
 * Write a file that runs write again and again, whole or not at all: beside it, flushed and then renamed. What writers
 * that were killed left beside it goes. (`writeAtomically` of numerics, which knows no owners, leaves that.)
 *
 * @throws what the file system throws; nothing is left behind then
 */
export async function rewriteFile(path: string, text: string): Promise<void> {
  await removeLeftoversOf(path);
  const aside = `${path}.${asideName()}${suffix}`;
  try {
    const file = await open(aside, 'wx');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

async function removeLeftoversOf(path: string): Promise<void> {
  const [folder, start] = [dirname(path), `${basename(path)}.`];
  for (const name of await readdir(folder)) {
    if (!name.startsWith(start) || !name.endsWith(suffix)) continue;
    const owner = name.slice(start.length, -suffix.length);
    if (await isLeftover(join(folder, name), owner)) await rm(join(folder, name), { force: true });
  }
}
