import { type FileHandle, open } from 'node:fs/promises';
import { endianness } from 'node:os';
import { fromBfloat16, fromFloat16 } from '@hessian-rmt/numerics';
import { DataFileError } from '../data/data-file-error.js';
import { parseSafetensorsHeader, type SafetensorsEntry } from './safetensors-header.js';
import type { Tensor } from './tensor.js';

/** The limit of the format's own implementation: no file of weights needs more, and a damaged length is found out. */
const mostHeaderBytes = 100_000_000;
const lengthBytes = 8;

/** Node reads at most 2 GiB in one call. */
const piece = 2 ** 30;

/**
 * The tensors of a .safetensors file (8 bytes of length, a header in JSON, bytes), in the order of their bytes. The order
 * is that of the names more often than that of the layers: the format's own writer sorts them.
 *
 * @throws DataFileError naming file and tensor when the header is damaged, or tensors overlap, leave holes or pass the end
 */
export async function readSafetensors(path: string): Promise<Tensor[]> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size < lengthBytes) throw new DataFileError(path, `${lengthBytes} bytes of header length`, `${size} bytes`);
    const length = Buffer.from(await read(file, 0, lengthBytes)).readBigUInt64LE();
    if (length > mostHeaderBytes || lengthBytes + Number(length) > size) {
      const most = Math.min(mostHeaderBytes, size - lengthBytes);
      throw new DataFileError(
        path,
        `a header of at most ${most} bytes`,
        `${length} (no safetensors file, or truncated)`,
      );
    }
    const start = lengthBytes + Number(length);
    const json = Buffer.from(await read(file, lengthBytes, start)).toString('utf8');
    const tensors: Tensor[] = [];
    for (const entry of parseSafetensorsHeader(json, size - start, path)) {
      tensors.push(tensorOf(entry, await read(file, start + entry.begin, start + entry.end), path));
    }
    return tensors;
  } finally {
    await file.close();
  }
}

async function read(file: FileHandle, from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(to - from);
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, Math.min(piece, bytes.length - done), from + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes;
}

function tensorOf({ name, type, shape }: SafetensorsEntry, bytes: Uint8Array<ArrayBuffer>, file: string): Tensor {
  return { name, type, shape, values: () => floatsOf(type, bytes, `${file}: tensor "${name}"`) };
}

/** @param bytes  little-endian, in a buffer of their own */
function floatsOf(type: string, bytes: Uint8Array<ArrayBuffer>, what: string): Float64Array {
  switch (type) {
    case 'F64':
      return new Float64Array(machineOrder(bytes, 8));
    case 'F32':
      return Float64Array.from(new Float32Array(machineOrder(bytes, 4)));
    case 'F16':
      return Float64Array.from(fromFloat16(new Uint16Array(machineOrder(bytes, 2))));
    case 'BF16':
      return Float64Array.from(fromBfloat16(new Uint16Array(machineOrder(bytes, 2))));
    default:
      throw new DataFileError(what, 'elements of type F64, F32, F16 or BF16', type);
  }
}

function machineOrder(bytes: Uint8Array<ArrayBuffer>, itemBytes: 2 | 4 | 8): ArrayBuffer {
  if (endianness() === 'LE') return bytes.buffer;
  const copy = Buffer.from(Uint8Array.from(bytes).buffer);
  if (itemBytes === 2) copy.swap16();
  else if (itemBytes === 4) copy.swap32();
  else copy.swap64();
  return copy.buffer as ArrayBuffer;
}
