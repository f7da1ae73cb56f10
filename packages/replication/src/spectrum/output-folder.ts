import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** Says of a folder that it is one of these, and may be replaced. */
export const manifestKind = 'spectrum';

/**
 * Whether a run may put its results there: where nothing stands, an empty folder, or what a run of this command wrote.
 *
 * @throws Error that names what else is there
 */
export function requireReplaceable(folder: string): void {
  if (!relative(folder, process.cwd()).startsWith('..')) {
    throw new Error(`--out: expected a folder of its own, found ${folder}, in which this command runs`);
  }
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new Error(`--out: expected a folder, found the file ${folder}`);
  const present = filesIn(folder);
  if (present.length === 0) return;
  const own = filesOfRun(folder);
  const foreign = own === undefined ? present[0] : present.find((file) => !own.has(file));
  if (foreign === undefined) return;
  throw new Error(
    `--out: expected an earlier spectrum or nothing in ${folder}, found ${foreign}. Nothing was changed.`,
  );
}

/** What a run wrote there, by its manifest; undefined where there is none. */
function filesOfRun(folder: string): ReadonlySet<string> | undefined {
  try {
    const { kind, files } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    return kind === manifestKind ? new Set([...Object.keys(files), 'manifest.json', 'run.json']) : undefined;
  } catch {
    return undefined;
  }
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** The folder around it, and its name there. */
export function placeOf(folder: string): readonly [parent: string, name: string] {
  const parent = dirname(folder);
  return [parent, relative(parent, folder)];
}
