import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, ProfileName, Unit } from './experiment.js';

/** What manifest.json says, as far as runs are compared by it. Fields that a manifest may lack are optional. */
export interface StoredManifest {
  readonly command?: string;
  readonly experiment: string;
  readonly profile: ProfileName;
  readonly seed: number;
  /** Settings that were given on the command line, of a run that was changed. */
  readonly changed?: { readonly [setting: string]: Json };
  readonly parts: readonly { readonly id: string; readonly settings: Json; readonly units: readonly string[] }[];
  readonly units: readonly ManifestUnit[];
  /** Hash of all modules of the experiment, those that draw and run included. */
  readonly sources: string;
  readonly packages: { readonly [name: string]: string };
  /** Major version of Node. */
  readonly node: string;
  readonly linearAlgebra: string;
  readonly backends: readonly string[];
  readonly datasets: readonly { readonly name: string; readonly checksum: string }[];
  readonly files: { readonly [file: string]: string };
}

export interface ManifestUnit extends Unit {
  readonly key: string;
  /** Hash of the modules that its kind imports. */
  readonly sources: string;
  /** SHA-256 of its .npy files. */
  readonly arrays: { readonly [name: string]: string };
}

/** What run.json says about the machine: it changes from run to run. */
export interface StoredRunRecord {
  readonly commit?: string | null;
  readonly dirty?: boolean | null;
  readonly processor?: string;
  /** The library with its kernel for the processor. */
  readonly linearAlgebra?: string;
  readonly kinds?: {
    readonly [kind: string]: { readonly units: number; readonly seconds: number; readonly longest: number };
  };
}

/** @returns undefined when there is none @throws Error naming the file when it is not the manifest of a run */
export function readStoredManifest(directory: string): StoredManifest | undefined {
  const file = join(directory, 'manifest.json');
  const manifest = readJson(file) as Partial<StoredManifest> | null | undefined;
  if (manifest === undefined) return undefined;
  const isWhole = ['parts', 'units'].every((field) => Array.isArray(manifest?.[field as 'parts' | 'units']));
  if (isWhole && typeof manifest?.sources === 'string' && Number.isSafeInteger(manifest.seed)) {
    return manifest as StoredManifest;
  }
  throw new Error(`${file}: expected the manifest of a run, with seed, sources, parts and units; it lacks one of them`);
}

/** Empty when there is none. @throws Error naming the file when it is not JSON */
export function readRunRecord(directory: string): StoredRunRecord {
  return (readJson(join(directory, 'run.json')) as StoredRunRecord | null | undefined) ?? {};
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file}: not JSON: ${(error as Error).message}`);
  }
}
