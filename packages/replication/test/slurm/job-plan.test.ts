import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { UnitTask } from '../../src/executor.js';
import { jobPlan } from '../../src/slurm/job-plan.js';
import { mergeSlurmSettings, type SomeSlurmSettings, secondsOfTime } from '../../src/slurm/slurm-settings.js';

interface Told {
  readonly threads?: number;
  readonly seconds?: number;
  readonly memory?: number;
  readonly needs?: readonly string[];
}

const task = (key: string, { threads = 1, seconds, memory, needs = [] }: Told = {}): UnitTask => ({
  key,
  module: 'file:///module.js',
  store: '/store',
  ingredients: {
    experiment: 'toy',
    kind: 'unit',
    config: { name: key },
    repetition: 0,
    seed: 1,
    threads,
    sources: '',
    linearAlgebra: '',
    architecture: 'x64',
    environment: {},
  },
  needs: needs.map((needed) => ({ identity: needed, key: needed })),
  ...(seconds === undefined ? {} : { expectedSeconds: seconds }),
  ...(memory === undefined ? {} : { memory }),
});

const planOf = (tasks: readonly UnitTask[], settings: SomeSlurmSettings = {}, maxArraySize = 1001) =>
  jobPlan(tasks, mergeSlurmSettings(settings), { maxArraySize }).arrays.map(({ packets, ...array }) => ({
    ...array,
    packets: packets.map(({ units }) => units.map(({ key }) => key).join(' ')),
  }));

const GiB = 2 ** 30;

it('units are put together until a packet is ten minutes long, the longest first', () => {
  // With the half second around each unit: 400.5, 300.5, 299.5, 60.5.
  const tasks = [
    task('d', { seconds: 60 }),
    task('b', { seconds: 300 }),
    task('a', { seconds: 400 }),
    task('c', { seconds: 299 }),
    task('long', { seconds: 5000 }),
  ];
  const [array, ...others] = planOf(tasks);
  expect(others).toEqual([]);
  expect(array).toEqual({
    id: '0',
    stage: 0,
    cpus: 1,
    memory: null,
    seconds: 5000.5,
    timeLimit: '06:57:00',
    packets: ['long', 'a', 'b c', 'd'],
  });
  expect(planOf(tasks, { packetMinutes: 20 })[0].packets).toEqual(['long', 'a b c d']);
});

it('a time limit is five times what is expected, at least half an hour, unless one is set', () => {
  const limit = (seconds: number, settings = {}) => planOf([task('a', { seconds })], settings)[0].timeLimit;
  expect(limit(10)).toBe('00:30:00');
  expect(limit(36000)).toBe('2-02:01:00');
  expect(limit(36000, { time: '1-12' })).toBe('1-12');
  expect(planOf([task('a')])[0]).toMatchObject({ seconds: null, timeLimit: null });
});

it('a time limit is no longer than the partition allows', () => {
  const tasks = [task('a', { seconds: 36000 })];
  const { arrays } = jobPlan(tasks, mergeSlurmSettings(), { maxArraySize: 1001, maxSeconds: 86_400 });
  expect(arrays[0].timeLimit).toBe('1-00:00:00');
});

it('all memory of a node is enough for every unit', () => {
  expect(planOf([task('a', { memory: 2 ** 50 }), task('b')], { memory: '0' })).toMatchObject([{ memory: 0 }]);
});

it('packets leave half of a time limit that is set', () => {
  const tasks = ['a', 'b', 'c', 'd'].map((key) => task(key, { seconds: 119.5 }));
  expect(planOf(tasks, { time: '8' })[0].packets).toEqual(['a b', 'c d']);
});

it('units of which nothing is known are four to a packet, and leave the time to the partition', () => {
  const tasks = ['a', 'b', 'c', 'd', 'e'].map((key) => task(key));
  const [array] = planOf(tasks);
  expect(array.packets).toEqual(['a b c d', 'e']);
  expect(array.timeLimit).toBeNull();
});

it('a unit comes in the stage after all that it needs, and what stands in the store does not count', () => {
  const tasks = [
    task('spectrum', { seconds: 1, needs: ['training', 'stored'] }),
    task('figure', { seconds: 1, needs: ['spectrum'] }),
    task('training', { seconds: 1, needs: ['stored'] }),
    task('other', { seconds: 1 }),
  ];
  expect(planOf(tasks).map(({ id, stage, packets }) => [id, stage, packets])).toEqual([
    ['0', 0, ['training other']],
    ['1', 1, ['spectrum']],
    ['2', 2, ['figure']],
  ]);
});

