import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type NpyArray, writeNpz } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { type DenseNetworkFileOptions, parameterCount, readDenseNetwork } from '../../src/index.js';
import { temporaryFolder } from '../support/idx-files.js';
import { naiveOutputs, relativeError } from '../support/naive-network.js';

/** Written by weight_files.py there (PyTorch 1.13, NumPy 1.24). */
const folder = join(import.meta.dirname, '../fixtures/weight-files');
const reference: { inputs: number[][]; outputs: Record<string, number[][]> } = JSON.parse(
  await readFile(join(folder, 'outputs.json'), 'utf8'),
);

async function outputsOf(path: string, options: DenseNetworkFileOptions): Promise<number[]> {
  const { network, weights } = await readDenseNetwork(path, options);
  return reference.inputs.flatMap((inputs) => naiveOutputs(network, weights, inputs));
}

const tanh = { activation: 'tanh' } as const;
const matrix = (rows: number, columns: number, start = 0): NpyArray => ({
  shape: [rows, columns],
  data: Float64Array.from({ length: rows * columns }, (_, i) => Math.sin(1 + start + i)),
});
const vector = (length: number): NpyArray => ({ shape: [length], data: new Float64Array(length).fill(0.5) });

/** A file of these arrays. */
async function npz(arrays: Readonly<Record<string, NpyArray>>): Promise<string> {
  const path = join(await temporaryFolder(), 'w.npz');
  await writeNpz(path, arrays);
  return path;
}

/** The error of a file, without its folder. */
const refusal = (path: string, options?: DenseNetworkFileOptions) =>
  readDenseNetwork(path, options).then(
    ({ layers }) => `nothing thrown: ${layers.map(({ kernel }) => kernel).join(', ')}`,
    ({ name, message }: Error) => `${name} ${message.replace(/\S*\/(?=[^\s/]+\.(npz|safetensors|h5|pt)\b)/g, '')}`,
  );

describe('A dense network from a file has the outputs it had', () => {
  it.each([
    ['in PyTorch, as .npz', 'sequential.npz', tanh],
    ['in PyTorch, as .safetensors, whose tensors are sorted', 'module.safetensors', {}],
    ['with more than ten square layers of one width, without biases', 'many-layers.safetensors', tanh],
    ['in float16', 'float16.safetensors', tanh],
    ['in float16, as compressed .npz', 'float16.npz', tanh],
    ['in bfloat16', 'bfloat16.safetensors', tanh],
  ])('%s', async (_, file, options) => {
    const outputs = await outputsOf(join(folder, file), options);
    expect(relativeError(outputs, reference.outputs[file].flat())).toBeLessThan(1e-12);
  });

  it.each(['keras-2.npz', 'keras-3.npz', 'keras-path.npz', 'unnamed.npz', 'numpy.npz'])(
    'under the names of %s, with kernels of inputs x outputs',
    async (file) => {
      const outputs = await outputsOf(join(folder, file), tanh);
      expect(relativeError(outputs, reference.outputs.keras.flat())).toBeLessThan(1e-12);
      expect((await readDenseNetwork(join(folder, file))).layout).toBe('keras');
    },
  );

  it('when two orders are possible and the file has the one it was written in, or the caller gives it', async () => {
    const expected = reference.outputs.autoencoder.flat();
    const written = await outputsOf(join(folder, 'autoencoder.npz'), tanh);
    expect(relativeError(written, expected)).toBeLessThan(1e-12);
    const sorted = join(folder, 'autoencoder.safetensors');
    expect(await refusal(sorted)).toBe(
      'DataFileError autoencoder.safetensors: expected names or shapes that tell the order of the layers, ' +
        'found decoder, encoder: give the layers in their order',
    );
    const given = await outputsOf(sorted, { ...tanh, layers: ['encoder', 'decoder.weight'] });
    expect(relativeError(given, expected)).toBeLessThan(1e-12);
  });
});

