import { expect, test } from 'vitest';
import { consoleReporter, duration, type ReporterOptions } from '../src/console-reporter.js';
import type { RunEvent, RunStep } from '../src/run-events.js';

const openblas = { kind: 'openblas', description: 'OpenBLAS 0.3.21 on Zen', identity: 'OpenBLAS', threads: 1 } as const;
const portable = { kind: 'portable', description: 'portable TypeScript', identity: 'portable', threads: 1 } as const;

function report(steps: readonly (RunStep & { at: number; left?: number })[], options: ReporterOptions = {}): string[] {
  const lines: string[] = [];
  const take = consoleReporter({ ...options, print: (line) => lines.push(line) });
  for (const { at, left = null, ...step } of steps) {
    take({ ...(step as RunStep), elapsedSeconds: at, remainingSeconds: left } as RunEvent);
  }
  return lines;
}

const planned = {
  type: 'planned',
  experiment: 'toy',
  profile: 'quick',
  seed: 1,
  parts: null,
  changed: [],
  because: null,
  units: 5,
  inStore: 2,
  cores: 2,
  estimate: { seconds: 480, unknown: 0, withLibrary: null },
} as const;
const unit = { key: 'k', unit: 'squares n=3, repetition 0' };

test('the first line says what will be done, where and with what', () => {
  expect(report([{ ...planned, library: openblas, at: 0 }])).toEqual([
    'toy at quick, seed 1: 5 units, 2 in the store, 3 to compute on 2 cores, about 8 min; OpenBLAS 0.3.21 on Zen.',
  ]);
});

test('of a run on a cluster it says in how many jobs, and that its time supposes that all of them run', () => {
  const jobs = { arrays: 1, tasks: 3 };
  expect(report([{ ...planned, jobs, library: openblas, at: 0 }])).toEqual([
    'toy at quick, seed 1: 5 units, 2 in the store, 3 to compute in 3 tasks of 1 job array, about 8 min once all of them run; OpenBLAS 0.3.21 on Zen.',
  ]);
});

test('what the estimate leaves out is said', () => {
  const line = (estimate: (RunStep & { type: 'planned' })['estimate']) =>
    report([{ ...planned, estimate, library: openblas, at: 0 }])[0].replace(/^.* cores, (.*); OpenBLAS.*$/, '$1');
  expect(line({ seconds: 33, unknown: 1, withLibrary: null })).toBe(
    'about 35 s without 1 unit of which no time is known',
  );
  expect(line({ seconds: null, unknown: 3, withLibrary: null })).toBe('for a time not known beforehand');
});

test.each([
  [0.2, '1 s'],
  [9.4, '9 s'],
  [52, '50 s'],
  [59, '1 min'],
  [89, '1 min'],
  [700, '12 min'],
  [3569, '59 min'],
  [3590, '1 h'],
  [9000, '2.5 h'],
  [45000, '13 h'],
])('an estimate of %d seconds reads as about %s', (seconds, text) => {
  const estimate = { seconds, unknown: 0, withLibrary: null };
  expect(report([{ ...planned, estimate, library: openblas, at: 0 }])[0]).toContain(`, about ${text};`);
});

test('without a BLAS library a second line says what to install and how long it takes, unless nothing is computed', () => {
  const lines = (estimate: (RunStep & { type: 'planned' })['estimate']) =>
    report([{ ...planned, estimate, library: portable, at: 0 }]).slice(1);
  const install = 'Debian, Ubuntu: apt-get install libopenblas0-pthread; hessian-rmt doctor tells more.';
  expect(lines({ seconds: 1500, unknown: 0, withLibrary: 290 })).toEqual([
    `Without a BLAS library this takes about 25 min, with one perhaps 5 min. ${install}`,
  ]);
  expect(lines({ seconds: 1500, unknown: 0, withLibrary: null })).toEqual([
    `Without a BLAS library this takes about 25 min. ${install}`,
  ]);
  expect(lines({ seconds: 1500, unknown: 2, withLibrary: null })).toEqual([
    `Without a BLAS library this takes many times longer. ${install}`,
  ]);
  expect(report([{ ...planned, inStore: 5, estimate: null, library: portable, at: 0 }])).toHaveLength(1);
});

