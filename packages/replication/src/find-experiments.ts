import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Experiment, Json } from './experiment.js';
import { parseStoredJson, shortJson } from './stored-json.js';

/** An experiment as found on the disk. Nothing of it is loaded before `load`. */
export interface ExperimentPackage {
  /** Its folder's name under experiments/. */
  readonly name: string;
  /** From its package.json. */
  readonly description: string;
  readonly folder: string;
  /** `file:` URL of the built module whose default export is the experiment. */
  readonly entry: string;
  /** @throws Error when the package is not built, or exports no experiment of its folder's name */
  load(): Promise<Experiment>;
}

/**
 * The folder of the monorepo that holds `from`: the first one upwards whose package.json has workspaces.
 *
 * @throws Error when there is none
 */
export function projectRoot(from: string = process.cwd()): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && readPackage(manifest).workspaces !== undefined) return folder;
    if (folder === dirname(folder)) {
      throw new Error(
        `Expected to run inside the hessian-rmt repository; found no package.json with workspaces above ${from}.`,
      );
    }
  }
}

/** The packages under experiments/, in the order of their names. */
export function findExperiments(root: string): readonly ExperimentPackage[] {
  const folder = join(root, 'experiments');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .filter((name) => existsSync(join(folder, name, 'package.json')))
    .map((name) => experimentPackage(join(folder, name)));
}

/** The experiment in one folder: its package.json says where the built module is (default dist/index.js). */
export function experimentPackage(folder: string): ExperimentPackage {
  const manifestFile = join(folder, 'package.json');
  const manifest = readPackage(manifestFile);
  const { description = '' } = manifest;
  if (typeof description !== 'string') {
    throw new Error(`${manifestFile}: description: expected a text, found ${shortJson(description)}`);
  }
  const name = resolve(folder).split(/[\\/]/).at(-1)!;
  const file = join(folder, entryOf(manifest, manifestFile));
  const entry = pathToFileURL(file).href;
  return {
    name,
    description,
    folder,
    entry,
    async load() {
      if (!existsSync(file)) {
        throw new Error(`The experiment ${name} is not built: ${file} is missing. Run \`npx turbo run build\`.`);
      }
      const experiment: Experiment | undefined = (await import(entry)).default;
      if (experiment?.name !== name || !Array.isArray(experiment.parts) || !Array.isArray(experiment.unitKinds)) {
        throw new Error(
          `${file} must export by default an experiment named ${name}; found ${experiment?.name ?? 'none'}.`,
        );
      }
      return experiment;
    },
  };
}

type Package = { readonly [name: string]: Json };

/** @throws Error naming the file when it holds no object */
function readPackage(file: string): Package {
  const found = parseStoredJson(readFileSync(file, 'utf8'), file);
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found as Package;
  throw new Error(`${file}: expected an object, found ${shortJson(found)}`);
}

function entryOf({ exports = {} }: Package, file: string): string {
  const entry = (exports as { '.'?: { default?: Json } } | null)?.['.']?.default ?? 'dist/index.js';
  if (typeof entry === 'string' && !entry.includes('\0') && !entry.split(/[\\/]/).includes('..')) return entry;
  throw new Error(`${file}: exports: expected a path in its folder, of the built module; found ${shortJson(entry)}`);
}
