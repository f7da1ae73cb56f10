import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linearAlgebra, randomStream, writeNpy } from '@hessian-rmt/numerics';
import { computeUnit, type Unit, type UnitKind, type UnitResult } from '@hessian-rmt/replication';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { batchSpectra, deflatedLevels } from '../src/batch-spectra.js';
import { embeddedSamples } from '../src/embedding.js';
import {
  availableEmbeddingImages,
  availableFeatures,
  type Features,
  trainedFeatures,
} from '../src/features-available.js';
import { figure3 } from '../src/figure-3.js';
import { claimsOf } from '../src/figure-3-claims.js';
import { embeddingSize, measure, type Settings, unitsFor } from '../src/figure-3-measure.js';
import { fullSpectra } from '../src/full-spectra.js';
import { goeProcedure } from '../src/goe-procedure.js';
import { networkOf } from '../src/networks.js';
import { type EmbeddingSource, type FileSource, samplesOf } from '../src/samples.js';
import { trainedEmbedding } from '../src/trained-embedding.js';
import { trainedNetwork } from '../src/trained-network.js';
import { wholeSetSpectrum } from '../src/whole-set-spectrum.js';

// Three classes around centres of their own, 5 features: P = 3 x 6 = 18.
const samples = 1152;
const dimension = 5;
const classes = 3;

let directory: string;
let features: Features;

async function bring(folder: string, count: number): Promise<void> {
  const random = randomStream(1, 'features');
  const centres = random.normals(classes * dimension);
  const labels = new BigInt64Array(count);
  const inputs = new Float32Array(count * dimension);
  const noise = random.stream('noise').normals(count * dimension);
  for (let n = 0; n < count; n++) {
    labels[n] = BigInt(n % classes);
    for (let i = 0; i < dimension; i++) {
      inputs[n * dimension + i] = centres[(n % classes) * dimension + i] + noise[n * dimension + i];
    }
  }
  await mkdir(join(folder, 'embedding'), { recursive: true });
  await writeNpy(join(folder, 'embedding', 'features.npy'), { shape: [count, dimension], data: inputs });
  await writeNpy(join(folder, 'embedding', 'labels.npy'), { shape: [count], data: labels });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'figure-3-test-'));
  vi.stubEnv('HESSIAN_RMT_DATA', directory);
  await bring(directory, samples);
  features = (await availableFeatures())!;
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

const settings: Settings = {
  embedding: { training: 320, testing: 192, epochs: 1 },
  width: 2,
  epochs: 2,
  full: 3,
  deflated: 3,
  wholeSetInFloat32: true,
  draws: 3,
};

const kinds: readonly UnitKind[] = [
  trainedEmbedding,
  trainedNetwork,
  batchSpectra,
  fullSpectra,
  wholeSetSpectrum,
  goeProcedure,
];
const done = new Map<string, UnitResult>();

async function compute(unit: Unit): Promise<UnitResult> {
  const key = JSON.stringify(unit);
  const found = done.get(key);
  if (found) return found;
  const algebra = await linearAlgebra({ threads: 1 });
  const kind = kinds.find(({ name }) => name === unit.kind)!;
  const result = await computeUnit(kind, unit, { seed: 1, linearAlgebra: algebra, of: compute });
  done.set(key, result);
  return result;
}

async function measured(given: Settings) {
  for (const unit of Object.values(unitsFor(given, features)).flat()) await compute(unit);
  return measure({ of: (unit) => done.get(JSON.stringify(unit))! }, given, features);
}

describe('The features that a user brings', () => {
  it('are split into training samples and a last sixth for testing, in file order', async () => {
    expect(features).toMatchObject({ samples, inputs: dimension, classes, testing: 192 });
    const [train, test] = await Promise.all([embeddedSamples('train'), embeddedSamples('test')]);
    expect([train.count, test.count]).toEqual([960, 192]);
    expect([...test.labels.subarray(0, 4)]).toEqual([0, 1, 2, 0]);
    expect(test.inputs.length).toBe(192 * dimension);
  });

  it('are those of the checksum, or none', async () => {
    const source = features.source as FileSource;
    await expect(samplesOf({ source: { ...source, test: 'abc' }, inputs: dimension }, 'test')).rejects.toThrow(
      'expected embedding features (test) with the SHA-256 abc, found',
    );
  });

  it('give the network its inputs and classes', () => {
    expect(networkOf('softmax regression', dimension, features.classes).widths).toEqual([5, 3]);
    expect(networkOf('MLP 10-100', 784).widths).toEqual([784, 10, 100, 10]);
  });

  it('are none where neither file is, and wrong where there are too few', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'figure-3-test-'));
    expect(await availableFeatures(folder)).toBeUndefined();
    await bring(folder, samples - 1);
    await expect(availableFeatures(folder)).rejects.toThrow(
      'expected at least 1152 samples, found 1151, of which the last sixth, 191, are for testing',
    );
    await rm(join(folder, 'embedding', 'labels.npy'));
    await expect(availableFeatures(folder)).rejects.toThrow('labels.npy: expected a .npy file, found no such file');
    await rm(folder, { recursive: true });
  });
});

