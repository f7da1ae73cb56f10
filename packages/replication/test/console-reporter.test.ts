import { expect, test } from 'vitest';
import { consoleReporter, duration } from '../src/console-reporter.js';
import type { RunEvent, RunStep } from '../src/run-events.js';

const openblas = { kind: 'openblas', description: 'OpenBLAS 0.3.21 on Zen', identity: 'OpenBLAS', threads: 1 } as const;
const portable = { kind: 'portable', description: 'portable TypeScript', identity: 'portable', threads: 1 } as const;

function report(steps: readonly (RunStep & { at: number; left?: number })[]): string[] {
  const lines: string[] = [];
  const take = consoleReporter({ print: (line) => lines.push(line) });
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
    { type: 'unitStarted', ...unit, at: 1 },
    progress(2),
    progress(11),
    progress(12),
    { type: 'unitFinished', ...unit, seconds: 12.6, done: 1, of: 3, at: 13, left: 3700 },
    progress(22),
    progress(23.5),
    { type: 'unitFailed', ...unit, reason: 'Error: broke\n    at here', at: 24 },
  ]);
  expect(lines).toEqual([
    '  squares n=3, repetition 0: 50 %, training, about 1 min 15 s left',
    '[1/3] squares n=3, repetition 0: 13 s, about 1 h 2 min left',
    '  squares n=3, repetition 0: 50 %, training, about 1 min 15 s left',
    'FAILED squares n=3, repetition 0: Error: broke',
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
