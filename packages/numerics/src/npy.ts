import { type FileHandle, open } from 'node:fs/promises';
import { type WriteOptions, writeAtomically } from './atomic-write.js';
import { arrayOf, encodeHeader, headerBytes, type NpyArray, parseHeader, prefixBytes } from './npy-format.js';

export type { NpyArray, NpyData } from './npy-format.js';

export interface ReadOptions {
  /** Largest number of bytes asked of the system in one call. Default 1 GiB; smaller ones are for tests. */
  readonly pieceBytes?: number;
}

/**
 * Read NumPy's .npy format (NEP 1, versions 1 to 3): plain numbers of type f8, f4, i1 to i8, u1 to u8 and bool, of
 * either byte order. The elements come in C order and the machine's byte order, whatever the file's are.
 *
 * @throws Error naming the file if it is not a .npy file, holds other elements, is truncated, or has bytes left over
 */
export async function readNpy(path: string, options: ReadOptions = {}): Promise<NpyArray> {
  const file = await open(path);
  try {
    return await readNpyFrom(fileSource(file, options), path, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

/**
 * Write a .npy file (format version 1, C order), atomically.
 *
 * @throws RangeError if the shape does not hold as many elements as there are
 */
export async function writeNpy(path: string, array: NpyArray, options: WriteOptions = {}): Promise<void> {
  await writeAtomically(path, npyParts(array), options);
}

/** The bytes that `writeNpy` writes. */
export function encodeNpy(array: NpyArray): Uint8Array {
  return Buffer.concat(npyParts(array));
}

/**
 * The array in the bytes of a .npy file; the bytes are copied.
 *
 * @param name  what errors call these bytes
 * @throws Error as `readNpy`
 */
export function decodeNpy(bytes: Uint8Array, name = 'bytes'): NpyArray {
  const start = headerBytes(bytes.subarray(0, prefixBytes), name);
  if (bytes.length < start) throw truncated(name, 'header', start, bytes.length);
  const layout = parseHeader(bytes.subarray(0, start), name);
  const found = bytes.length - start;
  if (found < layout.dataBytes) throw truncated(name, 'data', layout.dataBytes, found);
  if (found > layout.dataBytes) throw leftOver(name, layout.dataBytes);
  const stored = new Uint8Array(layout.dataBytes);
  stored.set(bytes.subarray(start));
  return arrayOf(layout, stored.buffer);
}

/**
 * Any array's elements as float64.
 *
 * @throws RangeError if a 64-bit integer lies beyond 2^53 and would be rounded
 */
export function toFloat64({ data }: NpyArray): Float64Array {
  if (data instanceof Float64Array) return data;
  return Float64Array.from<number | bigint>(data, (element) => {
    const value = Number(element);
    if (typeof element === 'bigint' && !Number.isSafeInteger(value)) {
      throw new RangeError(`Expected integers that float64 holds exactly; found ${element}.`);
    }
    return value;
  });
}

/** Header and data of an array; the data are not copied. */
export function npyParts(array: NpyArray): Uint8Array[] {
  const { buffer, byteOffset, byteLength } = array.data;
  return [encodeHeader(array), new Uint8Array(buffer, byteOffset, byteLength)];
}

/** Fills the target with the next bytes; answers how many there were, fewer than asked only at the end. */
export type ByteSource = (target: Uint8Array) => Promise<number>;

/** Bytes of an open file from `position` (default 0) on. */
export function fileSource(
  file: FileHandle,
  { pieceBytes = 2 ** 30, position = 0 }: ReadOptions & { readonly position?: number } = {},
): ByteSource {
  return async (target) => {
    let filled = 0;
    while (filled < target.length) {
      const length = Math.min(pieceBytes, target.length - filled);
      const { bytesRead } = await file.read(target, filled, length, position);
      if (bytesRead === 0) break;
      filled += bytesRead;
      position += bytesRead;
    }
    return filled;
  };
}

/**
 * Read one .npy array, which must end where the source ends.
 *
 * @param most  bytes that the source can have: more is not allocated, whatever a header says
 */
export async function readNpyFrom(source: ByteSource, name: string, most: number): Promise<NpyArray> {
  const prefix = new Uint8Array(prefixBytes);
  const prefixFound = await source(prefix);
  const start = headerBytes(prefix.subarray(0, prefixFound), name);
  if (start > most) throw truncated(name, 'header', start, most);
  const header = new Uint8Array(start);
  header.set(prefix);
  const headerFound = await source(header.subarray(prefixBytes));
  if (prefixBytes + headerFound < header.length) {
    throw truncated(name, 'header', header.length, prefixBytes + headerFound);
  }
  const layout = parseHeader(header, name);
  if (start + layout.dataBytes > most) throw truncated(name, 'data', layout.dataBytes, most - start);
  const stored = new Uint8Array(layout.dataBytes);
  const found = await source(stored);
  if (found < layout.dataBytes) throw truncated(name, 'data', layout.dataBytes, found);
  if ((await source(new Uint8Array(1))) > 0) throw leftOver(name, layout.dataBytes);
  return arrayOf(layout, stored.buffer);
}

function truncated(name: string, part: string, expected: number, found: number): Error {
  return new Error(`${name}: expected ${expected} bytes of ${part}, found ${found}: the file is truncated.`);
}

function leftOver(name: string, expected: number): Error {
  return new Error(`${name}: expected ${expected} bytes of data by the shape in its header, found more.`);
}
