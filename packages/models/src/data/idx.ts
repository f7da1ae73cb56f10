import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip as gunzipCallback, type InputType, type ZlibOptions } from 'node:zlib';
import { DataFileError } from './data-file-error.js';

// The format of MNIST's files (LeCun, Cortes & Burges): two zero bytes, the type of the entries (8: unsigned byte),
// the number of sizes, the sizes as big-endian 32-bit integers, then the entries, the last index fastest.

const labelMagic = 0x0000_0801;
const imageMagic = 0x0000_0803;
const contentsOf = new Map([
  [labelMagic, 'a label file'],
  [imageMagic, 'an image file'],
]);

export interface IdxImages {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** count x height x width, 0 = background. */
  readonly pixels: Uint8Array;
}

/** @throws DataFileError unless the bytes are exactly one IDX file of images with at least one image */
export function parseIdxImages(bytes: Uint8Array, file: string): IdxImages {
  const { sizes, entries } = parse(bytes, file, imageMagic);
  const [count, height, width] = sizes;
  return { count, height, width, pixels: entries };
}

/** @throws DataFileError unless the bytes are exactly one IDX file of labels below `classes`, with at least one label */
export function parseIdxLabels(bytes: Uint8Array, file: string, classes: number): Uint8Array {
  const { entries } = parse(bytes, file, labelMagic);
  entries.forEach((label, index) => {
    if (label >= classes) {
      throw new DataFileError(file, `labels from 0 to ${classes - 1}`, `label ${label} at position ${index}`);
    }
  });
  return entries;
}

function parse(bytes: Uint8Array, file: string, magic: number): { sizes: number[]; entries: Uint8Array } {
  const expected = `${contentsOf.get(magic)} (IDX magic number ${hex(magic)})`;
  const dimensions = magic & 0xff;
  const headerLength = 4 + 4 * dimensions;
  if (bytes.length < 4) throw new DataFileError(file, expected, `${bytes.length} bytes`);

  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = view.getUint32(0);
  if (found !== magic) {
    throw new DataFileError(file, expected, `${contentsOf.get(found) ?? 'something else'} (${hex(found)})`);
  }
  if (bytes.length < headerLength) {
    throw new DataFileError(file, `a header of ${headerLength} bytes`, `${bytes.length} bytes (truncated)`);
  }
  const sizes = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const length = sizes.reduce((product, size) => product * size, 1);
  const sizeText = sizes.join(' x ');
  if (length === 0) throw new DataFileError(file, 'at least one entry', `sizes ${sizeText}`);
  if (bytes.length !== headerLength + length) {
    const fault = bytes.length < headerLength + length ? 'truncated' : 'trailing bytes';
    throw new DataFileError(
      file,
      `${headerLength + length} bytes for sizes ${sizeText}`,
      `${bytes.length} bytes (${fault})`,
    );
  }
  return { sizes, entries: bytes.subarray(headerLength) };
}

const hex = (magic: number) => `0x${magic.toString(16).padStart(8, '0')}`;

// With `info` zlib also tells how much of its input it used.
const gunzip = promisify(gunzipCallback) as unknown as (
  bytes: InputType,
  options: ZlibOptions & { info: true },
) => Promise<{ buffer: Buffer; engine: { bytesWritten: number } }>;

/**
 * The bytes of a file, decompressed if it is gzip (by its first bytes, whatever its name).
 *
 * @throws DataFileError when the compressed data are cut, damaged or followed by something else
 */
export async function readPlainOrGzip(file: string): Promise<Uint8Array> {
  const bytes = await readFile(file);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  let unpacked: Awaited<ReturnType<typeof gunzip>>;
  try {
    unpacked = await gunzip(bytes, { info: true });
  } catch (error) {
    throw new DataFileError(file, 'whole gzip data and nothing after them', (error as Error).message);
  }
  const trailing = bytes.length - unpacked.engine.bytesWritten;
  if (trailing !== 0) throw new DataFileError(file, 'one gzip member', `${trailing} trailing bytes`);
  return unpacked.buffer;
}
