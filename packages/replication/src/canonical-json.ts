import { createHash } from 'node:crypto';
import type { Json } from './experiment.js';

/**
 * The one JSON text of a value: keys sorted, no spaces. Equal values give equal texts, so its digest can name them.
 *
 * @throws TypeError naming the place of anything JSON cannot say: NaN, Infinity, undefined, a typed array, a function
 */
export function canonicalJson(value: Json, place = 'value'): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return JSON.stringify(value);
  } else if (Array.isArray(value)) {
    return `[${value.map((element, i) => canonicalJson(element, `${place}[${i}]`)).join(',')}]`;
  } else if (isPlainObject(value)) {
    const members = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key], `${place}.${key}`)}`);
    return `{${members.join(',')}}`;
  }
  throw new TypeError(
    `${place} is ${describe(value)}; expected a finite number, a string, a boolean, null, or arrays and objects of these`,
  );
}

/** SHA-256 (hex) of a value's canonical JSON. @throws TypeError as canonicalJson */
export function digestOf(value: Json, place = 'value'): string {
  return createHash('sha256').update(canonicalJson(value, place)).digest('hex');
}

/** The same value with sorted keys, indented: for files that people read and git compares. */
export function readableJson(value: Json): string {
  return `${JSON.stringify(JSON.parse(canonicalJson(value)), null, 2)}\n`;
}

function isPlainObject(value: unknown): value is { readonly [key: string]: Json } {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null ? `a ${value.constructor?.name}` : String(value);
}
