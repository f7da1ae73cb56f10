import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { lanczosFiles } from '@hessian-rmt/curvature';
import {
  type Activation,
  gaussianClusters,
  initialWeights,
  loadCheckpoint,
  mlp,
  readDenseNetwork,
  readSamples,
  saveCheckpoint,
  train,
} from '@hessian-rmt/models';
import {
  linearAlgebra,
  type NpyArray,
  randomStream,
  readNpy,
  readNpz,
  writeNpy,
  writeNpz,
} from '@hessian-rmt/numerics';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { temporaryFolder } from '../test/temporary.js';
import { runCampaign } from './campaign.js';
import { damaged, restructured, reworded } from './mutations.js';

// Cheap, and some damage is rare: four bytes of a zip archive's end that name more than there is.
const inputs = { long: 1000, short: 25 };
const draws = randomStream(1, 'mutated inputs');

/** An IDX file of unsigned bytes. */
function idx(sizes: readonly number[], entries: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(0x0800 + sizes.length);
  sizes.forEach((size, i) => {
    header.writeUInt32BE(size, 4 + 4 * i);
  });
  return Buffer.concat([header, entries]);
}

/** What an IDX file says, read in the plainest way; undefined for what is none. */
function plainIdx(bytes: Buffer, dimensions: number): { sizes: number[]; entries: Buffer } | undefined {
  if (bytes.length < 4 + 4 * dimensions || bytes.readUInt32BE(0) !== 0x0800 + dimensions) return undefined;
  const sizes = Array.from({ length: dimensions }, (_, i) => bytes.readUInt32BE(4 + 4 * i));
  const entries = bytes.subarray(4 + 4 * dimensions);
  return entries.length === sizes.reduce((product, size) => product * size, 1) ? { sizes, entries } : undefined;
}

