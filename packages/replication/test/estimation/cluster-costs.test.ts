import { expect, test } from 'vitest';
import { clusterCosts } from '../../src/estimation/cluster-costs.js';
import type { UnitTask } from '../../src/executor.js';
import type { JobArray } from '../../src/slurm/job-plan.js';

/** A unit of so many seconds, half a second of which it takes to start. */
const task = (seconds: number, threads = 1) =>
  ({ key: `${seconds}`, expectedSeconds: seconds - 0.5, ingredients: { threads } }) as unknown as UnitTask;

const array = (stage: number, packets: readonly (readonly UnitTask[])[], cpus = 1): JobArray => ({
  id: `${stage}`,
  stage,
  cpus,
  memory: stage === 1 ? 2 ** 30 : null,
  seconds: null,
  timeLimit: null,
  packets: packets.map((units) => ({ units })),
});

test('tasks share the places of an array, stages follow each other, and arrays of a stage run side by side', () => {
  const plan = {
    arrays: [array(0, [[task(40)], [task(30)], [task(20)], [task(10)]]), array(0, [[task(5)]]), array(1, [[task(7)]])],
  };
  expect(clusterCosts(plan, 2)).toEqual({
    arrays: 3,
    tasks: 6,
    longest: 40,
    tasksAtOnce: 2,
    // 40 then 10 beside 30 then 20.
    seconds: 50 + 7,
    memory: 2 ** 30,
  });
  expect(clusterCosts(plan, undefined)).toMatchObject({ seconds: 40 + 7, tasksAtOnce: null });
  expect(clusterCosts(plan, 1).seconds).toBe(100 + 7);
});

test('units of a packet share the cores of its task', () => {
  expect(clusterCosts({ arrays: [array(0, [[task(10), task(20), task(30)]], 2)] }, 1).seconds).toBe(30);
  expect(clusterCosts({ arrays: [array(0, [[task(10, 2), task(20, 2), task(30, 2)]], 2)] }, 1).seconds).toBe(60);
});

test('nothing to compute takes no time', () => {
  expect(clusterCosts({ arrays: [] }, 64)).toMatchObject({ tasks: 0, seconds: 0, longest: 0, memory: null });
});
