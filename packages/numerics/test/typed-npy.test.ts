import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromBfloat16, fromFloat16 } from '../src/half-precision.js';
import { encodeNpy, readNpy } from '../src/npy.js';
import { decodeTypedNpy, readTypedNpy } from '../src/typed-npy.js';
import { inFolder, python, runNumpy } from './numpy.js';

const everyPattern = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i);
const bits = (values: Float32Array) => new Uint32Array(values.buffer);

describe('Numbers of 16 bits', () => {
  it('are what the formats say: the largest, the smallest, zeros of both signs, infinities', () => {
    const float16 = fromFloat16(Uint16Array.from([0x3c00, 0x7bff, 0x0400, 0x0001, 0x8000, 0xfc00, 0xc248, 0x7e00]));
    expect([...float16]).toEqual([1, 65504, 2 ** -14, 2 ** -24, -0, Number.NEGATIVE_INFINITY, -3.140625, Number.NaN]);
    const bfloat16 = fromBfloat16(Uint16Array.from([0x3f80, 0xc049, 0x0001, 0x8000, 0x7f80]));
    expect([...bfloat16]).toEqual([1, -3.140625, 2 ** -133, -0, Number.POSITIVE_INFINITY]);
  });

  it.skipIf(python === undefined)('are those of NumPy for every pattern of float16', () =>
    inFolder(async (folder) => {
      runNumpy("np.save('f4.npy', np.arange(2**16, dtype='u2').view('f2').astype('f4'))", folder);
      const { data } = await readNpy(join(folder, 'f4.npy'));
      const own = fromFloat16(everyPattern);
      expect(own).toEqual(data);
      const signsOfZero = (values: Float32Array) => bits(values).filter((_, i) => values[i] === 0);
      expect(signsOfZero(own)).toEqual(signsOfZero(data as Float32Array));
    }),
  );
});

describe('.npy files with their types', () => {
  it.skipIf(python === undefined)('are read as NumPy writes them: float16 of both orders, bool apart from bytes', () =>
    inFolder(async (folder) => {
      runNumpy(
        `a = np.arange(6).reshape(2, 3) / 4
np.save('half.npy', a.astype('f2'))
np.save('half-fortran-big.npy', np.asfortranarray(a).astype('>f2', order='F'))
np.save('bool.npy', a > 1)
np.save('bytes.npy', np.array([0, 1, 255], 'u1'))
np.save('long.npy', np.array([[3], [4]], '>i8'))`,
        folder,
      );
      const read = (name: string) => readTypedNpy(join(folder, `${name}.npy`));
      const half = { type: 'f2', shape: [2, 3], data: Float32Array.from([0, 0.25, 0.5, 0.75, 1, 1.25]) };
      expect(await read('half')).toEqual(half);
      expect(await read('half-fortran-big')).toEqual(half);
      expect(await read('bool')).toEqual({ type: 'b1', shape: [2, 3], data: Uint8Array.from([0, 0, 0, 0, 0, 1]) });
      expect(await read('bytes')).toEqual({ type: 'u1', shape: [3], data: Uint8Array.from([0, 1, 255]) });
      expect(await read('long')).toEqual({ type: 'i8', shape: [2, 1], data: BigInt64Array.from([3n, 4n]) });
    }),
  );

  it('that are none, are cut, or hold other elements have the errors of readNpy', () =>
    inFolder(async (folder) => {
      const whole = encodeNpy({ shape: [3], data: Uint16Array.from([0x3c00, 0, 0]) });
      const half = Uint8Array.from(whole);
      half[Buffer.from(half).indexOf("u2'")] = 'f'.charCodeAt(0);
      expect(decodeTypedNpy(half)).toEqual({ type: 'f2', shape: [3], data: Float32Array.from([1, 0, 0]) });
      expect(() => decodeTypedNpy(half.subarray(0, -1), 'w.npy')).toThrow('w.npy: expected 6 bytes of data, found 5');
      const path = join(folder, 'half.npy');
      writeFileSync(path, half.subarray(0, -1));
      await expect(readTypedNpy(path)).rejects.toThrow('half.npy: expected 6 bytes of data, found 5');
      writeFileSync(path, 'no array');
      await expect(readTypedNpy(path)).rejects.toThrow('half.npy: expected a .npy header, found only 8 bytes');
      const complex = Buffer.from(Buffer.from(whole).toString('latin1').replace('<u2', '<c8'), 'latin1');
      expect(() => decodeTypedNpy(complex, 'c.npy')).toThrow('found <c8, which is not supported');
    }));
});
