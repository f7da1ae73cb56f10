import { open } from 'node:fs/promises';
import { decodeTypedNpy, npzMembers, toFloat64 } from '@hessian-rmt/numerics';
import { DataFileError } from '../data/data-file-error.js';
import { readSafetensors } from './safetensors.js';
import type { Tensor } from './tensor.js';

export interface TensorFile {
  readonly tensors: readonly Tensor[];
  /** Whether the tensors come in the order in which the file was given them, and not sorted by name. */
  readonly keepsOrder: boolean;
}

const pickle = 'a pickle of PyTorch: write model.state_dict() with np.savez or safetensors.torch.save_file';

/**
 * The tensors of an .npz file, or else of a .safetensors file, whatever its name.
 *
 * @throws DataFileError naming file and tensor when the file is missing, damaged or of another kind
 * @throws Error as `npzMembers` when the zip archive or an array in it is damaged
 */
export async function readTensors(path: string): Promise<TensorFile> {
  const beginning = await firstBytes(path, 8);
  if (beginning.subarray(0, 2).toString('latin1') === 'PK') {
    return { tensors: await npzTensors(path), keepsOrder: true };
  }
  if (beginning.toString('latin1') === '\u0089HDF\r\n\u001a\n') {
    const found = 'HDF5: write the weights of your Keras model with np.savez, one array each, under its path';
    throw new DataFileError(path, 'an .npz or .safetensors file', found);
  }
  if (beginning.subarray(0, 6).toString('latin1') === '\u0093NUMPY') {
    throw new DataFileError(path, 'an .npz or .safetensors file', 'a single array: write all of them with np.savez');
  }
  // What torch.save wrote before it wrote zip archives; the length of a .safetensors header has a zero in its last byte.
  if (beginning[0] === 0x80 && beginning[1] >= 2 && beginning[1] <= 5 && beginning[7] !== 0) {
    throw new DataFileError(path, 'an .npz or .safetensors file', pickle);
  }
  return { tensors: await readSafetensors(path), keepsOrder: false };
}

async function npzTensors(path: string): Promise<Tensor[]> {
  const tensors: Tensor[] = [];
  for await (const { name, bytes } of npzMembers(path)) {
    const what = `${path}: ${name}`;
    if (name === 'data.pkl' || name.endsWith('/data.pkl')) {
      throw new DataFileError(path, 'an .npz or .safetensors file', pickle);
    }
    const array = decodeTypedNpy(bytes, what);
    const { type, shape } = array;
    const values = () => {
      if (/^f[248]$/.test(type)) return toFloat64(array);
      throw new DataFileError(what, 'elements of type f8, f4 or f2', type);
    };
    tensors.push({ name, type, shape, values });
  }
  return tensors;
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new DataFileError(path, 'an .npz or .safetensors file', 'no such file');
  });
  try {
    if ((await file.stat()).isDirectory()) throw new DataFileError(path, 'an .npz or .safetensors file', 'a folder');
    const { bytesRead, buffer } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
