import type { FileHandle } from 'node:fs/promises';

/** One file of a zip archive, as its central directory has it. */
export interface ZipMember {
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  /** Where the member's local header begins in the archive. */
  readonly headerAt: number;
}

const endSignature = 0x06054b50;
const zip64LocatorSignature = 0x07064b50;
const zip64EndSignature = 0x06064b50;
const memberSignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const longestComment = 65_535;
/** In a 32-bit or 16-bit field: the number stands in the zip64 record. */
const inZip64 = 0xffffffff;
const countInZip64 = 0xffff;

/**
 * The members of a zip archive (PKWARE APPNOTE 6.3, with zip64), from its central directory.
 *
 * fflate, which writes our archives, cannot read them for us: `unzipSync` needs the archive in memory, and its
 * streaming reader finds the end of a stored member by searching the data for a signature, checks no sum, and knows
 * no directory.
 *
 * @throws Error naming the file if it is no zip archive, is damaged, or is encrypted or compressed in another way
 */
export async function readZipDirectory(file: FileHandle, path: string): Promise<ZipMember[]> {
  const { size } = await file.stat();
  const tail = await readAt(file, path, Math.max(0, size - endBytes - longestComment), size);
  let end = tail.length - endBytes;
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end--;
  if (end < 0)
    throw new Error(`${path}: expected a zip archive, found no end of a central directory: is it truncated?`);

  let count = tail.readUInt16LE(end + 10);
  let bytes = tail.readUInt32LE(end + 12);
  let start = tail.readUInt32LE(end + 16);
  if (count === countInZip64 || bytes === inZip64 || start === inZip64) {
    const locator = end - 20;
    if (locator < 0 || tail.readUInt32LE(locator) !== zip64LocatorSignature) throw damaged(path, 'zip64 locator');
    const recordAt = exact(tail.readBigUInt64LE(locator + 8), path);
    const record = await readAt(file, path, recordAt, recordAt + 56);
    if (record.readUInt32LE(0) !== zip64EndSignature) throw damaged(path, 'zip64 end record');
    count = exact(record.readBigUInt64LE(32), path);
    bytes = exact(record.readBigUInt64LE(40), path);
    start = exact(record.readBigUInt64LE(48), path);
  }

  const directory = await readAt(file, path, start, start + bytes);
  const members: ZipMember[] = [];
  let at = 0;
  while (members.length < count) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== memberSignature) throw damaged(path, 'directory');
    const next = at + 46 + [28, 30, 32].reduce((sum, field) => sum + directory.readUInt16LE(at + field), 0);
    if (next > directory.length) throw damaged(path, 'directory');
    members.push(memberOf(directory.subarray(at, next), path));
    at = next;
  }
  if (at !== directory.length) throw damaged(path, 'directory');
  return members;
}

/** Where the member's data begin. */
export async function dataStart(file: FileHandle, path: string, member: ZipMember): Promise<number> {
  const header = await readAt(file, path, member.headerAt, member.headerAt + 30);
  if (header.readUInt32LE(0) !== localSignature) throw damaged(path, `header of ${member.name}`);
  return member.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

function memberOf(entry: Buffer, path: string): ZipMember {
  const nameEnd = 46 + entry.readUInt16LE(28);
  const name = entry.toString('utf8', 46, nameEnd);
  const method = entry.readUInt16LE(10);
  if ((entry.readUInt16LE(8) & 1) !== 0) throw new Error(`${path}: ${name} is encrypted.`);
  if (method !== 0 && method !== 8) {
    throw new Error(`${path}: expected ${name} stored (0) or deflated (8), found compression method ${method}.`);
  }
  // The zip64 field holds, in this order, those numbers that did not fit their own.
  let wide = zip64Field(entry.subarray(nameEnd, nameEnd + entry.readUInt16LE(30)));
  const sized = (field: number): number => {
    const value = entry.readUInt32LE(field);
    if (value !== inZip64) return value;
    if (wide.length < 8) throw damaged(path, `zip64 sizes of ${name}`);
    const number = exact(wide.readBigUInt64LE(0), path);
    wide = wide.subarray(8);
    return number;
  };
  const bytes = sized(24);
  const compressedBytes = sized(20);
  const headerAt = sized(42);
  const crc32 = entry.readUInt32LE(16);
  return { name, method: method === 0 ? 'stored' : 'deflated', crc32, compressedBytes, bytes, headerAt };
}

function zip64Field(extra: Buffer): Buffer {
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) return extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return extra.subarray(0, 0);
}

async function readAt(file: FileHandle, path: string, from: number, to: number): Promise<Buffer> {
  // Before anything of a size that a damaged record names is allocated: Node aborts when 2 GiB are asked of one read.
  if (to > (await file.stat()).size) throw damaged(path, `bytes ${from} to ${to}`);
  const buffer = Buffer.alloc(to - from);
  const { bytesRead } = await file.read(buffer, 0, to - from, from);
  if (bytesRead < to - from) throw damaged(path, `bytes ${from} to ${to}`);
  return buffer;
}

function exact(value: bigint, path: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(path, 'zip64 record');
  return Number(value);
}

function damaged(path: string, part: string): Error {
  return new Error(`${path}: the ${part} of the zip archive is missing or damaged.`);
}