describe('Figure 3', () => {
  it('has the levels that structure leaves: all but the shift of the logits', async () => {
    // 64 samples span the 6 directions of inputs and bias; of 3 logits 2 are free.
    const { deflatedSpacings, deflatedRatios } = await measured(settings);
    expect(deflatedSpacings.spectra.map(({ length }) => length)).toEqual([12, 12, 12]);
    expect(deflatedRatios.spectra.map(({ length }) => length)).toEqual([12]);
    expect(deflatedSpacings.goe).toHaveLength(3);
  });

  it('has the same levels of the whole test set, deflated alone and beside the full matrix, but for the sum over samples', async () => {
    const alone = await compute(unitsFor({ ...settings, wholeSetInFloat32: false }, features).wholeSet);
    const beside = await compute(unitsFor(settings, features).wholeSet);
    const [mean, sum] = [alone, beside].map((result) => deflatedLevels(result)[0]);
    sum.forEach((value, i) => {
      expect(value / features.testing).toBeCloseTo(mean[i], 12);
    });
    const float32 = [...beside.arrays.float32.data].slice(-sum.length);
    sum.forEach((value, i) => {
      expect(Math.abs(float32[i] - value)).toBeLessThan(32 * 2 ** -23 * sum[sum.length - 1]);
    });
  });

  it('judges the published procedure and the deflated levels, and leaves the whole matrix to the profile paper', async () => {
    const all = claimsOf(await measured(settings), 'small');
    const ids = all.map(({ id }) => id);
    const without = claimsOf(await measured({ ...settings, wholeSetInFloat32: false }), 'small');
    expect(without.map(({ id }) => id)).toEqual(ids);
    expect(without.filter(({ judgedAt }) => judgedAt === 'not-run').map(({ id }) => id)).toContain('B7.ratios');
    expect(all.find(({ id }) => id === 'B7.ratios')!.judgedAt).toBe('direction');
  });
});

describe('The images of a network that makes features', () => {
  it('are CIFAR-10 where it is, and wrong where its test images are too few for three batches', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'figure-3-test-'));
    const bytes = (count: number) => new Uint8Array(count * 3073).map((_, i) => (i % 3073 === 0 ? 0 : i % 251));
    await mkdir(join(folder, 'cifar10'));
    await writeFile(join(folder, 'cifar10', 'data_batch_1.bin'), bytes(20));
    await writeFile(join(folder, 'cifar10', 'test_batch.bin'), bytes(192));
    expect(await availableEmbeddingImages(folder)).toMatchObject({
      images: { dataset: 'cifar10', channels: 3 },
      imageSide: 32,
      training: 20,
      testing: 192,
    });
    await writeFile(join(folder, 'cifar10', 'test_batch.bin'), bytes(191));
    await expect(availableEmbeddingImages(folder)).rejects.toThrow('expected at least 192 images, found 191');
    await rm(folder, { recursive: true });
  });

  it('are otherwise a stand-in that says so', async () => {
    const { images, name } = await availableEmbeddingImages(directory);
    expect(images.dataset).not.toBe('cifar10');
    expect(name).toMatch(/stand-in for CIFAR-10/);
  });
});

describe('Features of a network trained here', () => {
  const size = embeddingSize(settings);

  it('come from as many channels as the width, then twice as many: 512 features at the published size', () => {
    expect(embeddingSize({ ...settings, width: 20 })).toMatchObject({ training: 320, channels: [20, 40] });
    const { laptop, paper } = figure3.profiles as Readonly<Record<string, Settings>>;
    for (const profile of [laptop, paper]) expect(embeddingSize(profile).channels).toEqual([16, 32]);
    expect(() => embeddingSize({ ...settings, width: 0 })).toThrow('width: expected at least 1 channel, found 0');
  });

  async function imagesInFeatures() {
    const { images, imageSide, name } = await availableEmbeddingImages(directory);
    return trainedFeatures({ images, imageSide, name, training: 8000, testing: 2000 }, size);
  }

  it('go through every kind of unit of the figure', async () => {
    const found = await imagesInFeatures();
    expect(found.inputs).toBe(4 * 4 * 4);
    for (const unit of Object.values(unitsFor(settings, found)).flat()) await compute(unit);
    const results = { of: (unit: Unit) => done.get(JSON.stringify(unit))! };
    const { deflatedSpacings, spacings } = measure(results, settings, found);
    expect(spacings.spectra).toHaveLength(3);
    expect(deflatedSpacings.spectra.every(({ length }) => length > 0 && length <= 9 * 64)).toBe(true);
  });

  it('are what the last layer of the trained network sees: its outputs come back from them', async () => {
    const found = await imagesInFeatures();
    const { embedding } = found.source as EmbeddingSource;
    const unit = trainedEmbedding.unit(embedding, { repetition: 0, threads: 1 });
    const { arrays, numbers } = await compute(unit);
    const { shape, data } = arrays['test-features'];
    expect(shape).toEqual([192, 64]);
    // Behind ReLU.
    expect(Math.min(...data)).toBe(0);
    const matrix = arrays['last-layer'].data as Float64Array;
    let correct = 0;
    for (let n = 0; n < 192; n++) {
      const outputs = Array.from({ length: 10 }, (_, k) => {
        let sum = matrix[k * 65 + 64];
        for (let i = 0; i < 64; i++) sum += matrix[k * 65 + i] * data[n * 64 + i];
        return sum;
      });
      if (outputs.indexOf(Math.max(...outputs)) === arrays['test-labels'].data[n]) correct++;
    }
    expect(Math.abs(correct / 192 - (numbers.accuracy as number))).toBeLessThan(1.5 / 192);
  });
});
