import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type NpyArray, writeNpy, writeNpz } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { readSamples, type SampleFiles } from '../../src/index.js';
import { cifarRecords } from '../support/cifar-files.js';
import { idx, temporaryFolder } from '../support/idx-files.js';
import { relativeError } from '../support/naive-network.js';

/** Written by sample_files.py there (PyTorch 1.13, NumPy 1.24). */
const folder = join(import.meta.dirname, '../fixtures/sample-files');
const expected: { mean: number[]; deviation: number[] } & Record<string, number[][]> = JSON.parse(
  await readFile(join(folder, 'expected.json'), 'utf8'),
);
const { mean, deviation } = expected;
const file = (name: string) => join(folder, `${name}.npy`);
const labels = file('labels');

async function temporary(name: string, contents: Uint8Array | NpyArray): Promise<string> {
  const path = join(await temporaryFolder(), name);
  if ('shape' in contents) await writeNpy(path, contents);
  else await writeFile(path, contents);
  return path;
}

describe('Samples from .npy files', () => {
  it.each([
    ['images-first', 'torch'],
    ['images-last', 'keras'],
    ['tensors', 'torch'],
  ])('%s, with the channels scaled as given, are the inputs that PyTorch makes of them', async (name, by) => {
    const data = await readSamples({ inputs: file(name), labels, scaling: { mean, deviation } });
    expect(relativeError(data.inputs, expected[by].flat())).toBeLessThan(1e-14);
    expect(data).toMatchObject({ name: `${name}.npy`, count: 4, dimension: 60, classes: 3 });
    // An image has its channels innermost here.
    expect(data.image).toEqual(by === 'keras' ? { height: 5, width: 4, channels: 3 } : undefined);
  });

  it('of bytes take every scaling, of the whole file whatever the limit', async () => {
    const bytes = await readSamples({ inputs: file('images-last'), labels, scaling: 'none' });
    const all = Array.from(bytes.inputs);
    const moments = (values: number[]) => {
      const average = values.reduce((sum, x) => sum + x, 0) / values.length;
      return [average, Math.sqrt(values.reduce((sum, x) => sum + (x - average) ** 2, 0) / values.length)];
    };
    const [centre, spread] = moments(all);
    const ofChannel = [0, 1, 2].map((c) => moments(all.filter((_, i) => i % 3 === c)));
    const formulas = {
      '[0,1]': (x: number) => x / 255,
      '[-1,1]': (x: number) => x / 127.5 - 1,
      standardised: (x: number) => (x - centre) / spread,
      'standardised-by-channel': (x: number, i: number) => (x - ofChannel[i % 3][0]) / ofChannel[i % 3][1],
    } as const;
    for (const scaling of Object.keys(formulas) as (keyof typeof formulas)[]) {
      const data = await readSamples({ inputs: file('images-last'), labels, scaling, limit: 2 });
      expect(data.count).toBe(2);
      expect(relativeError(data.inputs, all.slice(0, 120).map(formulas[scaling])), scaling).toBeLessThan(1e-13);
    }
    const usual = await readSamples({ inputs: file('images-last'), labels });
    expect([...usual.inputs]).toEqual(all.map((x) => x / 255));
    const planes = await readSamples({ inputs: file('images-first'), labels, scaling: 'standardised-by-channel' });
    expect(planes.inputs[20]).toBeCloseTo((all[1] - ofChannel[1][0]) / ofChannel[1][1], 12);
  });

  it('of other numbers are taken as they are, whatever their type and order', async () => {
    for (const [name, wanted] of [
      ['features-float16', 'float16'],
      ['features-fortran', 'float32'],
    ]) {
      const data = await readSamples({ inputs: file(name), labels });
      expect([...data.inputs], name).toEqual(expected[wanted].flat());
      expect(data.image).toBeUndefined();
    }
    const mask = await readSamples({ inputs: file('mask'), labels });
    const grey = await readSamples({ inputs: file('images-grey'), labels, scaling: 'none' });
    expect([...mask.inputs]).toEqual(Array.from(grey.inputs, (x) => Number(x > 127)));
    expect(grey.image).toEqual({ height: 5, width: 4, channels: 1 });
    const columns = { mean: [1, 2, 3], deviation: [1, 2, 4] };
    const scaled = await readSamples({ inputs: file('features-fortran'), labels, scaling: columns });
    expect(scaled.inputs[5]).toBe((expected.float32[1][2] - 3) / 4);
    const one = await readSamples({ inputs: file('features-fortran'), labels, scaling: { mean: [1], deviation: [2] } });
    expect(one.inputs[5]).toBe((expected.float32[1][2] - 1) / 2);
  });

  it('have classes as integers, columns or one-hot rows, and as many as they are told', async () => {
    for (const name of ['labels', 'labels-column', 'one-hot']) {
      const data = await readSamples({ inputs: file('features-float16'), labels: file(name), limit: 3 });
      expect([...data.labels], name).toEqual([2, 0, 1]);
      expect(data.classes, name).toBe(3);
    }
    expect((await readSamples({ inputs: file('features-float16'), labels, classes: 10 })).classes).toBe(10);
  });

  it('have targets to regress on, one or several a sample, beside classes or without', async () => {
    const inputs = file('features-float16');
    const one = await readSamples({ inputs, targets: file('targets'), limit: 3 });
    expect(one).toMatchObject({ classes: 0, count: 3, targets: Float64Array.from([0, 0.25, 0.5]) });
    expect(one.labels.length).toBe(0);
    const two = await readSamples({ inputs, targets: file('targets-rows'), labels, limit: 2 });
    expect(two).toMatchObject({ classes: 3, targets: Float64Array.from([0, 0.25, 0.5, 0.75]) });
  });

  it('are known by the sum of their files, inputs before labels before targets', async () => {
    const inputs = file('features-float16');
    const targets = file('targets');
    const data = await readSamples({ inputs, labels, targets, limit: 2 });
    const hash = createHash('sha256');
    for (const path of [inputs, labels, targets]) hash.update(await readFile(path));
    expect(data.checksum).toBe(hash.digest('hex'));
    expect(data.name).toBe('features-float16.npy (first 2 of 4 samples)');
  });
});

