import { expect, test } from 'vitest';
import { type UnitIngredients, unitKey } from '../src/unit-key.js';

const ingredients: UnitIngredients = {
  experiment: 'toy',
  kind: 'squares',
  config: { n: 3, nested: { a: 1, b: [2] } },
  repetition: 0,
  seed: 1,
  threads: 2,
  sources: 'abc',
  linearAlgebra: 'OpenBLAS 0.3.21 on Haswell',
  architecture: 'x64',
  environment: {},
};

test('the key does not depend on the order in which a config was written', () => {
  expect(unitKey({ ...ingredients, config: { nested: { b: [2], a: 1 }, n: 3 } })).toBe(unitKey(ingredients));
});

test('every ingredient counts', () => {
  const changed: Partial<UnitIngredients>[] = [
    { experiment: 'other' },
    { kind: 'cubes' },
    { config: { n: 3, nested: { a: 1, b: [3] } } },
    { repetition: 1 },
    { seed: 2 },
    { threads: 1 },
    { sources: 'abd' },
    { linearAlgebra: 'OpenBLAS 0.3.22 on Haswell' },
    { linearAlgebra: 'OpenBLAS 0.3.21 on Zen' },
    { architecture: 'arm64' },
    { environment: { HESSIAN_RMT_BACKEND: 'cpu' } },
  ];
  const keys = [ingredients, ...changed.map((change) => ({ ...ingredients, ...change }))].map(unitKey);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.every((key) => /^[0-9a-f]{64}$/.test(key))).toBe(true);
});
