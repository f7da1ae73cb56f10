import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { Inflate, Zip, ZipPassThrough } from 'fflate';
import { type WriteOptions, writeAtomically } from './atomic-write.js';
import { type ByteSource, fileSource, type NpyArray, npyParts, type ReadOptions, readNpyFrom } from './npy.js';
import { dataStart, readZipDirectory, type ZipMember } from './zip-directory.js';

/**
 * Read arrays from NumPy's .npz format: a zip archive, stored or deflated, of .npy files.
 *
 * @param names  the arrays to read (without `.npy`); all by default
 * @throws Error naming the file and the array if one is not there, is damaged (its CRC-32 is checked) or is no array
 */
export async function readNpz<const Name extends string = string>(
  path: string,
  names?: readonly Name[],
  options: ReadOptions = {},
): Promise<Record<Name, NpyArray>> {
  const file = await open(path);
  try {
    const members = new Map<string, ZipMember>();
    for (const member of await readZipDirectory(file, path)) members.set(member.name.replace(/\.npy$/, ''), member);
    const arrays: [string, NpyArray][] = [];
    for (const name of names ?? members.keys()) {
      const member = members.get(name);
      if (member === undefined) {
        throw new Error(`${path}: expected an array "${name}", found ${[...members.keys()].join(', ') || 'none'}.`);
      }
      arrays.push([name, await readMember(file, path, member, options)]);
    }
    return Object.fromEntries(arrays) as Record<Name, NpyArray>;
  } finally {
    await file.close();
  }
}

/**
 * Write arrays to a .npz file, stored, atomically, in the order given. The same arrays give the same bytes: every
 * member bears the date 1980-01-01, the zero of the zip format.
 *
 * @throws RangeError if the file would pass 4 GiB, where zip64 begins, which fflate cannot write: use .npy files then
 */
export async function writeNpz(
  path: string,
  arrays: Readonly<Record<string, NpyArray>>,
  options: WriteOptions = {},
): Promise<void> {
  const members = Object.entries(arrays).map(([name, array]) => ({ name: `${name}.npy`, parts: npyParts(array) }));
  const total = members.flatMap(({ parts }) => parts).reduce((sum, part) => sum + part.length, 0);
  // The directory takes some bytes too: 1 MiB is left for it.
  if (total > 2 ** 32 - 2 ** 20) {
    throw new RangeError(
      `${path}: an .npz file must stay below 4 GiB, found arrays of ${total} bytes: write .npy files.`,
    );
  }
  await writeAtomically(path, zipParts(members), options);
}

interface MemberParts {
  readonly name: string;
  readonly parts: readonly Uint8Array[];
}

function* zipParts(members: readonly MemberParts[]): Generator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const zip = new Zip((error, part) => {
    if (error) throw error;
    ready.push(part);
  });
  for (const { name, parts } of members) {
    const member = new ZipPassThrough(name);
    // fflate writes a date by its local fields, so this is the same everywhere.
    member.mtime = new Date(1980, 0, 1);
    zip.add(member);
    for (const [i, part] of parts.entries()) member.push(part, i === parts.length - 1);
    yield* ready;
    ready = [];
  }
  zip.end();
  yield* ready;
}

/** Deflate makes at most 1032 bytes of one. */
const mostExpansion = 1032;

async function readMember(file: FileHandle, path: string, member: ZipMember, options: ReadOptions): Promise<NpyArray> {
  const name = `${path}: ${member.name}`;
  const position = await dataStart(file, path, member);
  const stored = limited(fileSource(file, { ...options, position }), member.compressedBytes);
  const source = summed(member.method === 'stored' ? stored : inflated(stored, name));
  const most = Math.min(member.compressedBytes, (await file.stat()).size);
  const array = await readNpyFrom(source.read, name, member.method === 'stored' ? most : most * mostExpansion);
  if (source.crc32() !== member.crc32) {
    throw new Error(`${name}: expected the CRC-32 ${member.crc32}, found ${source.crc32()}: the file is damaged.`);
  }
  return array;
}

/** The first `bytes` bytes of a source. */
function limited(source: ByteSource, bytes: number): ByteSource {
  let left = bytes;
  return async (target) => {
    const found = await source(target.subarray(0, Math.min(target.length, left)));
    left -= found;
    return found;
  };
}

/** A source that keeps the CRC-32 of what has been read from it. */
function summed(source: ByteSource): { readonly read: ByteSource; crc32(): number } {
  let sum = 0;
  const read: ByteSource = async (target) => {
    const found = await source(target);
    // zlib counts in 32 bits: 1 GiB at a time.
    for (let start = 0; start < found; start += 2 ** 30) {
      sum = crc32(target.subarray(start, Math.min(found, start + 2 ** 30)), sum);
    }
    return found;
  };
  return { read, crc32: () => sum };
}

/** The raw deflate stream in a source, decompressed. */
function inflated(source: ByteSource, name: string): ByteSource {
  let output: Uint8Array[] = [];
  const inflate = new Inflate((part) => output.push(part));
  // Deflate expands a thousandfold at most, so a piece gives at most 64 MiB.
  const piece = new Uint8Array(2 ** 16);
  let ended = false;
  const more = async () => {
    const found = await source(piece);
    ended = found < piece.length;
    try {
      inflate.push(piece.slice(0, found), ended);
    } catch (cause) {
      throw new Error(`${name}: expected deflated data, found damage or an early end.`, { cause });
    }
  };
  return async (target) => {
    let filled = 0;
    while (filled < target.length) {
      if (output.length === 0) {
        if (ended) break;
        await more();
        continue;
      }
      const taken = output[0].subarray(0, target.length - filled);
      target.set(taken, filled);
      filled += taken.length;
      output[0] = output[0].subarray(taken.length);
      if (output[0].length === 0) output = output.slice(1);
    }
    return filled;
  };
}
