import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { nameOfResults, type StoredResults } from '../stored-results.js';
import type { ComparedRun } from './compare-runs.js';

/** Where results are found to compare those of the repository against. */
export interface OtherResults {
  /** The counterpart of these results; undefined when there is none. */
  of(results: StoredResults): Promise<ComparedRun | undefined>;
  /** Removes what was put into a temporary folder. */
  remove(): Promise<void>;
}

/** What was named is no folder of results, no path and no revision. */
export class NoSuchResults extends Error {
  override readonly name = 'NoSuchResults';
}

/**
 * What `--against` names, in this order: another folder of the same experiments' results, as `quick`; a path to results,
 * to another checkout, or to one folder of results; a git revision, whose committed results are read.
 *
 * @param root  the repository
 * @param against  a path is taken from the current directory
 * @throws NoSuchResults when it is none of these
 */
export async function otherResults(
  root: string,
  against: string,
  results: readonly StoredResults[],
): Promise<OtherResults> {
  if (results.some(({ folder, others }) => [folder, ...others].includes(against))) return inFolder(against);
  if (existsSync(against)) return atPath(resolve(against));
  const commit = await git(root, 'rev-parse', '--verify', '--quiet', `${against}^{commit}`).catch(() => undefined);
  if (commit !== undefined) return atRevision(root, against, commit.trim());
  const folders = [...new Set(results.flatMap(({ folder, others }) => [folder, ...others]))];
  throw new NoSuchResults(
    `expected another folder of results (stored: ${folders.join(', ')}), a path to results or a git revision; ` +
      `found "${against}"`,
  );
}

function inFolder(against: string): OtherResults {
  return {
    async of({ folder, directory, others }) {
      if (folder === against)
        throw new NoSuchResults(`${against} are the results that are to be compared against others`);
      return others.includes(against) ? { name: against, directory: join(dirname(directory), against) } : undefined;
    },
    remove: async () => {},
  };
}

function atPath(path: string): OtherResults {
  return {
    async of({ experiment, folder }) {
      // One folder of results counts for its own experiment: results/EXPERIMENT/FOLDER.
      const isOne = existsSync(join(path, 'claims.json'));
      if (isOne && basename(dirname(path)) !== experiment) return undefined;
      const candidates = isOne ? [path] : [join(path, experiment, folder), join(path, 'results', experiment, folder)];
      const directory = candidates.find((candidate) => existsSync(join(candidate, 'claims.json')));
      return directory === undefined ? undefined : { name: directory, directory };
    },
    remove: async () => {},
  };
}

/** Everything that is compared; pictures are not. */
const compared = /\.(json|csv|npy)$/;

function atRevision(root: string, revision: string, commit: string): OtherResults {
  let temporary: Promise<string> | undefined;
  return {
    async of({ experiment, folder, profile }) {
      const path = `results/${experiment}/${folder}`;
      // The repository may be a folder of a larger one.
      const listed = await git(root, 'ls-tree', '-r', '-z', '--name-only', commit, '--', `${path}/`);
      const files = listed.split('\0').filter((file) => compared.test(file));
      if (!files.includes(`${path}/claims.json`)) return undefined;
      temporary ??= mkdtemp(join(tmpdir(), 'hessian-rmt-compare-'));
      const directory = join(await temporary, experiment);
      for (const file of files) {
        const target = join(directory, file.slice(path.length + 1));
        await mkdir(dirname(target), { recursive: true });
        await writeFile(target, await contentOf(root, commit, file));
      }
      return { name: `${nameOfResults({ folder, profile })} at ${revision}`, directory };
    },
    async remove() {
      if (temporary) await rm(await temporary, { recursive: true, force: true });
    },
  };
}

/** More than any file of results has. */
const maxBuffer = 2 ** 28;

async function contentOf(root: string, commit: string, file: string): Promise<Buffer> {
  const options = { cwd: root, maxBuffer, encoding: 'buffer' } as const;
  return (await promisify(execFile)('git', ['show', `${commit}:./${file}`], options)).stdout;
}

async function git(root: string, ...words: string[]): Promise<string> {
  return (await promisify(execFile)('git', words, { cwd: root, maxBuffer })).stdout;
}
