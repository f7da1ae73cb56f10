import { endianness } from 'node:os';

/** The element types read and written; NumPy's bool is read as a Uint8Array of 0 and 1. */
export type NpyData =
  | Float64Array
  | Float32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** An array of any number of dimensions, its elements in C order (last index fastest); shape [] holds one number. */
export interface NpyArray<T extends NpyData = NpyData> {
  readonly shape: readonly number[];
  readonly data: T;
}

type Constructor = new (buffer: ArrayBuffer) => NpyData;

const constructors: Readonly<Record<string, Constructor>> = {
  f8: Float64Array,
  f4: Float32Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array,
  b1: Uint8Array,
};

/** What the header of a .npy file says about the bytes that follow it. */
export interface NpyLayout {
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  /** NumPy's type string, such as `<f8`. */
  readonly descr: string;
  readonly itemBytes: number;
  readonly dataBytes: number;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const machineOrder = endianness() === 'LE' ? '<' : '>';

/** Bytes to read before `headerBytes` can tell where the header ends. */
export const prefixBytes = 12;

/**
 * Length of the whole header, magic included, from the first 12 bytes of a file.
 *
 * @throws Error naming the file if these do not open a .npy file of version 1, 2 or 3
 */
export function headerBytes(prefix: Uint8Array, name: string): number {
  if (prefix.length < prefixBytes) {
    throw new Error(`${name}: expected a .npy header, found only ${prefix.length} bytes.`);
  }
  if (magic.some((byte, i) => prefix[i] !== byte)) {
    const found = Buffer.from(prefix.subarray(0, magic.length)).toString('hex');
    throw new Error(`${name}: expected a .npy file, which begins with the bytes 934e554d5059; found ${found}.`);
  }
  const version = prefix[6];
  if (version < 1 || version > 3) throw new Error(`${name}: expected .npy format version 1, 2 or 3; found ${version}.`);
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefixBytes);
  const total = version === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true);
  if (total <= prefixBytes)
    throw new Error(`${name}: expected a .npy header of some length, found ${total} bytes in all.`);
  return total;
}

/** @throws Error naming the file if the header is damaged or describes elements that are not plain numbers */
export function parseHeader(header: Uint8Array, name: string): NpyLayout {
  const text = Buffer.from(header.subarray(header[6] === 1 ? 10 : 12)).toString('utf8');
  const descr = /['"]descr['"]\s*:\s*(?:['"]([^'"]*)['"]|(\[.*\]))/s.exec(text);
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const dimensions = /['"]shape['"]\s*:\s*\(([^)]*)\)/.exec(text)?.[1];
  const isDictionary = /^\s*\{[^{}]*\}\s*$/.test(text);
  if (!isDictionary || descr === null || order === undefined || dimensions === undefined) {
    throw new Error(`${name}: expected descr, fortran_order and shape in the .npy header; found ${text.trim()}`);
  }
  const type = /^([<>|])([a-z]\d+)$/.exec(descr[1] ?? '');
  // Only single bytes have no order.
  if (type === null || !Object.hasOwn(constructors, type[2]) || (type[1] === '|' && !type[2].endsWith('1'))) {
    const wanted = Object.keys(constructors).join(', ');
    throw new Error(
      `${name}: expected elements of type ${wanted}; found ${descr[1] ?? descr[2]}, which is not supported.`,
    );
  }
  // Python 2 wrote long integers as 3L.
  const sizes = dimensions
    .trim()
    .replace(/,$/, '')
    .split(',')
    .map((size) => size.trim());
  if (dimensions.trim() !== '' && !sizes.every((size) => /^\d+L?$/.test(size))) {
    throw new RangeError(`${name}: expected a shape of integers, not negative; found (${sizes.join(', ')}).`);
  }
  const shape = dimensions.trim() === '' ? [] : sizes.map((size) => Number.parseInt(size, 10));
  const itemBytes = Number(type[2].slice(1));
  const dataBytes = itemBytes * elementCount(shape, name);
  return { shape, fortranOrder: order === 'True', descr: descr[1], itemBytes, dataBytes };
}

/** The array that these bytes, as stored in the file, stand for. The buffer becomes the array's own. */
export function arrayOf(layout: NpyLayout, stored: ArrayBuffer): NpyArray {
  const { shape, descr, itemBytes, fortranOrder } = layout;
  if (itemBytes > 1 && descr[0] !== machineOrder) swapBytes(new Uint8Array(stored), itemBytes);
  const data = new constructors[descr.slice(1)](stored);
  return { shape, data: fortranOrder && shape.length > 1 ? fromFortranOrder(data, shape) : data };
}

/**
 * The header of a .npy file for this array (version 1, or 2 if it is too long for that), padded as the format asks so
 * that the data begin at a multiple of 64 bytes.
 *
 * @throws RangeError if the shape does not hold as many elements as there are
 */
export function encodeHeader({ shape, data }: NpyArray): Uint8Array {
  const count = elementCount(shape, 'array to write');
  if (count !== data.length) {
    throw new RangeError(`A shape of (${shape.join(', ')}) holds ${count} elements; found ${data.length}.`);
  }
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descrOf(data)}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const version = text.length + 64 > 65_535 ? 2 : 1;
  const opening = version === 1 ? 10 : 12;
  const total = Math.ceil((opening + text.length + 1) / 64) * 64;
  const header = Buffer.alloc(total, ' ');
  header.set([...magic, version, 0]);
  if (version === 1) header.writeUInt16LE(total - opening, 8);
  else header.writeUInt32LE(total - opening, 8);
  header.write(text, opening, 'latin1');
  header[total - 1] = 0x0a;
  return header;
}

function descrOf(data: NpyData): string {
  const type = Object.keys(constructors).find((key) => data instanceof constructors[key]);
  if (type === undefined)
    throw new TypeError(`A .npy file holds typed arrays; found ${Object.prototype.toString.call(data)}.`);
  return (data.BYTES_PER_ELEMENT === 1 ? '|' : machineOrder) + type;
}

function elementCount(shape: readonly number[], name: string): number {
  const count = shape.reduce((product, length) => product * length, 1);
  if (shape.some((length) => !Number.isSafeInteger(length) || length < 0) || !Number.isSafeInteger(8 * count)) {
    throw new RangeError(`${name}: expected a shape of integers, not negative; found (${shape.join(', ')}).`);
  }
  return count;
}

function swapBytes(bytes: Uint8Array, itemBytes: number): void {
  for (let start = 0; start < bytes.length; start += itemBytes) bytes.subarray(start, start + itemBytes).reverse();
}

/** Elements stored with the first index fastest, put in C order. */
function fromFortranOrder<T extends NpyData>(stored: T, shape: readonly number[]): T {
  const strides: number[] = [];
  shape.reduce((stride, length) => {
    strides.push(stride);
    return stride * length;
  }, 1);
  const ordered = stored.slice() as T;
  const index = new Array<number>(shape.length).fill(0);
  for (let to = 0, from = 0; to < stored.length; to++) {
    ordered[to] = stored[from];
    // Count the index up, last dimension first, and follow it in the stored order.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return ordered;
}
