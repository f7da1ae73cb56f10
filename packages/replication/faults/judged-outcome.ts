import { setTimeout as sleep } from 'node:timers/promises';

/** What no message may hold: values that nobody meant to print, and the words of the engine. */
const unmeant = [
  /\bundefined\b/,
  // As what was found in a file or given as a word it is meant.
  /(?<!found |"|'|\[ |\[ NaN, )\bNaN\b/,
  /\[object /,
  /\n\s+at /,
  /Cannot (read|set|destructure|convert)|is not (a function|iterable|defined|a constructor)/,
  /Maximum call stack|allocation failed|Invalid (typed )?array length|Invalid string length|out of range|ERR_[A-Z]/,
  /Cannot mix BigInt|circular structure|The "\w+" argument/,
];
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;
/**
 * What is wrong with an error as a user sees it.
 *
 * @param names  file, option or variable, of which it must name one
 * @param given  what was given, and may be said again: `NaN`
 * @returns undefined when nothing is
 */
export function complaintAbout(
  message: string,
  names: readonly string[],
  given: readonly string[] = [],
): string | undefined {
  if (!names.some((name) => message.includes(name))) return `names none of ${names.join(', ')}`;
  const own = given.reduce((text, one) => (one === '' ? text : text.replaceAll(one, '')), message);
  const words = unmeant.find((pattern) => pattern.test(own));
  if (words) return `says ${words.exec(own)![0].trim()}`;
  return undefined;
}

/** What is wrong with what reaches a terminal. */
export function complaintAboutPrinted(text: string): string | undefined {
  const found = obeyed.exec(text);
  return found ? `prints U+${found[0].codePointAt(0)!.toString(16).padStart(4, '0')}` : undefined;
}

/** Milliseconds that an input may take: our choice, far above what any of them needs. */
const patience = 20_000;

/** @throws Error when the work does not end */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const hang = sleep(patience, undefined, { signal: over.signal }).then(() => {
    throw new Error(`it hangs: no end within ${patience / 1000} s`);
  });
  hang.catch(() => {});
  return Promise.race([work, hang]).finally(() => over.abort());
}
