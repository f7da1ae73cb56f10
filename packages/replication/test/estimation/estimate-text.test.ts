import { expect, test } from 'vitest';
import type { RunOutlook } from '../../src/estimation/estimate-run.js';
import { estimateText, totalText } from '../../src/estimation/estimate-text.js';

const none = { equal: 0, told: 0, kind: 0, stored: 0, nothing: 0 };
const long = `spectra ${'of=many '.repeat(40)}`;

/** Of 40 parts and 40 kinds with long names; */
function costs(more: Partial<RunOutlook> = {}): RunOutlook {
  const parts = Array.from({ length: 40 }, (_, i) => ({
    part: `audit-20060-fashion-test-untrained-${i}`,
    units: 1,
    coreSeconds: 40 - i,
  }));
  return {
    experiment: 'toy',
    profile: 'paper',
    seed: 1,
    folder: 'paper',
    only: null,
    changed: {},
    units: { all: 40, inStore: 0, toCompute: 40 },
    coreSeconds: 820,
    seconds: 410,
    cores: 2,
    known: { ...none, told: 40 },
    longest: { unit: long, seconds: 40 },
    memory: { unit: long, bytes: 5e12 },
    tooLarge: Array.from({ length: 9 }, () => ({ unit: long, bytes: 5e12 })),
    storage: { inStore: 0, toCome: 4e9, known: { equal: 0, kind: 20, stored: 20, nothing: 0 }, taken: ['laptop'] },
    kinds: parts.map(({ part, units, coreSeconds }) => ({
      kind: part,
      units,
      coreSeconds,
      longest: coreSeconds,
      bytes: 1e8,
      known: 'told',
      pace: 1.234,
    })),
    parts,
    machine: { memory: 25e9, free: 20e9 },
    results: { folder: 'laptop', bytes: 3e6 },
    cluster: { arrays: 12, tasks: 1234, longest: 1e6, tasksAtOnce: 64, seconds: 1e8, memory: 5e12 },
    ...more,
  };
}

test('no line is longer than 140 characters, however long names are and however many parts there are', () => {
  const lines = estimateText(costs()).split('\n');
  expect(lines.filter((line) => line.length > 140)).toEqual([]);
  expect(lines.join('\n')).toContain('9 units DO NOT FIT:');
  expect(lines.at(-1)).toMatch(/^ {9}\S.*35 others \d+ %\.$/);
});

test('where nothing is known of what the units store, it is not told as nothing', () => {
  const storage = { inStore: 0, toCome: 0, known: { equal: 0, kind: 0, stored: 0, nothing: 40 }, taken: [] };
  expect(estimateText(costs({ storage }))).toContain('units: 0 B in the store, those to come not known beforehand\n');
  expect(totalText([costs({ storage })])).toContain('0 B in the store, what is to come not known beforehand.');
  expect(totalText([costs({ storage }), costs()])).toContain('0 B in the store, 4.0 GB to come.');
});
