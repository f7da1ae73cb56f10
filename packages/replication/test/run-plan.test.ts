import { expect, test } from 'vitest';
import { planRun } from '../src/run-plan.js';
import { type Experiment, type ExperimentPackage, experimentPackage, fixture, type UnitCost } from './built.js';

/** The toy of the fixtures, its units of this cost. */
function toyOfCost(cost?: () => UnitCost): ExperimentPackage {
  const toy = experimentPackage(fixture('experiments/toy'));
  const load = async (): Promise<Experiment> => {
    const experiment = await toy.load();
    const unitKinds = experiment.unitKinds.map(({ cost: _, ...kind }) => ({ ...kind, ...(cost ? { cost } : {}) }));
    return { ...experiment, unitKinds };
  };
  return { ...toy, load };
}

test('a run of one part has the units of that part, and a key of its own', async () => {
  const whole = await planRun(toyOfCost(), 'quick', 1);
  const part = await planRun(toyOfCost(), 'quick', 1, ['figure-1']);
  expect([whole.parts.map(({ part }) => part.id), whole.whole]).toEqual([['table-1', 'figure-1'], true]);
  expect([part.parts.map(({ part }) => part.id), part.whole]).toEqual([['figure-1'], false]);
  expect(part.units.map(({ key }) => key)).toEqual(whole.units.slice(0, 2).map(({ key }) => key));
  expect(part.runKey).not.toBe(whole.runKey);
  const all = await planRun(toyOfCost(), 'quick', 1, ['figure-1', 'table-1']);
  expect(all.runKey).toBe(whole.runKey);
  await expect(planRun(toyOfCost(), 'quick', 1, ['table-2'])).rejects.toThrow(
    'toy has no part "table-2"; its parts are table-1, figure-1',
  );
});

test('what a unit costs is planned beside it, and is no part of any key', async () => {
  const free = await planRun(toyOfCost(), 'smoke', 1);
  const dear = await planRun(
    toyOfCost(() => ({ flops: 1e15, seconds: 3, memory: 1e9 })),
    'smoke',
    1,
  );
  expect(free.units.map(({ cost }) => cost)).toEqual([undefined, undefined]);
  expect(dear.units[0].cost).toEqual({ flops: 1e15, seconds: 3, memory: 1e9 });
  expect(dear.units.map(({ key }) => key)).toEqual(free.units.map(({ key }) => key));
  expect(dear.runKey).toBe(free.runKey);
});

test.each([
  [{ flops: Number.NaN }, 'the flops of a unit of squares: expected a number from 0, found NaN'],
  [{ flops: 1, memory: -8 }, 'the memory of a unit of squares: expected a number from 0, found -8'],
])('a cost of %j is refused by name', async (cost, message) => {
  await expect(
    planRun(
      toyOfCost(() => cost),
      'smoke',
      1,
    ),
  ).rejects.toThrow(`toy, table-1 at smoke: ${message}`);
});