describe('Samples from IDX and CIFAR files', () => {
  it('are those of IDX images and labels, gzipped or not, or with labels of another format', async () => {
    const pixels = Array.from({ length: 24 }, (_, i) => 10 * i);
    const plain = idx([4, 2, 3], pixels);
    const inputs = await temporary('images-idx3-ubyte.gz', gzipSync(plain));
    const own = await temporary('labels-idx1-ubyte', idx([4], [3, 1, 2, 0]));
    const data = await readSamples({ inputs, labels: own });
    expect(data).toMatchObject({ count: 4, dimension: 6, classes: 4, image: { height: 2, width: 3, channels: 1 } });
    expect([...data.inputs]).toEqual(pixels.map((x) => x / 255));
    expect([...data.labels]).toEqual([3, 1, 2, 0]);
    const sum = createHash('sha256')
      .update(plain)
      .update(await readFile(own));
    expect(data.checksum).toBe(sum.digest('hex'));
    expect([...(await readSamples({ inputs, labels })).labels]).toEqual([2, 0, 1, 0]);
  });

  it('are those of a CIFAR file, the channels as PyTorch or as Keras flattens them', async () => {
    const pixel = (n: number, c: number, y: number, x: number) => 40 * n + 70 * c + 3 * y + x;
    const ten = await temporary('data.bin', cifarRecords([[9], [4]], pixel));
    const last = await readSamples({ inputs: ten, scaling: 'none' });
    const first = await readSamples({ inputs: ten, scaling: 'none', channels: 'first', limit: 1 });
    expect(last).toMatchObject({
      count: 2,
      dimension: 3072,
      classes: 10,
      image: { height: 32, width: 32, channels: 3 },
    });
    expect([...last.labels]).toEqual([9, 4]);
    expect(first.image).toBeUndefined();
    for (const [c, y, x] of [
      [0, 0, 0],
      [1, 5, 31],
      [2, 31, 7],
    ]) {
      expect(last.inputs[3072 + (y * 32 + x) * 3 + c]).toBe(pixel(1, c, y, x) % 256);
      expect(first.inputs[c * 1024 + y * 32 + x]).toBe(pixel(0, c, y, x) % 256);
    }
    const hundred = await readSamples({ inputs: await temporary('train.bin', cifarRecords([[3, 77]], pixel)) });
    expect(hundred).toMatchObject({ count: 1, classes: 100 });
    expect([...hundred.labels]).toEqual([77]);
    const given = { mean: [0.5, 0, 1], deviation: [0.5, 1, 2] };
    const scaled = await readSamples({ inputs: ten, scaling: given, channels: 'first' });
    expect(scaled.inputs[2 * 1024 + 5]).toBeCloseTo((145 / 255 - 1) / 2, 15);
  });
});

