import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { encodeNpy, type NpyArray } from '../src/npy.js';
import { readNpz, writeNpz } from '../src/npz.js';
import { inFolder, python, runNumpy } from './numpy.js';

const arrays: Readonly<Record<string, NpyArray>> = {
  spectrum: { shape: [2, 500], data: Float64Array.from({ length: 1000 }, (_, i) => Math.sin(i)) },
  labels: { shape: [4], data: new Uint8Array([1, 2, 3, 4]) },
  'größe/n': { shape: [], data: new Int32Array([7]) },
  zeros: { shape: [200_000], data: new Float64Array(200_000) },
};

describe('.npz files', () => {
  it('come back as they were written, whole or by name, in pieces of any size', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'arrays.npz');
      await writeNpz(path, arrays, { pieceBytes: 1000 });
      expect(await readNpz(path)).toEqual(arrays);
      expect(await readNpz(path, ['labels'], { pieceBytes: 3 })).toEqual({ labels: arrays.labels });
      await writeNpz(path, {});
      expect(await readNpz(path)).toEqual({});
    }));

  it('have the same bytes for the same arrays, whatever the time zone and the time', () =>
    inFolder(async (folder) => {
      const zone = process.env.TZ;
      const contents: Buffer[] = [];
      for (const [i, TZ] of ['America/Los_Angeles', 'Asia/Kolkata'].entries()) {
        process.env.TZ = TZ;
        await writeNpz(join(folder, `${i}.npz`), arrays);
        contents.push(readFileSync(join(folder, `${i}.npz`)));
      }
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
      expect(contents[0].equals(contents[1])).toBe(true);
    }));

  it('are zip archives of .npy files', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'arrays.npz');
      await writeNpz(path, arrays);
      const members = unzipSync(readFileSync(path));
      expect(Object.keys(members)).toEqual(Object.keys(arrays).map((name) => `${name}.npy`));
      for (const [name, array] of Object.entries(arrays)) {
        expect(Buffer.from(members[`${name}.npy`]).equals(encodeNpy(array)), name).toBe(true);
      }
    }));

  it('are read deflated', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'arrays.npz');
      const members = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(array)]);
      writeFileSync(path, zipSync(Object.fromEntries(members), { level: 9 }));
      expect(await readNpz(path)).toEqual(arrays);
    }));

  it('that are damaged, truncated or something else are refused with what was expected', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'arrays.npz');
      const refused = async (bytes: Uint8Array, message: string) => {
        writeFileSync(path, bytes);
        await expect(readNpz(path)).rejects.toThrow(message);
        await expect(readNpz(path)).rejects.toThrow(path);
      };
      const bytes = encodeNpy(arrays.spectrum);
      const stored = Buffer.from(zipSync({ 'a.npy': bytes }, { level: 0 }));
      const deflated = Buffer.from(zipSync({ 'a.npy': bytes }, { level: 9 }));
      const flipped = (file: Buffer, at: number) => Buffer.from(file.map((byte, i) => (i === at ? byte ^ 1 : byte)));
      await refused(flipped(stored, 4000), 'a.npy: expected the CRC-32');
      await refused(flipped(deflated, 4000), 'a.npy: expected');
      await refused(stored.subarray(0, 4000), 'found no end of a central directory: is it truncated?');
      await refused(Buffer.from('text'), 'expected a zip archive');
      await refused(stored.subarray(100), 'is missing or damaged');
      await refused(zipSync({ 'readme.txt': new Uint8Array(40) }), 'readme.txt: expected a .npy file');
      writeFileSync(path, stored);
      await expect(readNpz(path, ['b'])).rejects.toThrow('expected an array "b", found a');
    }));

  it('whose directory names sizes that the file does not have are refused, and nothing of that size is allocated', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'arrays.npz');
      await writeNpz(path, { x: arrays.labels, y: arrays.labels });
      const whole = readFileSync(path);
      const end = whole.length - 22;
      // How long the directory is, and where it begins.
      for (const [at, value] of [
        [12, 0x90000000],
        [12, 0xfffffffe],
        [16, 0xfffffffe],
      ] as const) {
        const damaged = Buffer.from(whole);
        damaged.writeUInt32LE(value, end + at);
        writeFileSync(path, damaged);
        await expect(readNpz(path)).rejects.toThrow(/arrays\.npz: the bytes \d+ to \d+ of the zip archive is missing/);
      }
      const fewer = Buffer.from(whole);
      fewer.writeUInt16LE(1, end + 10);
      writeFileSync(path, fewer);
      await expect(readNpz(path)).rejects.toThrow('arrays.npz: the directory of the zip archive is missing or damaged');
    }));
});

describe.skipIf(python === undefined)('.npz files against NumPy', () => {
  it('are read by NumPy', () =>
    inFolder(async (folder) => {
      await writeNpz(join(folder, 'arrays.npz'), arrays);
      const script = `z = np.load('arrays.npz')
print(z.files)
print(z['spectrum'].shape, abs(z['spectrum'].ravel() - np.sin(np.arange(1000))).max() < 1e-15, z['labels'], z['größe/n'])`;
      expect(runNumpy(script, folder)).toBe("['spectrum', 'labels', 'größe/n', 'zeros']\n(2, 500) True [1 2 3 4] 7\n");
    }));

  it('written by NumPy, stored and deflated, with zip64 headers, are read', () =>
    inFolder(async (folder) => {
      const script = `a = dict(x=np.arange(60000.).reshape(200, 300), y=np.array([1, 2], '>i4'), f=np.asfortranarray([[1., 2.], [3., 4.]]))
np.savez('stored.npz', **a)
np.savez_compressed('deflated.npz', **a)`;
      runNumpy(script, folder);
      for (const name of ['stored', 'deflated']) {
        const { x, y, f } = await readNpz(join(folder, `${name}.npz`), ['x', 'y', 'f']);
        expect(x).toEqual({ shape: [200, 300], data: Float64Array.from({ length: 60_000 }, (_, i) => i) });
        expect(y).toEqual({ shape: [2], data: new Int32Array([1, 2]) });
        expect(f).toEqual({ shape: [2, 2], data: new Float64Array([1, 2, 3, 4]) });
      }
    }));

  it('with a zip64 end record are read', () =>
    inFolder(async (folder) => {
      // Python writes a zip64 record for archives of many members; forced here by lowering its limits.
      const script = `import zipfile
zipfile.ZIP64_LIMIT = 1000
zipfile.ZIP_FILECOUNT_LIMIT = 1
np.savez('arrays.npz', x=np.arange(1000.), y=np.arange(3.))
print(open('arrays.npz', 'rb').read().count(b'PK\\x06\\x06'))`;
      expect(runNumpy(script, folder)).toBe('1\n');
      const { x, y } = await readNpz(join(folder, 'arrays.npz'));
      expect(x.data).toEqual(Float64Array.from({ length: 1000 }, (_, i) => i));
      expect(y.data).toEqual(new Float64Array([0, 1, 2]));
    }));
});
