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
