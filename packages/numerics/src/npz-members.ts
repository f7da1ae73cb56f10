import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { fileSource } from './npy.js';
import { dataStart, readZipDirectory, type ZipMember } from './zip-directory.js';

/** A `.npy` file in an `.npz` archive, as bytes: for `decodeTypedNpy`. */
export interface NpzMember {
  /** Without `.npy`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The files in an `.npz` archive one after the other, in the archive's order, which is the order in which `np.savez` was
 * given them. `readNpz` gives arrays by name instead.
 *
 * @throws Error naming the file and the member if the archive is damaged (its CRC-32 is checked) or has a name twice
 */
export async function* npzMembers(path: string): AsyncGenerator<NpzMember> {
  const file = await open(path);
  try {
    const names = new Set<string>();
    for (const member of await readZipDirectory(file, path)) {
      if (names.has(member.name)) throw new Error(`${path}: expected each name once, found ${member.name} again.`);
      names.add(member.name);
      yield { name: member.name.replace(/\.npy$/, ''), bytes: await contentsOf(file, path, member) };
    }
  } finally {
    await file.close();
  }
}

/** Deflate makes at most 1032 bytes of one. */
const mostExpansion = 1032;

async function contentsOf(file: FileHandle, path: string, member: ZipMember): Promise<Uint8Array> {
  const name = `${path}: ${member.name}`;
  const { compressedBytes, bytes, method } = member;
  const from = await dataStart(file, path, member);
  // Before anything of a size that a damaged directory names is allocated.
  const { size } = await file.stat();
  const most = method === 'stored' ? compressedBytes : compressedBytes * mostExpansion;
  if (from + compressedBytes > size || bytes > most) {
    const found = `${bytes} bytes stored in ${compressedBytes}, from byte ${from} of ${size}`;
    throw new Error(`${name}: expected a member within the file, found ${found}: the file is truncated or damaged.`);
  }
  const stored = new Uint8Array(compressedBytes);
  await fileSource(file, { position: from })(stored);
  const contents = method === 'stored' ? stored : await inflated(stored, bytes, name);
  if (contents.length !== bytes || crc32(contents) !== member.crc32) {
    const found = `${contents.length} bytes, CRC-32 ${crc32(contents)}`;
    throw new Error(`${name}: expected ${bytes} bytes, CRC-32 ${member.crc32}; found ${found}: the file is damaged.`);
  }
  return contents;
}

async function inflated(stored: Uint8Array, bytes: number, name: string): Promise<Uint8Array> {
  try {
    return await promisify(inflateRaw)(stored, { maxOutputLength: Math.max(1, bytes) });
  } catch (cause) {
    throw new Error(`${name}: expected deflated data, found damage or an early end.`, { cause });
  }
}
