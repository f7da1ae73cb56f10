import { gzipSync } from 'node:zlib';

/** A value as the page carries it: JSON, gzip, base64, in letters that mean nothing in HTML. */
export function pack(value: unknown): string {
  return gzipSync(JSON.stringify(value), { level: 9 }).toString('base64');
}
