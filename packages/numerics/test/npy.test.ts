import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeNpy, encodeNpy, type NpyData, readNpy, toFloat64, writeNpy } from '../src/npy.js';
import { inFolder, python, runNumpy } from './numpy.js';

const ofEveryType: Readonly<Record<string, NpyData>> = {
  f8: new Float64Array([0, -0, 0.1, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324]),
  f4: new Float32Array([0, -0, 0.1, Number.NaN, Number.NEGATIVE_INFINITY, 1e-45]),
  i1: new Int8Array([0, 1, -1, 127, -128, 7]),
  i2: new Int16Array([0, 1, -1, 32_767, -32_768, 258]),
  i4: new Int32Array([0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 16_909_060]),
  i8: new BigInt64Array([0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 72_623_859_790_382_856n]),
  u1: new Uint8Array([0, 1, 2, 127, 128, 255]),
  u2: new Uint16Array([0, 1, 2, 32_768, 65_535, 258]),
  u4: new Uint32Array([0, 1, 2, 2 ** 31, 2 ** 32 - 1, 16_909_060]),
  u8: new BigUint64Array([0n, 1n, 2n, 2n ** 63n, 2n ** 64n - 1n, 72_623_859_790_382_856n]),
};

const bytesOf = (data: NpyData) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** A .npy file written by hand from its description, header unpadded. */
function handmade(descr: string, shape: string, data: Uint8Array, { version = 1, fortran = 'False' } = {}): Uint8Array {
  const header = `{'descr': ${descr}, 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUInt16LE(header.length);
  return Buffer.concat([
    Buffer.from('\x93NUMPY', 'latin1'),
    Buffer.from([version, 0]),
    length,
    Buffer.from(header),
    data,
  ]);
}

describe('.npy bytes', () => {
  it.each(Object.entries(ofEveryType))('come back as they were written: %s', (_, data) => {
    const { shape, data: found } = decodeNpy(encodeNpy({ shape: [2, 3], data }));
    expect(shape).toEqual([2, 3]);
    expect(found.constructor).toBe(data.constructor);
    expect(bytesOf(found)).toEqual(bytesOf(data));
  });

  it('hold single numbers, empty arrays and many dimensions', () => {
    for (const shape of [[], [0], [3, 0, 2], [1], [2, 1, 3, 1, 2]]) {
      const data = Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i);
      expect(decodeNpy(encodeNpy({ shape, data }))).toEqual({ shape, data });
    }
  });

  it('begin their data at a multiple of 64 bytes', () => {
    for (const shape of [[6], [2, 3], [1, 6]]) {
      expect((encodeNpy({ shape, data: ofEveryType.f8 }).length - 48) % 64).toBe(0);
    }
  });

  it('pass to format version 2 when the header is too long for version 1', () => {
    const shape = new Array<number>(30_000).fill(1);
    const bytes = encodeNpy({ shape, data: new Float64Array([5]) });
    expect(bytes[6]).toBe(2);
    expect(decodeNpy(bytes)).toEqual({ shape, data: new Float64Array([5]) });
  });

  it('are read in format versions 1, 2 and 3', () => {
    for (const version of [1, 2, 3]) {
      const { data } = decodeNpy(handmade("'<f8'", '(6,)', bytesOf(ofEveryType.f8), { version }));
      expect(data).toEqual(ofEveryType.f8);
    }
  });

  it('are read with the long integers of Python 2', () => {
    expect(decodeNpy(handmade("'|u1'", '(3L, 2L)', bytesOf(ofEveryType.u1))).shape).toEqual([3, 2]);
  });

  it('become float64 exactly, or not at all', () => {
    expect(toFloat64({ shape: [3], data: new BigInt64Array([1n, -(2n ** 53n) + 1n, 0n]) })).toEqual(
      new Float64Array([1, -(2 ** 53) + 1, 0]),
    );
    expect(toFloat64({ shape: [1], data: new Float32Array([0.1]) })[0]).toBe(Math.fround(0.1));
    expect(() => toFloat64({ shape: [1], data: new BigInt64Array([2n ** 53n]) })).toThrow('found 9007199254740992');
  });

  it('are refused with the name of the file, what was expected and what was found', () => {
    const good = encodeNpy({ shape: [2, 3], data: ofEveryType.f8 });
    const refused = (bytes: Uint8Array, message: string) =>
      expect(() => decodeNpy(bytes, 'weights.npy')).toThrow(`weights.npy: ${message}`);
    refused(new Uint8Array(5), 'expected a .npy header, found only 5 bytes');
    refused(
      Buffer.from('{"not": "an array"}'),
      'expected a .npy file, which begins with the bytes 934e554d5059; found 7b226e',
    );
    refused(
      handmade("'<f8'", '(6,)', new Uint8Array(48), { version: 4 }),
      'expected .npy format version 1, 2 or 3; found 4',
    );
    refused(good.subarray(0, 100), 'expected 128 bytes of header, found 100');
    refused(good.subarray(0, 150), 'expected 48 bytes of data, found 22');
    refused(Buffer.concat([good, Buffer.alloc(1)]), 'expected 48 bytes of data by the shape in its header, found more');
    refused(handmade("'|O'", '(6,)', new Uint8Array(48)), 'expected elements of type f8, f4');
    refused(handmade("'<c16'", '(3,)', new Uint8Array(48)), 'expected elements of type f8, f4');
    refused(handmade("[('a', '<f8')]", '(6,)', new Uint8Array(48)), 'expected elements of type f8, f4');
    refused(handmade("'<f8'", '(-6,)', new Uint8Array(48)), 'expected a shape of integers, not negative; found (-6)');
    refused(handmade("'<f8'", '6', new Uint8Array(48)), 'expected descr, fortran_order and shape');
    refused(
      handmade("'<f8'", '(six, 4)', new Uint8Array(48)),
      'expected a shape of integers, not negative; found (six, 4)',
    );
    refused(handmade("'|f8'", '(6,)', new Uint8Array(48)), 'expected elements of type f8, f4');
    refused(handmade("'<f8'", '(6,)}', new Uint8Array(48)), 'expected descr, fortran_order and shape');
    expect(() => encodeNpy({ shape: [2, 2], data: new Float64Array(3) })).toThrow('(2, 2) holds 4 elements; found 3');
  });
});

describe('.npy files', () => {
  it('are written and read in pieces, whatever their size', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'array.npy');
      const data = Float64Array.from({ length: 1000 }, (_, i) => Math.sqrt(i));
      for (const pieceBytes of [1, 7, 64, 8000, 1 << 20]) {
        await writeNpy(path, { shape: [10, 100], data }, { pieceBytes });
        expect(readFileSync(path).equals(encodeNpy({ shape: [10, 100], data }))).toBe(true);
        expect(await readNpy(path, { pieceBytes })).toEqual({ shape: [10, 100], data });
      }
    }));

  it('that announce more than they have are refused before anything of that size is allocated', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'array.npy');
      for (const shape of ['(1000000000000,)', '(1000000, 1000000)']) {
        writeFileSync(path, handmade("'|u1'", shape, new Uint8Array(6)));
        await expect(readNpy(path)).rejects.toThrow(
          /array\.npy: expected \d+ bytes of data, found 6: the file is truncated/,
        );
      }
      const longHeader = Buffer.from(handmade("'|u1'", '(6,)', new Uint8Array(6), { version: 2 }));
      longHeader.writeUInt32LE(2 ** 32 - 1, 8);
      writeFileSync(path, longHeader);
      await expect(readNpy(path)).rejects.toThrow('array.npy: expected 4294967307 bytes of header, found');
    }));

  it('are written from views and from shared memory', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'array.npy');
      const shared = new Float64Array(new SharedArrayBuffer(80)).subarray(2, 6).fill(3);
      await writeNpy(path, { shape: [4], data: shared });
      expect(await readNpy(path)).toEqual({ shape: [4], data: new Float64Array(4).fill(3) });
    }));

  it('are replaced whole or not at all', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'array.npy');
      await writeNpy(path, { shape: [1], data: new Float64Array([1]) });
      await expect(writeNpy(path, { shape: [7], data: new Float64Array([2]) })).rejects.toThrow(RangeError);
      expect((await readNpy(path)).data).toEqual(new Float64Array([1]));
      expect(readdirSync(folder)).toEqual(['array.npy']);
      await expect(
        writeNpy(join(folder, 'no', 'array.npy'), { shape: [], data: new Float64Array(1) }),
      ).rejects.toThrow();
      expect(existsSync(join(folder, 'no'))).toBe(false);
    }));

  it('that are truncated are refused by name', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'array.npy');
      const bytes = encodeNpy({ shape: [2], data: new Float64Array(2) });
      for (const [length, message] of [
        [3, 'found only 3 bytes'],
        [50, 'expected 128 bytes of header, found 50'],
        [140, 'expected 16 bytes of data, found 12'],
      ] as const) {
        writeFileSync(path, bytes.subarray(0, length));
        await expect(readNpy(path)).rejects.toThrow(message);
        await expect(readNpy(path)).rejects.toThrow(path);
      }
      writeFileSync(path, Buffer.concat([bytes, bytes]));
      await expect(readNpy(path)).rejects.toThrow('found more');
    }));
});

describe.skipIf(python === undefined)('.npy files against NumPy', () => {
  it('are read by NumPy with their type, shape and elements', () =>
    inFolder(async (folder) => {
      for (const [type, data] of Object.entries(ofEveryType)) {
        await writeNpy(join(folder, `${type}.npy`), { shape: [2, 3], data });
      }
      const found = runNumpy(
        `for t in ${JSON.stringify(Object.keys(ofEveryType))}:
  a = np.load(t + '.npy')
  print(a.dtype == np.dtype(t), a.shape, a.flags.c_contiguous, a.tobytes().hex())`,
        folder,
      );
      const expected = Object.values(ofEveryType).map((data) => `True (2, 3) True ${bytesOf(data).toString('hex')}`);
      expect(found.trim().split('\n')).toEqual(expected);
    }));

  it('written by NumPy in either byte order and either storage order are read as the same array', () =>
    inFolder(async (folder) => {
      runNumpy(
        `for t in ${JSON.stringify(Object.keys(ofEveryType))}:
  for order in '<>':
    a = (np.arange(24) * 5 - (0 if t[0] == 'u' else 60)).astype(order + t).reshape(2, 3, 4)
    np.save(f'{t}-{ord(order)}-c.npy', a)
    np.save(f'{t}-{ord(order)}-f.npy', np.asfortranarray(a))`,
        folder,
      );
      for (const [type, like] of Object.entries(ofEveryType)) {
        for (const order of [60, 62]) {
          for (const storage of ['c', 'f']) {
            const { shape, data } = await readNpy(join(folder, `${type}-${order}-${storage}.npy`));
            expect(shape).toEqual([2, 3, 4]);
            expect(data.constructor).toBe(like.constructor);
            const expected = Array.from({ length: 24 }, (_, i) => 5 * i - (type.startsWith('u') ? 0 : 60));
            expect(Array.from<number | bigint, number>(data, Number), `${type} ${order} ${storage}`).toEqual(expected);
          }
        }
      }
    }));

  it('of booleans become bytes of 0 and 1; objects and complex numbers are refused', () =>
    inFolder(async (folder) => {
      runNumpy(
        `np.save('b.npy', np.array([True, False, True]))
np.save('o.npy', np.array([{}, 1], dtype=object))
np.save('c.npy', np.zeros(3, complex))
np.save('0.npy', np.float64(2.5))`,
        folder,
      );
      expect(await readNpy(join(folder, 'b.npy'))).toEqual({ shape: [3], data: new Uint8Array([1, 0, 1]) });
      expect(await readNpy(join(folder, '0.npy'))).toEqual({ shape: [], data: new Float64Array([2.5]) });
      await expect(readNpy(join(folder, 'o.npy'))).rejects.toThrow('found |O, which is not supported');
      await expect(readNpy(join(folder, 'c.npy'))).rejects.toThrow('found <c16, which is not supported');
    }));
});
