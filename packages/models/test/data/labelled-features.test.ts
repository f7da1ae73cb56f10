import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type NpyData, writeNpy } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { labelledFeatures } from '../../src/data/labelled-features.js';
import { temporaryFolder } from '../support/idx-files.js';

const values = new Float32Array([0.1, -2, 3.5, 4, 5, 6]);
const ofClasses = new BigInt64Array([0n, 2n, 1n]);

async function files(
  features: { shape?: readonly number[]; data: NpyData } = { data: values },
  labels: { shape?: readonly number[]; data: NpyData } = { data: ofClasses },
) {
  const folder = await temporaryFolder();
  const paths = { features: join(folder, 'features.npy'), labels: join(folder, 'labels.npy') };
  await writeNpy(paths.features, { shape: features.shape ?? [3, 2], data: features.data });
  await writeNpy(paths.labels, { shape: labels.shape ?? [labels.data.length], data: labels.data });
  return paths;
}

const python = ['python3', '/usr/bin/python3'].find((candidate) => {
  try {
    execFileSync(candidate, ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
if (python === undefined) console.warn('No python3 with NumPy found: the features are not read as NumPy writes them.');

describe('Features of your own', () => {
  it('become inputs as they are, with as many classes as the largest label says', async () => {
    const paths = await files();
    const data = await labelledFeatures(paths);
    expect(data).toMatchObject({ name: 'features of your own', count: 3, dimension: 2, classes: 3 });
    expect([...data.inputs]).toEqual([...values]);
    expect([...data.labels]).toEqual([0, 2, 1]);
    const bytes = Buffer.concat([await readFile(paths.features), await readFile(paths.labels)]);
    expect(data.checksum).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('have labels of any integer type', async () => {
    for (const type of [Int8Array, Int16Array, Int32Array, Uint8Array, Uint16Array, Uint32Array]) {
      const { labels } = await labelledFeatures(await files(undefined, { data: new type([0, 2, 1]) }));
      expect([...labels], type.name).toEqual([0, 2, 1]);
    }
  });

  it.skipIf(python === undefined)('are read as NumPy writes them', async () => {
    const folder = await temporaryFolder();
    const script = `import numpy as np
np.save('features.npy', np.asfortranarray(np.arange(12).reshape(4, 3) / 8))
for t in ('int64', 'int32', 'uint8', '>i2'):
  np.save(f'labels-{t}.npy', np.array([3, 0, 1, 2]).astype(t))`;
    execFileSync(python!, ['-c', script], { cwd: folder });
    for (const type of ['int64', 'int32', 'uint8', '>i2']) {
      const data = await labelledFeatures({
        features: join(folder, 'features.npy'),
        labels: join(folder, `labels-${type}.npy`),
      });
      expect([...data.inputs]).toEqual(Array.from({ length: 12 }, (_, i) => i / 8));
      expect([...data.labels], type).toEqual([3, 0, 1, 2]);
      expect(data.classes).toBe(4);
    }
  });

  const wrong = async (given: Promise<{ features: string; labels: string }>) =>
    labelledFeatures(await given).then(
      () => 'nothing thrown',
      ({ name, message }: Error) => `${name} ${message.replace(/\S*\/(?=\w+\.npy)/g, '')}`,
    );

  it('are refused when their shapes are others, or do not go together', async () => {
    expect(await wrong(files({ shape: [6], data: values }))).toBe(
      'DataFileError features.npy: expected samples x features, at least one of each, found shape (6)',
    );
    expect(await wrong(files({ shape: [0, 2], data: new Float32Array(0) }))).toContain('found shape (0, 2)');
    expect(await wrong(files({ shape: [2, 3], data: values }))).toBe(
      'DataFileError labels.npy: expected shape (2), a label for each sample of features.npy, found shape (3)',
    );
    expect(await wrong(files(undefined, { shape: [3, 1], data: ofClasses }))).toContain('found shape (3, 1)');
  });

  it('are refused when a feature is not finite, or the types are others', async () => {
    expect(await wrong(files({ data: values.with(3, Number.NaN) }))).toBe(
      'DataFileError features.npy: expected finite features, found NaN, feature 1 of sample 1',
    );
    expect(await wrong(files({ data: new Int16Array(6) }))).toContain('type float64 or float32, found type Int16');
    expect(await wrong(files(undefined, { data: new Float64Array([0, 1, 2]) }))).toBe(
      'DataFileError labels.npy: expected integer labels, found type Float64',
    );
  });

  it('are refused when labels are negative, too large, or all the same', async () => {
    expect(await wrong(files(undefined, { data: new Int32Array([0, 1, -1]) }))).toBe(
      'DataFileError labels.npy: expected labels from 0 to 255, found label -1 of sample 2',
    );
    // Beyond what float64 holds, and so never rounded to a class.
    expect(await wrong(files(undefined, { data: new BigInt64Array([0n, 2n ** 62n, 1n]) }))).toContain(
      'found label 4611686018427387904 of sample 1',
    );
    expect(await wrong(files(undefined, { data: new Uint8Array([4, 4, 4]) }))).toBe(
      'DataFileError labels.npy: expected at least two classes, found label 4 for every sample',
    );
  });

  it('are refused when a file is missing or no .npy file', async () => {
    const { features, labels } = await files();
    expect(await wrong(Promise.resolve({ features, labels: `${labels}-none.npy` }))).toContain(
      'expected a .npy file, found no such file',
    );
    await writeFile(labels, 'label\n0\n2\n1\n');
    expect(await wrong(Promise.resolve({ features, labels }))).toContain(
      'labels.npy: expected a .npy file, which begins with the bytes 934e554d5059; found',
    );
    await writeNpy(labels, { shape: [3], data: ofClasses });
    await writeFile(features, (await readFile(features)).subarray(0, 140));
    expect(await wrong(Promise.resolve({ features, labels }))).toContain('the file is truncated');
  });
});
