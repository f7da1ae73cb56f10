import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Durations } from '../src/durations.js';
import type { UnitIngredients } from '../src/unit-key.js';
import { temporaryFolder } from './temporary.js';

const unit: UnitIngredients = {
  experiment: 'toy',
  kind: 'squares',
  config: { n: 3 },
  repetition: 0,
  seed: 1,
  threads: 1,
  sources: 'a',
  linearAlgebra: 'OpenBLAS 0.3.21',
  architecture: 'x64',
  environment: {},
};

test('what a unit took counts for every repetition, seed and source, but for this configuration and library alone', async () => {
  const file = join(temporaryFolder(), 'durations.json');
  const first = new Durations(file);
  first.add(unit, 5);
  await first.save();
  const later = new Durations(file);
  expect(later.ofEqual({ ...unit, repetition: 4, seed: 2, sources: 'b' })).toBe(5);
  expect(later.ofEqual({ ...unit, config: { n: 4 } })).toBeUndefined();
  expect(later.ofEqual({ ...unit, linearAlgebra: 'portable' })).toBeUndefined();
  expect(later.ofEqual({ ...unit, threads: 2 })).toBeUndefined();
});

test('a kind takes the median of its units, with the library at hand', () => {
  const durations = new Durations(join(temporaryFolder(), 'durations.json'));
  expect(durations.ofKind(unit)).toBeUndefined();
  [1, 100, 2].forEach((seconds, n) => {
    durations.add({ ...unit, config: { n } }, seconds);
  });
  durations.add({ ...unit, linearAlgebra: 'portable' }, 50);
  durations.add({ ...unit, kind: 'cubes' }, 60);
  expect(durations.ofKind({ ...unit, config: { n: 7 } })).toBe(2);
});

test.each(['no JSON', '{"0123456789abcdef": 4.2, "x": null}', '[]'])('a file that holds %j is no hindrance', (text) => {
  const file = join(temporaryFolder(), 'durations.json');
  writeFileSync(file, text);
  expect(new Durations(file).ofKind(unit)).toBeUndefined();
});

test('bytes and what the kind told are kept, and files of earlier versions, without them, are read', async () => {
  const file = join(temporaryFolder(), 'durations.json');
  const first = new Durations(file);
  first.add({ ...unit, threads: 2 }, 5, { bytes: 300, cost: { flops: 8, seconds: 3, memory: 1 } });
  first.add({ ...unit, threads: 2, config: { n: 4 } }, 7, { bytes: 500 });
  await first.save();
  const later = new Durations(file);
  const ofTwo = { ...unit, threads: 2 };
  expect(later.bytesOfEqual(ofTwo)).toBe(300);
  expect(later.bytesOfKind({ ...unit, config: { n: 9 } })).toBe(400);
  expect(later.bytesOfKind({ ...unit, kind: 'squares-too' })).toBeUndefined();
  // Operations of each of its threads.
  expect(later.toldOfKind(ofTwo)).toEqual([{ units: 1, seconds: 5, told: { flops: 4, seconds: 3 } }]);

  const entries = Object.entries(
    JSON.parse(readFileSync(file, 'utf8')) as Record<string, { kind: string; seconds: number }>,
  );
  const before = entries.map(([name, { kind, seconds }]) => [name, { kind, seconds }]);
  writeFileSync(file, JSON.stringify(Object.fromEntries(before)));
  const old = new Durations(file);
  expect(old.ofEqual(ofTwo)).toBe(5);
  expect(old.bytesOfEqual(ofTwo)).toBeUndefined();
  expect(old.bytesOfKind(ofTwo)).toBeUndefined();
  expect(old.toldOfKind(ofTwo)).toEqual([]);
});
