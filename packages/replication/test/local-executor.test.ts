import { arch } from 'node:os';
import { pathToFileURL } from 'node:url';
import { linearAlgebra } from '@hessian-rmt/numerics';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { kernelOf } from '../src/unit-key.js';
import {
  type Config,
  fixture,
  localExecutor,
  sourceClosure,
  type TaskEvent,
  type UnitIngredients,
  UnitStore,
  type UnitTask,
  unitKey,
} from './built.js';
import { temporaryFolder } from './temporary.js';

const modules = {
  squares: pathToFileURL(fixture('experiments/toy/squares.js')).href,
  fault: pathToFileURL(fixture('experiments/faulty-toy/index.js')).href,
};

/** Makes tasks that share a store. */
async function taskMaker() {
  const store = temporaryFolder();
  const kernel = kernelOf((await linearAlgebra({ threads: 1 })).library);
  return async (
    kind: keyof typeof modules,
    config: Config,
    { threads = 1, repetition = 0, sources, expectedSeconds, memory }: TaskOptions = {},
  ): Promise<UnitTask> => {
    const module = modules[kind];
    const ingredients: UnitIngredients = {
      experiment: 'toy',
      kind,
      config,
      repetition,
      seed: 1,
      threads,
      sources: sources ?? (await sourceClosure(module)).hash,
      linearAlgebra: kernel,
      architecture: arch(),
      environment: {},
    };
    const expected = expectedSeconds === undefined ? {} : { expectedSeconds };
    const held = memory === undefined ? {} : { memory };
    return { key: unitKey(ingredients), module, ingredients, store, ...expected, ...held };
  };
}

interface TaskOptions {
  readonly threads?: number;
  readonly repetition?: number;
  readonly sources?: string;
  readonly expectedSeconds?: number;
  readonly memory?: number;
}

async function run(tasks: readonly UnitTask[], cores: number, memory?: number): Promise<TaskEvent[]> {
  const events: TaskEvent[] = [];
  const options = memory === undefined ? { cores } : { cores, memory };
  await localExecutor(options).run(tasks, (event) => events.push(event));
  return events;
}

const recordOf = (task: UnitTask) => new UnitStore(task.store).record(task.key);

afterEach(() => {
  delete process.env.TOY_DELAY;
});

test('the threads of the units that run at one time fill the cores and never exceed them', async () => {
  process.env.TOY_DELAY = '200';
  const make = await taskMaker();
  const threads = [2, 1, 1, 1, 2, 3, 1];
  const tasks = await Promise.all(threads.map((count, n) => make('squares', { n }, { threads: count })));
  const threadsOf = new Map(tasks.map((task) => [task.key, Math.min(task.ingredients.threads, 2)]));
  const busy: number[] = [0];
  for (const { type, key } of await run(tasks, 2)) {
    const change = type === 'started' ? 1 : type === 'finished' ? -1 : 0;
    busy.push(busy[busy.length - 1] + change * threadsOf.get(key)!);
  }
  expect(Math.max(...busy)).toBe(2);
  // Two units of one thread run side by side: some step goes from one busy core to two.
  expect(busy.some((count, i) => count === 2 && busy[i - 1] === 1)).toBe(true);
  expect(busy.at(-1)).toBe(0);
});

test('units that would not fit into the memory together run one after the other, and one that never fits runs alone', async () => {
  process.env.TOY_DELAY = '150';
  const make = await taskMaker();
  const needs = [6, 6, 3, 3, 11];
  const tasks = await Promise.all(needs.map((memory, n) => make('squares', { n }, { memory })));
  const needOf = new Map(tasks.map(({ key }, i) => [key, needs[i]]));
  let running: number[] = [];
  const together: number[][] = [];
  for (const { type, key } of await run(tasks, 3, 10)) {
    if (type === 'started') running = [...running, needOf.get(key)!];
    if (type === 'finished') running = running.filter((_, i) => i !== running.indexOf(needOf.get(key)!));
    together.push(running);
  }
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  for (const held of together) expect(held.length <= 1 || sum(held) <= 10).toBe(true);
  // 6 and 3 go together, 6 and 6 do not; 11 waits until all others are done.
  expect(together.map(sum)).toContain(9);
  expect(together).toContainEqual([11]);
});

test('the longest start first, those never seen before all others', async () => {
  const make = await taskMaker();
  const expected = [1, 5, undefined, 3];
  const tasks = await Promise.all(
    expected.map((seconds, n) => make('squares', { n }, seconds === undefined ? {} : { expectedSeconds: seconds })),
  );
  const started = (await run(tasks, 1)).filter(({ type }) => type === 'started').map(({ key }) => key);
  expect(started.map((key) => tasks.findIndex((task) => task.key === key))).toEqual([2, 1, 3, 0]);
});

