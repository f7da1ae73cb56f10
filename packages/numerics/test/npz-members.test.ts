import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { decodeNpy, encodeNpy } from '../src/npy.js';
import { writeNpz } from '../src/npz.js';
import { type NpzMember, npzMembers } from '../src/npz-members.js';
import { inFolder, python, runNumpy } from './numpy.js';

async function members(path: string): Promise<NpzMember[]> {
  const all: NpzMember[] = [];
  for await (const member of npzMembers(path)) all.push(member);
  return all;
}

const array = { shape: [300], data: new Float64Array(300).fill(0.5) };

describe('The members of an .npz file', () => {
  it.skipIf(python === undefined)('come in the order in which NumPy was given them, deflated or not', () =>
    inFolder(async (folder) => {
      const arrays = "**{'b.weight': np.ones((2, 3)), '10': np.zeros(2), '2': np.full(3, 7.)}";
      runNumpy(`np.savez('s.npz', ${arrays}); np.savez_compressed('d.npz', ${arrays})`, folder);
      for (const file of ['s.npz', 'd.npz']) {
        const found = await members(join(folder, file));
        expect(found.map(({ name }) => name)).toEqual(['b.weight', '10', '2']);
        expect(decodeNpy(found[2].bytes)).toEqual({ shape: [3], data: Float64Array.from([7, 7, 7]) });
      }
    }),
  );

  it('are refused when they are damaged, reach beyond the file, or have the same name', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a.npz');
      const refused = async (change: (bytes: Buffer) => void) => {
        await writeNpz(path, { a: array, b: array });
        const bytes = readFileSync(path);
        change(bytes);
        writeFileSync(path, bytes);
        return members(path).then(
          () => 'nothing thrown',
          ({ message }: Error) => message.replace(`${folder}/`, ''),
        );
      };
      const directoryAt = (bytes: Buffer) => bytes.readUInt32LE(bytes.length - 6);
      expect(await refused(() => {})).toBe('nothing thrown');
      expect(await refused((bytes) => bytes.writeUInt8(1, 1000))).toMatch(
        /^a.npz: a.npy: expected 2528 bytes, CRC-32 \d+; found 2528 bytes, CRC-32 \d+: the file is damaged.$/,
      );
      expect(await refused((bytes) => bytes.write('a.npy', directoryAt(bytes) + 46 + 5 + 46))).toBe(
        'a.npz: expected each name once, found a.npy again.',
      );
      const longer = (bytes: Buffer) => {
        bytes.writeUInt32LE(4e9, directoryAt(bytes) + 20);
        bytes.writeUInt32LE(4e9, directoryAt(bytes) + 24);
      };
      expect(await refused(longer)).toMatch(
        /^a.npz: a.npy: expected a member within the file, found 4000000000 bytes stored in 4000000000, from byte \d+ of \d+/,
      );
    }));

  it('that deflate to more than they say are refused before they fill the memory', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'bomb.npz');
      const bytes = Buffer.from(zipSync({ 'a.npy': encodeNpy({ shape: [10 ** 6], data: new Float64Array(10 ** 6) }) }));
      bytes.writeUInt32LE(1000, bytes.readUInt32LE(bytes.length - 6) + 24);
      writeFileSync(path, bytes);
      await expect(members(path)).rejects.toThrow('a.npy: expected deflated data, found damage or an early end.');
      bytes.writeUInt32LE(4e9, bytes.readUInt32LE(bytes.length - 6) + 24);
      writeFileSync(path, bytes);
      await expect(members(path)).rejects.toThrow('expected a member within the file, found 4000000000 bytes');
    }));
});