describe('A dense network from a file', () => {
  it('says what it is, where its tensors stand, and the sum of the file', async () => {
    const path = join(folder, 'module.safetensors');
    const file = await readDenseNetwork(path, { loss: 'squared-error' });
    expect(file).toMatchObject({
      network: { kind: 'dense', widths: [6, 4, 4, 3], activation: 'relu', loss: 'squared-error', bias: true },
      layout: 'torch',
      layers: [
        { kernel: 'fc1.weight', bias: 'fc1.bias', shape: [4, 6] },
        { kernel: 'fc2.weight', bias: 'fc2.bias', shape: [4, 4] },
        { kernel: 'head.weight', bias: 'head.bias', shape: [3, 4] },
      ],
      checksum: createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    });
    expect(file.weights.length).toBe(parameterCount(file.network));
    const { network, layers } = await readDenseNetwork(join(folder, 'many-layers.safetensors'));
    expect(network.bias).toBe(false);
    expect(layers.map(({ kernel }) => kernel)).toEqual([0, 2, 4, 6, 8, 10, 12].map((i) => `${i}.weight`));
  });

  it('takes the layers that are named and leaves the other tensors of the file aside', async () => {
    const { network, layers } = await readDenseNetwork(join(folder, 'convolutional.npz'), { layers: ['3'] });
    expect(network.widths).toEqual([8, 3]);
    expect(layers).toEqual([{ kernel: '3.weight', bias: '3.bias', shape: [3, 8] }]);
  });

  it('takes the layout that it is told where nothing else tells it', async () => {
    const square = { W1: matrix(3, 3), W2: matrix(3, 3, 9) };
    const path = await npz(square);
    expect(await refusal(path)).toBe(
      'DataFileError w.npz: expected names or shapes that tell outputs from inputs, found "W1" of shape (3, 3), "W2" ' +
        'of shape (3, 3), which fit as outputs x inputs (layout torch) and as inputs x outputs (layout keras): give the layout',
    );
    const torch = await readDenseNetwork(path, { layout: 'torch' });
    expect([...torch.weights]).toEqual([...(square.W1.data as Float64Array), ...(square.W2.data as Float64Array)]);
    const keras = await readDenseNetwork(path, { layout: 'keras' });
    expect([...keras.weights.slice(0, 3)]).toEqual([0, 3, 6].map((i) => square.W1.data[i]));
  });

  it('is the one of its numbers even where another order chains', async () => {
    const path = await npz({ 'fc2.weight': matrix(4, 4), 'fc10.weight': matrix(4, 4), 'fc1.weight': matrix(4, 4) });
    const { layers } = await readDenseNetwork(path);
    expect(layers.map(({ kernel }) => kernel)).toEqual(['fc1.weight', 'fc2.weight', 'fc10.weight']);
  });

  it('can be a single layer under any name, or under none', async () => {
    for (const [kernel, bias] of [
      ['weight', 'bias'],
      ['coef', 'intercept'],
      ['layer1_W', 'layer1_b'],
      ['params.Dense_0.kernel', 'params.Dense_0.bias'],
      ['arr_0', 'arr_1'],
    ]) {
      const rows = kernel.endsWith('kernel') ? 5 : 2;
      const { network, layers } = await readDenseNetwork(
        await npz({ [kernel]: matrix(rows, 7 - rows), [bias]: vector(2) }),
      );
      expect(network.widths, kernel).toEqual([5, 2]);
      expect(layers).toEqual([{ kernel, bias, shape: [2, 5] }]);
    }
  });
});