test('each unit has a fresh process, with its number of BLAS threads set before anything loads', async () => {
  const make = await taskMaker();
  const tasks = [
    await make('fault', { how: 'works' }, { threads: 2 }),
    await make('fault', { how: 'works' }, { threads: 1, repetition: 1 }),
    await make('fault', { how: 'works' }, { threads: 1, repetition: 2 }),
  ];
  await run(tasks, 2);
  const numbers = await Promise.all(tasks.map(async (task) => (await recordOf(task)).numbers));
  expect(numbers.map(({ threads }) => threads)).toEqual([2, 1, 1]);
  expect(new Set([process.pid, ...numbers.map(({ pid }) => pid)]).size).toBe(4);
});

test('a unit that fails, in whatever way, says so, and the others go on', async () => {
  const make = await taskMaker();
  const hows = ['throws', 'is killed', 'exits', 'diverges', 'works'];
  const tasks = await Promise.all(hows.map((how) => make('fault', { how })));
  const events = await run(tasks, 2);
  const outcome = tasks.map(({ key }) => {
    const last = events.filter((event) => event.key === key).at(-1)!;
    return last.type === 'failed' ? last.reason : last.type;
  });
  expect(outcome[0]).toMatch(/^Error: this unit throws\n {4}at .*faulty-toy\/index\.js/);
  expect(outcome[1]).toMatch(/killed by SIGKILL \(the system does this when memory runs out\)/);
  expect(outcome[2]).toMatch(/ended with code 7 and no result\. It printed last:\nlast words/);
  expect(outcome[3]).toMatch(/^This result cannot be stored: numbers\.value is NaN/);
  expect(outcome[4]).toBe('finished');
  const store = new UnitStore(tasks[0].store);
  expect(tasks.map(({ key }) => store.has(key))).toEqual([false, false, false, false, true]);
});

test('a unit whose sources changed since its key was made is not stored under that key', async () => {
  const make = await taskMaker();
  const task = await make('squares', { n: 2 }, { sources: 'older' });
  const events = await run([task], 1);
  expect(events.at(-1)).toMatchObject({
    type: 'failed',
    reason: expect.stringMatching(/changed since the run was planned/),
  });
  expect(new UnitStore(task.store).has(task.key)).toBe(false);
});

test('stopping kills the units at once', async () => {
  process.env.TOY_DELAY = '600000';
  const make = await taskMaker();
  const controller = new AbortController();
  const running = localExecutor({ cores: 2 }).run(
    [await make('squares', { n: 2 }), await make('squares', { n: 3 })],
    ({ type }) => type === 'progress' && controller.abort(new Error('enough')),
    controller.signal,
  );
  await expect(running).rejects.toThrow('enough');
});

test('a unit that finds another BLAS library than the key names is not stored', async () => {
  const make = await taskMaker();
  const task = await make('squares', { n: 2 });
  const elsewhere = { ...task, ingredients: { ...task.ingredients, linearAlgebra: 'OpenBLAS of another machine' } };
  const events = await run([elsewhere], 1);
  expect(events.at(-1)).toMatchObject({
    type: 'failed',
    reason: expect.stringMatching(/planned for OpenBLAS of another machine, but this unit's process found/),
  });
  expect(new UnitStore(task.store).has(task.key)).toBe(false);
});

test('portable linear algebra computes units of any number of threads', async () => {
  process.env.HESSIAN_RMT_BLAS = 'portable';
  onTestFinished(() => void delete process.env.HESSIAN_RMT_BLAS);
  const make = await taskMaker();
  const tasks = [await make('squares', { n: 2 }, { threads: 2 }), await make('squares', { n: 3 })];
  expect(tasks.map(({ ingredients }) => ingredients.linearAlgebra)).toEqual(['portable', 'portable']);
  expect((await run(tasks, 2)).filter(({ type }) => type === 'finished')).toHaveLength(2);
});

test('units see the stream of their seed, kind and repetition', async () => {
  const make = await taskMaker();
  const tasks = [await make('squares', { n: 3 }), await make('squares', { n: 3 }, { repetition: 1 })];
  await run(tasks, 2);
  const { randomStream } = await import('@hessian-rmt/numerics');
  for (const task of tasks) {
    const { arrays } = await new UnitStore(task.store).load(await recordOf(task));
    const stream = randomStream(1, 'squares', `${task.ingredients.repetition}`, 'draws');
    expect(arrays.draws.data).toEqual(stream.normals(3));
  }
});
