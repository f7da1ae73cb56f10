import { open, readFile } from 'node:fs/promises';
import { fromFloat16 } from './half-precision.js';
import { decodeNpy, type NpyArray, type NpyData, readNpy } from './npy.js';

/** An array and what NumPy calls the type of its elements: float16 comes as float32, bool as bytes of 0 and 1. */
export interface TypedNpyArray<T extends NpyData = NpyData> extends NpyArray<T> {
  /** NumPy's type string without the byte order: `f8`, `f4`, `f2`, `i1` to `i8`, `u1` to `u8`, `b1`. */
  readonly type: string;
}

/**
 * As `readNpy`, with the type that the file names, and with float16, which `readNpy` refuses.
 *
 * @throws Error as `readNpy`
 */
export async function readTypedNpy(path: string): Promise<TypedNpyArray> {
  const { type } = typeIn(await beginningOf(path));
  return type === 'f2' ? decodeTypedNpy(await readFile(path), path) : { ...(await readNpy(path)), type };
}

/**
 * As `decodeNpy`, with the type that the header names, and with float16.
 *
 * @throws Error as `readNpy`
 */
export function decodeTypedNpy(bytes: Uint8Array, name = 'bytes'): TypedNpyArray {
  const { type, at } = typeIn(bytes.subarray(0, beginning));
  if (type !== 'f2') return { ...decodeNpy(bytes, name), type };
  // Both orders, of the bytes and of the elements, are undone alike for unsigned integers of the same size.
  const asIntegers = Uint8Array.from(bytes);
  asIntegers[at] = 'u'.charCodeAt(0);
  const { shape, data } = decodeNpy(asIntegers, name);
  return { shape, data: fromFloat16(data as Uint16Array), type };
}

/** The type string is the first entry of the header, which the format wants sorted. */
const beginning = 128;

async function beginningOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(beginning);
    const { bytesRead } = await file.read(bytes, 0, beginning, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The type, and where it stands; an empty one where there is none, for `decodeNpy` to complain of. */
function typeIn(header: Uint8Array): { readonly type: string; readonly at: number } {
  const found = /['"]descr['"]\s*:\s*['"][<>|=](?=([a-z]\d+)['"])/.exec(Buffer.from(header).toString('latin1'));
  return found === null ? { type: '', at: -1 } : { type: found[1], at: found.index + found[0].length };
}
