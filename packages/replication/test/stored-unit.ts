import { join } from 'node:path';
import type { UnitResult } from '../src/experiment.js';
import type { UnitIngredients } from '../src/unit-key.js';
import { UnitStore } from '../src/unit-store.js';
import { temporaryFolder } from './temporary.js';

// A unit with an array of every type, an empty one, and numbers that a careless reader would change.
export const key = 'ab'.padEnd(64, '0');
export const ingredients: UnitIngredients = {
  experiment: 'toy',
  kind: 'squares',
  config: { n: 3, name: 'π' },
  repetition: 0,
  seed: 1,
  threads: 1,
  sources: 'abc',
  linearAlgebra: 'none',
  architecture: 'x64',
  environment: {},
};
export const result: UnitResult = {
  numbers: { third: 1 / 3, tiny: 5e-324, list: [1, null, 'x'] },
  arrays: {
    values: { shape: [3], data: Float64Array.of(0.1, -0, 1e300) },
    single: { shape: [2, 1], data: Float32Array.of(0.5, 7) },
    counts: { shape: [1], data: Int32Array.of(-7) },
    labels: { shape: [2], data: Uint8Array.of(0, 255) },
    empty: { shape: [0], data: new Float64Array(0) },
  },
  uses: { backend: 'wasm', datasets: [{ name: 'digits', checksum: 'c0ffee' }] },
};

/** A store with that unit alone. */
export async function storeWithUnit() {
  const store = new UnitStore(join(temporaryFolder(), 'cache'));
  await store.write(key, ingredients, result, 1.5);
  const folder = store.folderOf(key);
  return { store, folder };
}