test('a unit that ends has a line; one that runs has at most one in ten seconds', () => {
  const progress = (at: number) =>
    ({ type: 'unitProgress', ...unit, fraction: 0.5, doing: 'training', at, left: 75 }) as const;
  const lines = report([
    { ...planned, library: openblas, at: 0 },
    { type: 'unitStarted', ...unit, at: 1 },
    progress(2),
    progress(11),
    progress(12),
    { type: 'unitFinished', ...unit, seconds: 12.6, done: 1, of: 3, at: 13, left: 3700 },
    progress(22),
    progress(23.5),
    { type: 'unitFailed', ...unit, reason: 'Error: broke\n    at here', at: 24 },
  ]);
  expect(lines.slice(1)).toEqual([
    'toy [0/3] 11 s, about 1 min 15 s left: squares n=3, repetition 0 at 50 %, training',
    'toy [1/3] 13 s, about 1 h 2 min left: squares n=3, repetition 0 took 13 s',
    'toy [1/3] 24 s, about 1 min 15 s left: squares n=3, repetition 0 at 50 %, training',
    'FAILED squares n=3, repetition 0: Error: broke',
  ]);
});

test('of several experiments every line says which one runs, and no line about units is longer than a terminal', () => {
  const long = { key: 'k', unit: `spectrum ${'weights=0123456789abcdef '.repeat(10)}` };
  const lines = report(
    [
      { ...planned, library: openblas, at: 0 },
      { type: 'unitProgress', ...long, fraction: 0.5, doing: 'a step of many words '.repeat(9), at: 4000, left: 7300 },
      { type: 'unitFinished', ...long, seconds: 4100, done: 2, of: 3, at: 4100, left: 7300 },
    ],
    { turn: { number: 2, of: 4 } },
  );
  expect(lines[0]).toMatch(/^toy \(2 of 4\) at quick, seed 1: /);
  expect(lines[1]).toMatch(
    /^toy \(2 of 4\) \[0\/3\] 1 h 7 min, about 2 h 2 min left: spectrum .*\.\.\. at 50 %, a step.*\.\.\.$/,
  );
  expect(lines[2]).toMatch(
    /^toy \(2 of 4\) \[2\/3\] 1 h 8 min, about 2 h 2 min left: spectrum .*\.\.\. took 1 h 8 min$/,
  );
  for (const line of lines.slice(1)) expect(line.length).toBeLessThan(140);
});

test('a run says which parts it is of, what is changed in which of them, and why it computes', () => {
  const changed = [
    { name: 'width', value: 20, parts: ['figure-3'], of: 1 },
    { name: 'channels', value: [4, 8], parts: ['a', 'b', 'c', 'd', 'e'], of: 7 },
  ];
  const special = { ...planned, parts: ['figure-3'], changed, because: 'seed 1 -> 7' };
  const directory = '/x/results/toy/custom';
  expect(
    report([
      { ...special, library: openblas, at: 0 },
      { type: 'finished', directory, files: 3, at: 12 },
      { type: 'hit', directory, restored: false, at: 12 },
    ]).map((line) => line.replace(/ 5 units.*/, '')),
  ).toEqual([
    'toy, figure-3 alone at quick, seed 1:',
    '  Changed: width = 20 in figure-3; channels = [4,8] in a, b, c and 2 more (2 parts without such a setting).',
    '  Why: seed 1 -> 7.',
    'Wrote 3 files to results/toy/custom in 12 s: figure-3 alone, width = 20, channels = [4,8].',
    'Cache hit, nothing to do: results/toy/custom: figure-3 alone, width = 20, channels = [4,8]',
  ]);
});

test('a run that waits says for whom', () => {
  const holder = { pid: 42, host: 'here', processStart: '1', purpose: 'toy at laptop', since: '2026-01-01T00:00:00Z' };
  expect(report([{ type: 'waiting', holder, lockFile: '/x/lock', at: 0 }])[0]).toMatch(
    /toy at laptop, process 42 on here/,
  );
});

test('durations read well at every length', () => {
  expect([0.04, 9.96, 59.4, 59.6, 3599, 3600, 7260].map(duration)).toEqual([
    '0.0 s',
    '10 s',
    '59 s',
    '1 min 0 s',
    '59 min 59 s',
    '1 h 0 min',
    '2 h 1 min',
  ]);
});

test('of a long line the name of the unit is shortened, not what it took', () => {
  const long = { key: 'k', unit: `spectrum of ${'a very long configuration, '.repeat(5)}` };
  const [, line] = report(
    [
      { ...planned, experiment: 'true-vs-empirical-broadening', library: openblas, at: 0 },
      { type: 'unitFinished', ...long, seconds: 200, done: 1, of: 3, at: 4000, left: 5000 },
    ],
    { turn: { number: 1, of: 4 } },
  );
  expect(line).toMatch(/: spectrum of a very long .*\.\.\. took 3 min 20 s$/);
  expect(line.length).toBeLessThan(140);
});
