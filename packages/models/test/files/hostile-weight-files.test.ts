import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeNpy, writeNpz } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { readDenseNetwork, readTensors } from '../../src/index.js';
import { temporaryFolder } from '../support/idx-files.js';

const fixtures = join(import.meta.dirname, '../fixtures/weight-files');

type Entry = { dtype?: unknown; shape?: unknown; data_offsets?: unknown };

/** A .safetensors file as the format says: 8 bytes of length, the header, the data. */
function safetensors(header: string | Record<string, Entry>, dataBytes: number, length?: bigint): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(length ?? BigInt(json.length));
  return Buffer.concat([prefix, json, Buffer.alloc(dataBytes)]);
}

async function refusal(contents: Buffer, name = 'w.safetensors'): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, contents);
  return readDenseNetwork(path).then(
    () => 'nothing thrown',
    ({ message }: Error) => message.slice(message.indexOf(name)),
  );
}

const f32 = (shape: number[], begin: number, end: number): Entry => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
});

describe('A .safetensors file', () => {
  it('is read when it is whole, empty tensors and spaces after the header included', async () => {
    const header = `${JSON.stringify({ __metadata__: { a: 'b' }, 'fc.weight': f32([2, 3], 0, 24), 'fc.bias': f32([2], 24, 32) })}   `;
    expect(await refusal(safetensors(header, 32))).toBe('nothing thrown');
    const path = join(await temporaryFolder(), 'empty.safetensors');
    await writeFile(path, safetensors({ none: f32([0, 3], 0, 0), one: f32([], 0, 4) }, 4));
    const { tensors, keepsOrder } = await readTensors(path);
    expect(keepsOrder).toBe(false);
    expect(tensors.map(({ name, shape, type }) => ({ name, shape, type }))).toEqual([
      { name: 'none', shape: [0, 3], type: 'F32' },
      { name: 'one', shape: [], type: 'F32' },
    ]);
  });

  it('with values nested without end, or megabytes long, is refused in a line', async () => {
    const deep = `${'['.repeat(1e5)}${']'.repeat(1e5)}`;
    const message = await refusal(safetensors(`{"w":{"dtype":"F32","shape":${deep},"data_offsets":[0,4]}}`, 4));
    expect(message).toMatch(/^w\.safetensors: expected a shape.* of tensor "w", found values nested too deep/);
    const long = JSON.stringify('x'.repeat(1e6));
    const brief = await refusal(safetensors(`{"w":{"dtype":${long},"shape":[1],"data_offsets":[0,4]}}`, 4));
    expect(brief.length).toBeLessThan(500);
  });

  it('that is cut anywhere is refused', async () => {
    const whole = await readFile(join(fixtures, 'module.safetensors'));
    for (const length of [0, 5, 8, 100, 700, whole.length - 1]) {
      expect(await refusal(whole.subarray(0, length)), `${length} bytes`).toMatch(
        /^w.safetensors: expected .*, found \d+/,
      );
    }
    expect(await refusal(whole.subarray(0, -1))).toContain('bytes of data, where tensor "head.weight" ends');
    expect(await refusal(Buffer.concat([whole, Buffer.from('x')]))).toContain('(trailing bytes)');
  });

  it.each([
    [
      'a header of 2^60 bytes',
      safetensors('{}', 0, 2n ** 60n),
      'a header of at most 2 bytes, found 1152921504606846976',
    ],
    ['no JSON', safetensors('{"a": ', 0), 'a header in JSON, found '],
    ['JSON that is no object', safetensors('[1]', 0), 'a header with an entry for each tensor, found [1]'],
    ['an entry that is none', safetensors('{"a": 3}', 0), 'dtype, shape and data_offsets of tensor "a", found 3'],
    [
      'an unknown type',
      safetensors({ a: { ...f32([1], 0, 4), dtype: 'F33' } }, 4),
      'a dtype among F64, I64, U64, C64, F32, I32, U32, F16, BF16, I16, U16, BOOL, I8, U8, F8_E4M3, F8_E5M2, F8_E8M0 ' +
        'of tensor "a", found "F33"',
    ],
    [
      'a negative size',
      safetensors({ a: f32([-1, -1], 0, 4) }, 4),
      'a shape of integers, not negative, of tensor "a", found [-1,-1]',
    ],
    [
      'no shape',
      safetensors({ a: { dtype: 'F32' } }, 0),
      'a shape of integers, not negative, of tensor "a", found none',
    ],
    [
      'an end before its begin',
      safetensors({ a: f32([1], 8, 4) }, 8),
      'data_offsets, begin and end, of tensor "a", found [8,4]',
    ],
    [
      'a shape that takes other bytes',
      safetensors({ a: f32([2, 3], 0, 20) }, 20),
      '24 bytes, as F32 of shape (2, 3) takes, of tensor "a", found 20',
    ],
    [
      'a shape whose product overflows',
      safetensors({ a: f32([2 ** 40, 2 ** 40], 0, 4) }, 4),
      '4.835703278458517e+24 bytes, as F32 of shape (1099511627776, 1099511627776) takes, of tensor "a", found 4',
    ],
    [
      'tensors that overlap',
      safetensors({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12),
      'tensor "b" to begin at byte 8, where tensor "a" ends, found byte 4: they overlap',
    ],
    [
      'a hole between tensors',
      safetensors({ a: f32([2], 0, 8), b: f32([1], 12, 16) }, 16),
      'tensor "b" to begin at byte 8, where tensor "a" ends, found byte 12: there is a hole',
    ],
    [
      'a tensor beyond the end',
      safetensors({ a: f32([1000], 0, 4000) }, 8),
      '4000 bytes of data, where tensor "a" ends, found 8 bytes (truncated)',
    ],
    [
      'a name twice',
      safetensors(
        '{"a.b": {"dtype":"F32","shape":[1],"data_offsets":[0,4]}, "a\\u002eb": {"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        4,
      ),
      'each name once, found tensor "a.b" again',
    ],
  ])('with %s is refused', async (_, contents, expected) => {
    expect(await refusal(contents)).toContain(`w.safetensors: expected ${expected}`);
  });

  it('with names of a million signs, quotes and backslashes among them, is read', async () => {
    const names = ['"'.repeat(1e6), '\\'.repeat(1e6), 'x'.repeat(1e6)];
    const header = Object.fromEntries(names.map((name, i) => [name, f32([1], 4 * i, 4 * i + 4)]));
    const path = join(await temporaryFolder(), 'long.safetensors');
    await writeFile(path, safetensors(header, 12));
    expect((await readTensors(path)).tensors.map(({ name }) => name)).toEqual(names);
  });

  it.each(['I64', 'U8', 'BOOL', 'F8_E4M3'])('of %s is read, but holds no weights', async (dtype) => {
    const bytes = dtype === 'I64' ? 8 : 1;
    expect(await refusal(safetensors({ 'fc.weight': { dtype, shape: [1, 1], data_offsets: [0, bytes] } }, bytes))).toBe(
      `w.safetensors: tensor "fc.weight": expected elements of type F64, F32, F16 or BF16, found ${dtype}`,
    );
  });
});

describe('Files of weights of other kinds', () => {
  it('are refused with what to do instead', async () => {
    expect(await refusal(Buffer.from('\u0089HDF\r\n\u001a\n more', 'latin1'), 'w.h5')).toBe(
      'w.h5: expected an .npz or .safetensors file, found HDF5: write the weights of your Keras model with np.savez, ' +
        'one array each, under its path',
    );
    const path = join(await temporaryFolder(), 'model.npz');
    await writeNpz(path, { 'fc.weight': { shape: [1, 2], data: new Float64Array(2) } });
    const asPickle = Buffer.from(
      (await readFile(path)).toString('latin1').replaceAll('fc.weight.npy', 'arch/data.pkl'),
      'latin1',
    );
    expect(await refusal(asPickle, 'model.pt')).toBe(
      'model.pt: expected an .npz or .safetensors file, found a pickle of PyTorch: write model.state_dict() with np.savez ' +
        'or safetensors.torch.save_file',
    );
    expect(await refusal(Buffer.from('layer,weight\n'))).toContain('(no safetensors file, or truncated)');
    expect(await refusal(Buffer.from(encodeNpy({ shape: [1], data: new Float64Array(1) })), 'w.npy')).toContain(
      'w.npy: expected an .npz or .safetensors file, found a single array: write all of them with np.savez',
    );
    const olderPickle = Buffer.from('80028a0a6cfc9c46f9206aa850192e80', 'hex');
    expect(await refusal(olderPickle, 'old.pt')).toContain('found a pickle of PyTorch: write model.state_dict() with ');
  });

  it('that are missing, folders or damaged archives are named', async () => {
    const folder = await temporaryFolder();
    const kinds = 'expected an .npz or .safetensors file';
    await expect(readDenseNetwork(join(folder, 'no.npz'))).rejects.toThrow(`no.npz: ${kinds}, found no such file`);
    await mkdir(join(folder, 'f.npz'));
    await expect(readDenseNetwork(join(folder, 'f.npz'))).rejects.toThrow(`f.npz: ${kinds}, found a folder`);
    const whole = await readFile(join(fixtures, 'sequential.npz'));
    expect(await refusal(whole.subarray(0, -30), 'w.npz')).toMatch(/^w.npz: /);
    const flipped = Buffer.from(whole);
    flipped[200] ^= 1;
    expect(await refusal(flipped, 'w.npz')).toMatch(
      /^w.npz: 0.weight.npy: expected 248 bytes, CRC-32 .* the file is damaged.$/,
    );
  });
});