describe('Files of samples are refused by name', () => {
  const refusal = (files: SampleFiles) =>
    readSamples(files).then(
      () => 'nothing thrown',
      ({ name, message }: Error) => `${name} ${message.replace(/\S*\/(?=[\w-]+(\.\w+)?\b)/g, '')}`,
    );
  const inputs = file('features-float16');
  const array = (shape: number[], data: NpyArray['data']) => temporary('x.npy', { shape, data });

  it('when they are missing, folders, or of no known format', async () => {
    const none = join(folder, 'none.npy');
    const kinds = 'expected an .npy, IDX or CIFAR file, found';
    expect(await refusal({ inputs: none, labels })).toBe(`DataFileError none.npy: ${kinds} no such file`);
    expect(await refusal({ inputs: none, labels, format: 'idx' })).toBe(
      `DataFileError none.npy: ${kinds} no such file`,
    );
    expect(await refusal({ inputs, labels: none })).toBe(`DataFileError none.npy: ${kinds} no such file`);
    const empty = join(await temporaryFolder(), 'folder');
    await mkdir(empty);
    expect(await refusal({ inputs: empty, labels })).toBe(`DataFileError folder: ${kinds} a folder`);
    expect(await refusal({ inputs: await temporary('t.csv', Buffer.from('1,2,3\n')), labels })).toBe(
      `DataFileError t.csv: ${kinds} 6 bytes that begin with 312c322c330a`,
    );
    expect(await refusal({ inputs: await temporary('t.bin', Buffer.alloc(0)), labels })).toContain(
      '0 bytes that begin',
    );
    const archive = join(await temporaryFolder(), 'x.npz');
    await writeNpz(archive, { x: { shape: [1], data: new Float64Array(1) } });
    expect(await refusal({ inputs: archive, labels })).toContain(
      'a zip archive, such as .npz: write each of its arrays',
    );
  });

  it('when the inputs are cut, empty, not finite, or no samples', async () => {
    const whole = await readFile(file('features-fortran'));
    expect(await refusal({ inputs: await temporary('x.npy', whole.subarray(0, -4)), labels })).toBe(
      'Error x.npy: expected 48 bytes of data, found 44: the file is truncated.',
    );
    const shapes = 'samples x inputs or samples x height x width (x channels), at least one of each';
    expect(await refusal({ inputs: labels, labels })).toBe(
      `DataFileError labels.npy: expected ${shapes}, found shape (4)`,
    );
    expect(await refusal({ inputs: await array([0, 3], new Float64Array(0)), labels })).toContain('found shape (0, 3)');
    const nan = await array([4, 2], Float32Array.from([0, 1, 2, 3, 4, Number.NaN, 6, 7]));
    expect(await refusal({ inputs: nan, labels })).toBe(
      'DataFileError x.npy: expected finite inputs, found NaN, input 1 of sample 2',
    );
    expect(await refusal({ inputs, labels, format: 'cifar10' })).toContain('whole records of 3073 bytes');
    expect(await refusal({ inputs, labels, format: 'idx' })).toContain('an image file (IDX magic number');
  });

  it('when labels are no classes, too many or too few', async () => {
    expect(await refusal({ inputs, labels: file('targets') })).toBe(
      'DataFileError targets.npy: expected integer labels or one-hot rows (numbers to regress on are targets), found type f8',
    );
    expect(await refusal({ inputs, labels: file('targets-rows') })).toBe(
      'DataFileError targets-rows.npy: expected one-hot rows: a one and else zeros, found [0, 0.25] of sample 0',
    );
    expect(await refusal({ inputs, labels: await array([3], Int8Array.from([0, 1, 2])) })).toBe(
      'DataFileError x.npy: expected 4 labels, one for each sample, found shape (3)',
    );
    expect(await refusal({ inputs, labels: await array([4], Int32Array.from([0, 1, -1, 2])) })).toBe(
      'DataFileError x.npy: expected labels from 0 to 255, found label -1 of sample 2',
    );
    expect(await refusal({ inputs, labels, classes: 2 })).toBe(
      'DataFileError labels.npy: expected labels from 0 to 1, found label 2 of sample 0',
    );
    expect(await refusal({ inputs, labels: file('one-hot'), classes: 4 })).toBe(
      'DataFileError one-hot.npy: expected one-hot rows of 4 classes, found 3',
    );
    expect(await refusal({ inputs, labels: file('images-first') })).toBe(
      'DataFileError images-first.npy: expected 4 labels, one for each sample, found shape (4, 3, 5, 4)',
    );
    expect(await refusal({ inputs, labels: await temporary('l-idx', idx([5], [0, 1, 2, 3, 4])) })).toBe(
      'DataFileError l-idx: expected 4 labels, one for each sample, found shape (5)',
    );
  });

  it('when targets do not go with the inputs', async () => {
    expect(await refusal({ inputs, targets: file('images-grey') })).toBe(
      'DataFileError images-grey.npy: expected shape (4) or (4, outputs), targets for each sample, found shape (4, 5, 4)',
    );
    expect(
      await refusal({ inputs, targets: await array([4], new Float64Array(4).fill(Number.POSITIVE_INFINITY)) }),
    ).toBe('DataFileError x.npy: expected finite targets, found Infinity, target 0 of sample 0');
  });

  it('when options do not exist or do not go together', async () => {
    const cifar = await temporary(
      'c.bin',
      cifarRecords([[1]], () => 0),
    );
    expect(await refusal({ inputs })).toBe(
      'RangeError features-float16.npy: expected labels or targets beside the inputs, found neither',
    );
    expect(await refusal({ inputs: cifar, labels })).toContain(
      'a cifar10 file has its labels itself, found labels.npy too',
    );
    expect(await refusal({ inputs: cifar, classes: 3 })).toContain('cifar10 has 10 classes, found 3');
    expect(await refusal({ inputs, labels, limit: 5 })).toContain('expected at least 5 samples, the limit, found 4');
    expect(await refusal({ inputs, labels, limit: 0 })).toContain('limit must be a positive integer, found 0');
    expect(await refusal({ inputs, labels, classes: 300 })).toContain(
      'classes must be an integer from 1 to 256, found 300',
    );
    expect(await refusal({ inputs, labels, scaling: '[0,1]' })).toContain(
      'scaling [0,1] is for bytes: expected none or',
    );
    const given = (m: number[], d: number[]) => refusal({ inputs, labels, scaling: { mean: m, deviation: d } });
    expect(await given([0, 1], [1, 1])).toContain(
      'expected 1 or 3 means, one for all, each channel or each input; found 2',
    );
    expect(await given([0], [1, 1])).toContain('expected as many finite means as deviations; found [0] and [1, 1]');
    expect(await given([0], [0])).toContain('expected positive deviations, found 0');
    const unknown = (options: object) => refusal({ inputs, labels, ...options } as SampleFiles);
    expect(await unknown({ format: 'csv' })).toContain('format must be one of npy, idx, cifar10, cifar100, found csv');
    expect(await unknown({ channels: 'x' })).toContain('channels must be first or last, found x');
    expect(await unknown({ scaling: 'x' })).toContain('scaling must be one of [0,1], [-1,1], standardised');
  });
});
