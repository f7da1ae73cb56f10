import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { counted, roleOf } from '../../src/files/layer-names.js';

/** The table of names in docs/data.md: what the kernels and the biases of its rows are called, and their layout. */
const text = await readFile(join(import.meta.dirname, '../../../../docs/data.md'), 'utf8');
const section = text.slice(text.indexOf('## Networks of your own'), text.indexOf('## Samples of your own'));
const rows = [...section.matchAll(/^\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)].slice(2).map(([, ...cells]) => cells);
const namesIn = (cell: string) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name).filter((name) => !name.startsWith('arr_'));

describe('The names of the tensors of dense layers', () => {
  it('are understood as docs/data.md has them', () => {
    expect(rows.length).toBe(7);
    for (const [, kernels, biases, shape] of rows) {
      const layout = { 'outputs x inputs': 'torch', 'inputs x outputs': 'keras' }[shape.trim()];
      for (const name of namesIn(kernels)) expect(roleOf(name), name).toMatchObject({ role: 'kernel' });
      for (const name of namesIn(kernels)) expect(roleOf(name)?.layout, name).toBe(layout);
      for (const name of namesIn(biases)) expect(roleOf(name), name).toMatchObject({ role: 'bias' });
    }
  });

  it('belong together where they are of one layer', () => {
    for (const [kernel, bias] of [
      ['fc1.weight', 'fc1.bias'],
      ['weight', 'bias'],
      ['dense_1/kernel:0', 'dense_1/bias:0'],
      ['layers/dense/vars/0', 'layers/dense/vars/1'],
      ['W1', 'b_1'],
      ['coefs_0', 'intercepts_0'],
      ['layer1_W', 'layer1_b'],
    ]) {
      expect(roleOf(kernel)?.layer, kernel).toBe(roleOf(bias)?.layer);
    }
  });

  it.each(['1.running_mean', 'conv.weight_g', 'lstm.weight_ih_l0', 'num_batches_tracked', 'data', 'vars/2', 'web'])(
    '%s is none',
    (name) => expect(roleOf(name)).toBeUndefined(),
  );

  it('are counted by their numbers, the first of which Keras leaves out', () => {
    expect(counted('dense')).toEqual({ stem: 'dense_#', numbers: [0] });
    expect(counted('dense_2')).toEqual({ stem: 'dense_#', numbers: [2] });
    expect(counted('blocks.1.fc12')).toEqual({ stem: 'blocks_#.#.fc#', numbers: [0, 1, 12] });
  });
});
