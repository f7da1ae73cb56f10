import { expect, test } from 'vitest';
import { type CostOptions, runCosts, type UnitOutlook } from '../../src/estimation/run-costs.js';
import type { KnownBy } from '../../src/pending-work.js';
import type { PlannedPart, PlannedUnit } from '../../src/run-plan.js';

interface Given {
  readonly key: string;
  readonly kind?: string;
  readonly seconds?: number;
  readonly threads?: number;
  readonly needs?: readonly string[];
  readonly memory?: number;
  readonly known?: KnownBy;
  readonly bytes?: number;
}

const machine: CostOptions = { cores: 2, memory: 1000, storedBytes: 50 };

/** Each unit also takes half a second to start. */
function costsOf(given: readonly Given[], parts: Record<string, readonly string[]>, inStore: readonly string[] = []) {
  const units = given.map(
    ({ key, needs = [] }) =>
      ({
        key,
        label: `unit ${key}`,
        needs: needs.map((need) => ({ identity: need, key: need })),
      }) as unknown as PlannedUnit,
  );
  const outlook = given
    .filter(({ key }) => !inStore.includes(key))
    .map(({ key, kind = 'a', seconds, threads = 1, memory, known, bytes }): [string, UnitOutlook] => [
      key,
      {
        kind,
        threads,
        known: known ?? (seconds === undefined ? 'nothing' : 'told'),
        expectedSeconds: seconds === undefined ? undefined : seconds - 0.5,
        cost: memory === undefined ? undefined : { flops: 1, memory },
        bytes,
        bytesKnown: bytes === undefined ? 'nothing' : 'equal',
      },
    ]);
  const planned = Object.entries(parts).map(
    ([id, keys]) => ({ part: { id }, units: units.filter(({ key }) => keys.includes(key)) }) as unknown as PlannedPart,
  );
  return runCosts({ units, parts: planned }, new Map(outlook), machine);
}

test('core time counts threads, and the clock shares it over the cores', () => {
  const costs = costsOf(
    [
      { key: 'a', seconds: 10 },
      { key: 'b', seconds: 20, threads: 2 },
      { key: 'c', seconds: 30 },
    ],
    {},
  );
  expect(costs.coreSeconds).toBe(80);
  expect(costs.seconds).toBe(40);
  expect(costs.longest).toEqual({ unit: 'unit c', seconds: 30 });
});

test('a unit has no more threads than there are cores', () => {
  expect(costsOf([{ key: 'a', seconds: 10, threads: 8 }], {}).coreSeconds).toBe(20);
});

test('units that need each other take no less than one after the other', () => {
  const costs = costsOf(
    [
      { key: 'a', seconds: 10 },
      { key: 'b', seconds: 20, needs: ['a'] },
      { key: 'c', seconds: 30, needs: ['b', 'stored'] },
      { key: 'stored', seconds: 1000 },
    ],
    {},
    ['stored'],
  );
  expect(costs.coreSeconds).toBe(60);
  expect(costs.seconds).toBe(60);
  expect(costs.units).toEqual({ all: 4, inStore: 1, toCompute: 3 });
});

test('units of which nothing is known are counted, and left out of the time', () => {
  const costs = costsOf([{ key: 'a', seconds: 10 }, { key: 'b' }, { key: 'c', seconds: 5, known: 'equal' }], {});
  expect(costs.known).toEqual({ equal: 1, told: 1, kind: 0, stored: 0, nothing: 1 });
  expect(costs.coreSeconds).toBe(15);
});

test('units that tell more memory than the machine has are named', () => {
  const costs = costsOf(
    [
      { key: 'a', memory: 999 },
      { key: 'b', memory: 1001 },
      { key: 'c', seconds: 1 },
    ],
    {},
  );
  expect(costs.memory).toEqual({ unit: 'unit b', bytes: 1001 });
  expect(costs.tooLarge).toEqual([{ unit: 'unit b', bytes: 1001 }]);
  expect(costsOf([{ key: 'c', seconds: 1 }], {}).memory).toBeNull();
});

test('kinds and parts stand with what takes longest first, and a unit counts once, with what it needs', () => {
  const costs = costsOf(
    [
      { key: 'a', kind: 'x', seconds: 10, bytes: 7 },
      { key: 'b', kind: 'y', seconds: 20, bytes: 8, needs: ['a'] },
      { key: 'c', kind: 'x', seconds: 3 },
    ],
    { first: ['c'], second: ['b'], third: ['a', 'b', 'c'] },
  );
  expect(costs.parts).toEqual([
    { part: 'second', units: 2, coreSeconds: 30 },
    { part: 'first', units: 1, coreSeconds: 3 },
  ]);
  expect(
    costs.kinds.map(({ kind, units, coreSeconds, longest, bytes }) => [kind, units, coreSeconds, longest, bytes]),
  ).toEqual([
    ['y', 1, 20, 20, 8],
    ['x', 2, 13, 10, 7],
  ]);
  expect(costs.storage).toEqual({
    inStore: 50,
    toCome: 15,
    known: { equal: 2, kind: 0, stored: 0, nothing: 1 },
    taken: [],
  });
});
