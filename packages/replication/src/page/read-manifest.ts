import { existsSync, readFileSync } from 'node:fs';
import type { Json } from '../experiment.js';
import { parseStoredJson, shortJson } from '../stored-json.js';

/** What a manifest says of a part. Older ones know neither its module nor what it made. */
export interface ManifestPart {
  readonly id: string;
  readonly module?: string | null;
  readonly figures?: readonly string[];
  readonly tables?: readonly string[];
  readonly claims?: readonly string[];
}

export type JsonObject = { readonly [name: string]: Json };

/** An object from a file of a results folder; an empty one where there is none. @throws Error naming the file */
export function readObject(file: string): JsonObject {
  if (!existsSync(file)) return {};
  const value = parseStoredJson(readFileSync(file, 'utf8'), file);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${file}: expected an object, found ${shortJson(value)}`);
  }
  return value as JsonObject;
}

/** The parts that a manifest lists; those that have no id are left out. */
export function partsOf(manifest: JsonObject): readonly ManifestPart[] {
  const { parts } = manifest as { parts?: unknown };
  return Array.isArray(parts) ? parts.filter((part) => typeof part?.id === 'string') : [];
}
