import type { Json } from './experiment.js';

/** Our choice: ten times what our own files have. Whoever follows lists in lists without end runs out of stack. */
const deepest = 100;

/**
 * The value of JSON from a file.
 *
 * @throws Error naming the file, when it is no JSON or is nested too deep
 */
export function parseStoredJson(text: string, file: string): Json {
  checkDepth(text, file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file}: not JSON: ${(error as Error).message}`);
  }
}

function checkDepth(text: string, file: string): void {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (inText && character === '\\') i++;
    else if (character === '"') inText = !inText;
    else if (inText) continue;
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
    if (depth > deepest) {
      throw new Error(`${file}: expected lists and objects at most ${deepest} deep, found more at character ${i}`);
    }
  }
}

/** A value for a message: short, whatever it is. */
export function shortJson(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Looks at a value. @throws Error naming the place, what was expected and what was found */
export type Check = (value: Json | undefined, place: string) => void;

/** @param expected  as in `expected a text` */
export function check(expected: string, holds: (value: Json) => boolean): Check {
  return (value, place) => {
    if (value === undefined || !holds(value)) {
      throw new Error(`${place}: expected ${expected}, found ${shortJson(value)}`);
    }
  };
}

export const isText = check('a text', (value) => typeof value === 'string');
export const isAnything = check('a value', () => true);
export const isNumber = check('a finite number', (value) => Number.isFinite(value));
export const isWhole = check('a whole number from 0', (value) => Number.isSafeInteger(value) && (value as number) >= 0);
export const isFlag = check('true or false', (value) => typeof value === 'boolean');

export function orNull(inner: Check): Check {
  return (value, place) => {
    if (value !== null) inner(value, place);
  };
}

export function isListOf(inner: Check): Check {
  return (value, place) => {
    check('a list', Array.isArray)(value, place);
    (value as readonly Json[]).forEach((one, i) => {
      inner(one, `${place}.${i}`);
    });
  };
}

/** An object, whatever its names, of such values. */
export function isRecordOf(inner: Check): Check {
  return (value, place) => {
    check('an object', isObject)(value, place);
    for (const [name, one] of Object.entries(value as object)) inner(one, `${place}.${name}`);
  };
}

/** An object with these fields; `optional` ones may be missing, others may be there. */
export function hasFields(
  fields: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>> = {},
): Check {
  return (value, place) => {
    check('an object', isObject)(value, place);
    const found = value as Readonly<Record<string, Json>>;
    const own = (name: string) => (Object.hasOwn(found, name) ? found[name] : undefined);
    for (const [name, inner] of Object.entries(fields)) inner(own(name), `${place}: ${name}`);
    for (const [name, inner] of Object.entries(optional)) {
      if (own(name) !== undefined) inner(own(name), `${place}: ${name}`);
    }
  };
}

function isObject(value: Json): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
