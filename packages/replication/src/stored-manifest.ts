import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Json, type ProfileName, profileNames, type Unit } from './experiment.js';
import {
  check,
  hasFields,
  isAnything,
  isFlag,
  isListOf,
  isNumber,
  isRecordOf,
  isText,
  isWhole,
  orNull,
  parseStoredJson,
} from './stored-json.js';

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
  const manifest = readJson(file);
  if (manifest === undefined) return undefined;
  isManifest(manifest, file);
  return manifest as unknown as StoredManifest;
}

export const isStoredProfile = check(`one of ${profileNames.join(', ')}`, (value) =>
  profileNames.includes(value as ProfileName),
);
const isPart = hasFields({ id: isText, settings: isAnything, units: isListOf(isText) });
const isUnit = hasFields({
  kind: isText,
  config: isAnything,
  repetition: isWhole,
  threads: isWhole,
  key: isText,
  sources: isText,
  arrays: isRecordOf(isText),
});
const isManifest = hasFields(
  {
    experiment: isText,
    profile: isStoredProfile,
    seed: isWhole,
    parts: isListOf(isPart),
    units: isListOf(isUnit),
    sources: isText,
    packages: isRecordOf(isText),
    node: isText,
    linearAlgebra: isText,
    backends: isListOf(isText),
    datasets: isListOf(hasFields({ name: isText, checksum: isText })),
    files: isRecordOf(isText),
  },
  { command: isText, changed: isRecordOf(isAnything) },
);

const isRunRecord = hasFields(
  {},
  {
    commit: orNull(isText),
    dirty: orNull(isFlag),
    processor: isText,
    linearAlgebra: isText,
    kinds: isRecordOf(hasFields({ units: isWhole, seconds: isNumber, longest: isNumber })),
  },
);

/** Empty when there is none. @throws Error naming the file when it is not the record of a run */
export function readRunRecord(directory: string): StoredRunRecord {
  const file = join(directory, 'run.json');
  const record = readJson(file);
  if (record === undefined) return {};
  isRunRecord(record, file);
  return record as StoredRunRecord;
}

function readJson(file: string): Json | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return parseStoredJson(text, file);
}