describe('What is no dense network, or not told to be one, is refused by name', () => {
  const elsewhere = 'a network of another kind, as with convolution or normalisation, plugs in as an operator';

  it.each([
    [
      'a convolution',
      { '0.weight': { shape: [2, 1, 3, 3], data: new Float32Array(18) }, '0.bias': vector(2) },
      `a matrix of weights, at least 1 x 1, for each dense layer (${elsewhere}), found "0.weight" of shape (2, 1, 3, 3)`,
    ],
    [
      'batch normalisation',
      { '0.weight': matrix(3, 2), '0.bias': vector(3), '1.running_mean': vector(3) },
      `kernels and biases of dense layers only (${elsewhere}), found "1.running_mean" of shape (3)`,
    ],
    [
      'layers that do not follow one another',
      { 'fc1.weight': matrix(4, 6), 'fc2.weight': matrix(3, 5) },
      'a layer of 4 inputs after "fc1.weight" of shape (4, 6), found "fc2.weight" of shape (3, 5) ' +
        '(layout torch: kernels are outputs x inputs; the other layout is keras)',
    ],
    [
      'biases in some layers only',
      { 'fc1.weight': matrix(4, 6), 'fc1.bias': vector(4), 'fc2.weight': matrix(3, 4) },
      'a bias in every layer, or in none, found "fc1.bias" of shape (4) but none beside "fc2.weight" of shape (3, 4)',
    ],
    [
      'a bias of another length',
      { 'dense/kernel:0': matrix(4, 6), 'dense/bias:0': vector(4) },
      '6 biases, as "dense/kernel:0" of shape (4, 6) has outputs, found "dense/bias:0" of shape (4) ' +
        '(layout keras: kernels are inputs x outputs; the other layout is torch)',
    ],
    ['a bias alone', { 'fc1.bias': vector(3) }, 'a kernel beside the bias "fc1.bias" of shape (3), found none'],
    [
      'a bias that is a matrix',
      { 'fc.weight': matrix(4, 4), 'fc.bias': matrix(2, 2) },
      'a vector as the bias of "fc.weight" of shape (4, 4), found "fc.bias" of shape (2, 2)',
    ],
    [
      'two kernels of a layer',
      { 'fc.weight': matrix(3, 2), 'fc.kernel': matrix(2, 3) },
      'one kernel and one bias of layer "fc", found "fc.kernel" of shape (2, 3) too',
    ],
    [
      'kernels of two libraries',
      { 'a.weight': matrix(2, 2), 'b.kernel': matrix(2, 2) },
      'kernels named as in one library, found "a.weight" of shape (2, 2) and "b.kernel" of shape (2, 2): give the layout',
    ],
    ['no tensor', {}, `kernels and biases of dense layers only (${elsewhere}), found no tensor`],
  ])('%s', async (_, arrays: Record<string, NpyArray>, expected) => {
    expect(await refusal(await npz(arrays))).toBe(`DataFileError w.npz: expected ${expected}`);
  });

  it('weights that are no numbers, or not finite', async () => {
    const nan = matrix(2, 3);
    nan.data[4] = Number.NaN;
    expect(await refusal(await npz({ 'fc.weight': nan }))).toBe(
      'DataFileError w.npz: expected finite weights, found NaN in "fc.weight" at [1, 1]',
    );
    const integers = { shape: [2, 3], data: new BigInt64Array(6) };
    expect(await refusal(await npz({ 'fc.weight': integers }))).toBe(
      'DataFileError w.npz: fc.weight: expected elements of type f8, f4 or f2, found i8',
    );
  });

  it('layers that are not there, and options that do not exist', async () => {
    const path = await npz({ 'fc1.weight': matrix(4, 6), 'fc2.weight': matrix(3, 4) });
    expect(await refusal(path, { layers: ['fc1', 'fc3'] })).toBe(
      'DataFileError w.npz: expected a layer "fc3", found "fc1", "fc2"',
    );
    expect(await refusal(path, { layers: ['fc2', 'fc1'] })).toBe(
      'DataFileError w.npz: expected a layer of 3 inputs after "fc2.weight" of shape (3, 4), found "fc1.weight" ' +
        'of shape (4, 6) (layout torch: kernels are outputs x inputs; the other layout is keras)',
    );
    expect(await refusal(path, { layers: [] })).toContain('RangeError readDenseNetwork: layers must be one or more');
    const unknown = (name: string) => ({ [name]: 'x' }) as unknown as DenseNetworkFileOptions;
    expect(await refusal(path, unknown('layout'))).toContain('layout must be one of torch, keras; found x');
    expect(await refusal('missing.npz', unknown('activation'))).toContain('activation must be one of identity, relu');
    expect(await refusal('missing.npz', unknown('loss'))).toContain('loss must be one of softmax-cross-entropy');
  });

  it('layers in so many possible orders that the search gives up', async () => {
    // Sixteen layers from 2 to 2, one that nothing leads to: no order chains, and there are 16! to try.
    const names = Array.from({ length: 16 }, (_, i) => String.fromCharCode(97 + i).repeat(2));
    const arrays = Object.fromEntries(names.map((name) => [`${name}.weight`, matrix(2, 2)]));
    const path = await npz({ ...arrays, 'zz.weight': matrix(5, 3) });
    expect(await refusal(path)).toContain('expected names or shapes that tell the order of the layers');
  });
});