function unpacked(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

const bytesOf = (count: number, below = 256) => Uint8Array.from({ length: count }, () => draws.integer(below));

describe('mutated data files end in an error that says what and where, or in a correct read', () => {
  const images = idx([6, 4, 3], bytesOf(72));
  const labels = idx([6], bytesOf(6, 4));

  test.each([
    ['IDX', images],
    ['IDX, gzip', gzipSync(images)],
  ])('%s', async (kind, valid) => {
    const folder = temporaryFolder();
    const [inputFile, labelFile] = ['images', 'labels'].map((name) => join(folder, name));
    writeFileSync(labelFile, labels);
    await runCampaign({
      kind,
      mutations: damaged(valid),
      inputs,
      names: [inputFile],
      async read({ bytes }) {
        writeFileSync(inputFile, bytes);
        const data = await readSamples({ inputs: inputFile, labels: labelFile, format: 'idx' });
        const plain = plainIdx(unpacked(bytes), 3);
        if (plain === undefined) return `${data.count} samples of what is no IDX file`;
        const isRight = [...data.inputs].every((value, i) => value === plain.entries[i] / 255);
        return isRight && data.inputs.length === plain.entries.length ? undefined : 'other pixels than in the file';
      },
    });
  });

  test('IDX labels', async () => {
    const folder = temporaryFolder();
    const [inputFile, labelFile] = ['images', 'labels'].map((name) => join(folder, name));
    writeFileSync(inputFile, images);
    await runCampaign({
      kind: 'IDX labels',
      mutations: damaged(labels),
      inputs,
      names: [labelFile],
      async read({ bytes }) {
        writeFileSync(labelFile, bytes);
        const data = await readSamples({ inputs: inputFile, labels: labelFile });
        const plain = plainIdx(unpacked(bytes), 1);
        if (plain === undefined) return `${data.count} labels of what is no IDX file`;
        return plain.entries.equals(data.labels) ? undefined : 'other labels than in the file';
      },
    });
  });

  test('CIFAR', async () => {
    const file = join(temporaryFolder(), 'data_batch_1.bin');
    const recordBytes = 3073;
    const valid = bytesOf(3 * recordBytes);
    for (let n = 0; n < 3; n++) valid[n * recordBytes] = n;
    await runCampaign({
      kind: 'CIFAR',
      mutations: damaged(valid),
      inputs,
      names: [file],
      async read({ bytes }) {
        writeFileSync(file, bytes);
        const data = await readSamples({ inputs: file, format: 'cifar10', scaling: 'none' });
        if (data.count * recordBytes !== bytes.length) return `${data.count} records of ${bytes.length} bytes`;
        for (let n = 0; n < data.count; n++) {
          const start = n * recordBytes;
          if (data.labels[n] !== bytes[start] || bytes[start] > 9) return `label ${data.labels[n]} of record ${n}`;
          for (let p = 0; p < 1024; p++) {
            for (let c = 0; c < 3; c++) {
              const pixel = data.inputs[n * 3072 + 3 * p + c];
              if (pixel !== bytes[start + 1 + 1024 * c + p]) return `pixel ${p}, colour ${c} of record ${n}`;
            }
          }
        }
        return undefined;
      },
    });
  });
});

/** A .npy file read in the plainest way: only what NumPy itself writes; undefined for all else. */
function plainNpy(bytes: Buffer): { shape: number[]; values: number[] } | undefined {
  const header =
    /^(..)\{'descr': '([<>]f8|[<>]f4|[<>]i4|\|u1)', 'fortran_order': (False|True), 'shape': \(((?:\d+(?:, \d+)*)?),?\), \} *\n/s;
  if (bytes.toString('latin1', 0, 8) !== '\u0093NUMPY\u0001\u0000') return undefined;
  const found = header.exec(bytes.toString('latin1', 8));
  if (found === null) return undefined;
  const [text, length, type, order, dimensions] = found;
  if (Buffer.from(length, 'latin1').readUInt16LE() !== text.length - 2) return undefined;
  const shape = dimensions === '' ? [] : dimensions.split(', ').map(Number);
  const item = Number(type[2]);
  const data = bytes.subarray(8 + text.length);
  if (data.length !== shape.reduce((product, size) => product * size, item)) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const isLittle = type[0] === '<';
  const at = (i: number) =>
    type[1] === 'u'
      ? view.getUint8(i)
      : type[1] === 'i'
        ? view.getInt32(4 * i, isLittle)
        : item === 8
          ? view.getFloat64(8 * i, isLittle)
          : view.getFloat32(4 * i, isLittle);
  const values = Array.from({ length: data.length / item }, (_, i) => at(i));
  if (order === 'False' || shape.length < 2) return { shape, values };
  return shape.length === 2
    ? { shape, values: values.map((_, i) => values[(i % shape[1]) * shape[0] + Math.floor(i / shape[1])]) }
    : undefined;
}

const sameNumbers = (a: ArrayLike<number | bigint>, b: ArrayLike<number | bigint>) =>
  a.length === b.length && Array.from(a, Number).every((value, i) => Object.is(value, Number(b[i])));

describe('mutated arrays and weights end in an error that says what and where, or in a correct read', () => {
  test('.npy', async () => {
    const file = join(temporaryFolder(), 'x.npy');
    const array: NpyArray = { shape: [6, 4], data: draws.normals(24) };
    await writeNpy(file, array);
    const valid = readFileSync(file);
    const header = valid.subarray(0, valid.indexOf('\n') + 1).toString('latin1');
    const inHeader = reworded(header.slice(10)).map(({ name, bytes }) => ({
      name,
      bytes: Buffer.concat([valid.subarray(0, 10), bytes, valid.subarray(header.length)]),
    }));
    await runCampaign({
      kind: '.npy',
      mutations: fc.oneof(damaged(valid), inHeader),
      inputs,
      names: [file],
      async read({ bytes }) {
        writeFileSync(file, bytes);
        const { shape, data } = await readNpy(file);
        const plain = plainNpy(bytes) ?? { shape: array.shape, values: array.data as Float64Array };
        return shape.join() === plain.shape.join() && sameNumbers(data, plain.values)
          ? undefined
          : `shape (${shape}) and ${data.constructor.name}, neither what the file says nor what it said before`;
      },
    });
  });

  const tensors = {
    'fc1.weight': { shape: [5, 6], data: Float32Array.from(draws.normals(30)) },
    'fc1.bias': { shape: [5], data: Float32Array.from(draws.normals(5)) },
    'fc2.weight': { shape: [3, 5], data: Float32Array.from(draws.normals(15)) },
    'fc2.bias': { shape: [3], data: Float32Array.from(draws.normals(3)) },
  };

  test('.npz, array by array', async () => {
    const file = join(temporaryFolder(), 'x.npz');
    await writeNpz(file, tensors);
    const valid = readFileSync(file);
    const directory = valid.indexOf('PK\x01\x02', 0, 'latin1');
    const inDirectory = damaged(valid.subarray(directory)).map(({ name, bytes }) => ({
      name: `directory: ${name}`,
      bytes: Buffer.concat([valid.subarray(0, directory), bytes]),
    }));
    const originals = Object.values(tensors);
    await runCampaign({
      kind: '.npz',
      mutations: fc.oneof(damaged(valid), inDirectory),
      inputs,
      names: [file],
      async read({ bytes }) {
        writeFileSync(file, bytes);
        const arrays = Object.entries(await readNpz(file));
        if (arrays.length !== originals.length) return `${arrays.length} arrays of ${originals.length}`;
        const strange = arrays.find(
          ([, { shape, data }]) =>
            !originals.some((one) => one.shape.join() === shape.join() && sameNumbers(one.data, data)),
        );
        return strange && `an array ${strange[0]} that was not written`;
      },
    });
  });

  test('.npz, a network', async () => {
    const file = join(temporaryFolder(), 'model.npz');
    await writeNpz(file, tensors);
    const valid = readFileSync(file);
    const { weights } = await readDenseNetwork(file);
    const directory = valid.indexOf('PK\x01\x02', 0, 'latin1');
    const inDirectory = damaged(valid.subarray(directory)).map(({ name, bytes }) => ({
      name: `directory: ${name}`,
      bytes: Buffer.concat([valid.subarray(0, directory), bytes]),
    }));
    await runCampaign({
      kind: '.npz of a network',
      mutations: fc.oneof(damaged(valid), inDirectory),
      inputs,
      names: [file],
      async read({ bytes }) {
        writeFileSync(file, bytes);
        const read = await readDenseNetwork(file);
        return sameNumbers(read.weights, weights) ? undefined : 'other weights than those written';
      },
    });
  });

  test('.safetensors', async () => {
    const file = join(temporaryFolder(), 'model.safetensors');
    const entries: Record<string, object> = { __metadata__: { format: 'pt' } };
    let offset = 0;
    for (const [name, { shape, data }] of Object.entries(tensors)) {
      entries[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
      offset += data.byteLength;
    }
    const payload = Buffer.concat(Object.values(tensors).map(({ data }) => Buffer.from(data.buffer)));
    const withHeader = (header: Uint8Array) => {
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(header.length));
      return Buffer.concat([length, header, payload]);
    };
    const header = JSON.stringify(entries);
    const inHeader = fc
      .oneof(reworded(header), restructured(header))
      .map(({ name, bytes }) => ({ name: `header: ${name}`, bytes: withHeader(bytes) }));
    await runCampaign({
      kind: '.safetensors',
      mutations: fc.oneof(damaged(withHeader(Buffer.from(header))), inHeader),
      inputs,
      names: [file],
      async read({ bytes }) {
        writeFileSync(file, bytes);
        const { weights, layers } = await readDenseNetwork(file);
        const end = 8 + Number(bytes.readBigUInt64LE());
        const found = JSON.parse(bytes.toString('utf8', 8, end)) as Record<
          string,
          { data_offsets: number[]; dtype: string }
        >;
        const valuesOf = (name: string) => {
          const {
            data_offsets: [from, to],
            dtype,
          } = found[name];
          if (dtype !== 'F32') throw new Error(`a type ${dtype} that this test does not know`);
          return Array.from({ length: (to - from) / 4 }, (_, i) => bytes.readFloatLE(end + from + 4 * i));
        };
        const expected = layers.flatMap(({ kernel, bias, shape: [outputs, width] }) => {
          const [w, b] = [valuesOf(kernel), bias === null ? [] : valuesOf(bias)];
          return Array.from({ length: outputs }, (_, i) => [
            ...w.slice(i * width, (i + 1) * width),
            ...b.slice(i, i + 1),
          ]).flat();
        });
        return sameNumbers(weights, expected) ? undefined : 'other weights than in the file';
      },
    });
  });
});

describe('mutated checkpoints end in an error that says what and where, or in what was saved', () => {
  const network = mlp([4, 5, 3], { activation: 'tanh' as Activation });
  let folder: string;
  let saved: Awaited<ReturnType<typeof loadCheckpoint>>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hessian-rmt-checkpoints-'));
    const data = gaussianClusters(
      { count: 3, samples: 30, dimension: 4, covariance: 1, centreScale: 1 },
      randomStream(1, 'data'),
    );
    const start = initialWeights(network, randomStream(1, 'weights'));
    const training = await train(
      network,
      start,
      data,
      { algorithm: 'gd', rate: 0.1, steps: 5, momentum: 0.5 },
      randomStream(1, 'training'),
      { linearAlgebra: await linearAlgebra({ threads: 1 }) },
    );
    await saveCheckpoint(join(folder, 'valid.npz'), training as never);
    saved = await loadCheckpoint(join(folder, 'valid.npz'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('of a training', async () => {
    const valid = readFileSync(join(folder, 'valid.npz'));
    const file = join(folder, 'training.npz');
    const { description, ...arrays } = await readNpz(join(folder, 'valid.npz'));
    const text = Buffer.from(description.data as Uint8Array).toString();
    const mutated = fc.oneof(
      damaged(valid).map((mutation) => ({ ...mutation, text })),
      fc
        .oneof(restructured(text), reworded(text))
        .map((mutation) => ({ ...mutation, text: mutation.bytes.toString() })),
    );
    await runCampaign({
      kind: 'checkpoints of a training',
      mutations: mutated,
      inputs,
      names: [file],
      async read(input) {
        const own = (input as unknown as { text: string }).text;
        if (own === text) writeFileSync(file, input.bytes);
        else {
          const changed = Buffer.from(own);
          await writeNpz(file, { description: { shape: [changed.length], data: new Uint8Array(changed) }, ...arrays });
        }
        const read = await loadCheckpoint(file, network);
        const isSame = sameNumbers(read.weights, saved.weights) && sameNumbers(read.velocity, saved.velocity);
        if (!isSame) return 'other weights than those saved';
        return own !== text || JSON.stringify(read) === JSON.stringify(saved) ? undefined : 'another training';
      },
    });
  });

  test('of a Lanczos process', async () => {
    const valid = lanczosFiles(join(folder, 'lanczos'), 'matrix 1');
    const done = { size: 6, alpha: [1, 2], beta: [0.5, 0.25], asymmetry: [0, 1e-17] };
    for (const steps of [0, 1, 2]) {
      const upTo = (list: readonly number[]) => list.slice(0, steps);
      const { size, alpha, beta, asymmetry } = done;
      await valid.save({ size, alpha: upTo(alpha), beta: upTo(beta), asymmetry: upTo(asymmetry) }, draws.normals(6));
    }
    const names = ['recurrence.npz', 'vector-0001.npz'].map((name) => join(folder, 'lanczos', name));
    const contents = names.map((name) => readFileSync(name));
    const vector = await valid.loadVector(1);
    await runCampaign({
      kind: 'checkpoints of Lanczos',
      mutations: fc.oneof(
        ...contents.map((content, i) => damaged(content).map((one) => ({ ...one, name: `${i}: ${one.name}` }))),
      ),
      inputs,
      names,
      async read({ name, bytes }) {
        const which = Number(name[0]);
        contents.forEach((content, i) => {
          writeFileSync(names[i], i === which ? bytes : content);
        });
        const recurrence = await valid.load();
        const read = await valid.loadVector(1);
        return JSON.stringify(recurrence) === JSON.stringify(done) && sameNumbers(read, vector)
          ? undefined
          : 'another process';
      },
    });
  });
});
