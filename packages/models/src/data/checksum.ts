import { createHash } from 'node:crypto';

/** Node's hash refuses more than 2 GiB at once. */
const piece = 2 ** 30;

/** Hex digest of the bytes of these arrays, one after the other. */
export function digest(algorithm: 'sha256' | 'md5', ...arrays: readonly NodeJS.ArrayBufferView[]): string {
  const hash = createHash(algorithm);
  for (const { buffer, byteOffset, byteLength } of arrays) {
    for (let from = 0; from < byteLength; from += piece) {
      hash.update(new Uint8Array(buffer, byteOffset + from, Math.min(piece, byteLength - from)));
    }
  }
  return hash.digest('hex');
}