it('units of as many threads and about as much memory share an array, which asks for the largest', () => {
  const tasks = [
    task('small', { seconds: 1, memory: 1e6 }),
    task('one', { seconds: 1, memory: GiB }),
    task('three', { seconds: 1, memory: 3 * GiB }),
    task('four', { seconds: 1, memory: 4 * GiB }),
    task('wide', { seconds: 1, threads: 4, memory: 3 * GiB }),
    task('untold', { seconds: 1 }),
  ];
  const found = planOf(tasks).map(({ cpus, memory, packets }) => [packets.join(), cpus, memory && memory / GiB]);
  expect(found).toHaveLength(4);
  expect(found).toEqual(
    expect.arrayContaining([
      ['small one', 1, 2.75],
      ['three four', 1, 6.5],
      ['wide', 4, 5.25],
      ['untold', 1, null],
    ]),
  );
});

it('units that run side by side share the time and the memory of their packet', () => {
  const tasks = ['a', 'b', 'c', 'd'].map((key) => task(key, { seconds: 299.5, memory: 2 * GiB }));
  const [array] = planOf(tasks, { cpus: 2 });
  expect(array).toMatchObject({ cpus: 2, packets: ['a b c d'], seconds: 600, memory: 1.25 * 4 * GiB + 1.5 * GiB });
  expect(planOf(tasks, { cpus: 2, memory: '3G' })[0].memory).toBe(3 * GiB);
});

it('a unit that tells more memory than is set is named', () => {
  const tasks = [task('a', { memory: GiB }), task('b', { memory: 5 * GiB })];
  expect(() => planOf(tasks, { memory: '4G' })).toThrow(
    '--memory (memory in slurm.json): expected at least the 5.0 GiB that unit name=b tells that it needs; found 4G',
  );
});

it('an array has no more tasks than Slurm takes', () => {
  const tasks = Array.from({ length: 7 }, (_, i) => task(`${i}`, { seconds: 1000 - i }));
  expect(planOf(tasks, {}, 3).map(({ id, packets }) => [id, packets])).toEqual([
    ['0', ['0', '1', '2']],
    ['1', ['3', '4', '5']],
    ['2', ['6']],
  ]);
  expect(planOf(tasks, {}, 1)).toHaveLength(7);
});

it('nothing to compute is no array', () => {
  expect(planOf([])).toEqual([]);
});

it('whatever the units: each stands in one packet, after its needs, within the limits', () => {
  const told = fc.record({
    threads: fc.integer({ min: 1, max: 4 }),
    seconds: fc.option(fc.double({ min: 0, max: 5000, noNaN: true }), { nil: undefined }),
    memory: fc.option(fc.integer({ min: 0, max: 2 ** 35 }), { nil: undefined }),
    needs: fc.array(fc.nat(30), { maxLength: 3 }),
  });
  const some = fc.record({
    cpus: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    time: fc.constantFrom(undefined, '30'),
  });
  fc.assert(
    fc.property(
      fc.array(told, { maxLength: 30 }),
      some,
      fc.integer({ min: 1, max: 5 }),
      (units, settings, maxArraySize) => {
        const tasks = units.map(({ needs, seconds, memory, threads }, i) =>
          task(`${i}`, {
            threads,
            needs: needs.filter((needed) => needed < i).map(String),
            ...(seconds === undefined ? {} : { seconds }),
            ...(memory === undefined ? {} : { memory }),
          }),
        );
        const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
        const { arrays } = jobPlan(tasks, mergeSlurmSettings(given), { maxArraySize });
        const stageOf = new Map(
          arrays.flatMap(({ stage, packets }) =>
            packets.flatMap(({ units: own }) => own.map(({ key }) => [key, stage])),
          ),
        );
        const placed = arrays.flatMap(({ packets }) => packets.flatMap(({ units: own }) => own.map(({ key }) => key)));
        expect(placed.map(Number).sort((a, b) => a - b)).toEqual(tasks.map((_, i) => i));
        for (const { key, needs = [] } of tasks) {
          for (const needed of needs) expect(stageOf.get(needed.key)!).toBeLessThan(stageOf.get(key)!);
        }
        for (const { packets, cpus, memory, seconds, timeLimit } of arrays) {
          expect(packets.length).toBeGreaterThan(0);
          expect(packets.length).toBeLessThanOrEqual(maxArraySize);
          for (const { units: own } of packets) {
            for (const one of own) {
              expect(cpus).toBeGreaterThanOrEqual(one.ingredients.threads);
              if (one.memory !== undefined) expect(memory).toBeGreaterThan(one.memory);
              if (one.expectedSeconds !== undefined && seconds !== null)
                expect(seconds).toBeGreaterThan(one.expectedSeconds);
            }
          }
          if (timeLimit !== null && settings.time === undefined)
            expect(secondsOfTime(timeLimit)).toBeGreaterThanOrEqual(5 * seconds!);
        }
        expect(arrays.map(({ id }) => id)).toEqual(arrays.map((_, i) => `${i}`));
        expect(arrays.map(({ stage }) => stage)).toEqual(arrays.map(({ stage }) => stage).sort((a, b) => a - b));
      },
    ),
    { seed: 8, numRuns: 200 },
  );
});
