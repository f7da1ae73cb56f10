import { expect, test } from 'vitest';
import { type Pace, remainingSeconds } from '../src/remaining-time.js';

const none = new Map<string, Pace>();

test('core-seconds spread over the cores', () => {
  const units = [10, 20, 30].map((expectedSeconds) => ({ kind: 'a', threads: 1, expectedSeconds }));
  expect(remainingSeconds(units, none, 2)).toBe(30);
  expect(remainingSeconds(units, none, 1)).toBe(60);
});

test('a unit of two threads takes both cores for its time', () => {
  const units = [
    { kind: 'a', threads: 2, expectedSeconds: 10 },
    { kind: 'a', threads: 1, expectedSeconds: 10 },
  ];
  expect(remainingSeconds(units, none, 2)).toBe(15);
});

test('no less than the longest unit', () => {
  expect(remainingSeconds([{ kind: 'a', threads: 1, expectedSeconds: 40 }], none, 8)).toBe(40);
});

const report = (seconds: number, fraction: number) => ({ seconds, fraction });

test('a running unit is extrapolated from its own progress once that says something', () => {
  const running = (fraction: number) => [
    {
      ...{ kind: 'a', threads: 1, expectedSeconds: 100 },
      running: { seconds: 5, first: report(0, 0), last: report(5, fraction) },
    },
  ];
  expect(remainingSeconds(running(0.25), none, 1)).toBe(15);
  expect(remainingSeconds(running(0.01), none, 1)).toBe(95);
});

test('what was done when a unit first told of it, as after a kill, took no time of this run', () => {
  const running = { seconds: 12, first: report(2, 0.6), last: report(12, 0.8) };
  expect(remainingSeconds([{ kind: 'a', threads: 1, running }], none, 1)).toBeCloseTo(10, 12);
});

test('a unit that told of its progress only once takes what was expected of it; the rest is guessed where nothing was', () => {
  const running = { seconds: 8, first: report(0.1, 0.1), last: report(0.1, 0.1) };
  expect(remainingSeconds([{ kind: 'a', threads: 1, expectedSeconds: 12, running }], none, 1)).toBe(4);
  expect(remainingSeconds([{ kind: 'a', threads: 1, running }], new Map([['a', { mean: 10 }]]), 1)).toBe(2);
  expect(remainingSeconds([{ kind: 'a', threads: 1, running }], none, 1)).toBeCloseTo(72, 12);
});

test('time that has gone since the last report is not told again', () => {
  const running = { seconds: 9, first: report(0, 0), last: report(5, 0.5) };
  expect(remainingSeconds([{ kind: 'a', threads: 1, running }], none, 1)).toBe(1);
});

test('what was expected is corrected by how the finished units of the kind kept to it', () => {
  const units = [
    { kind: 'a', threads: 1, expectedSeconds: 10 },
    { kind: 'b', threads: 1, expectedSeconds: 10 },
  ];
  expect(remainingSeconds(units, new Map([['a', { mean: 7, perExpected: 3 }]]), 1)).toBe(40);
});

test('a unit of which nothing is known takes the mean of its kind, and without one nothing is told', () => {
  const units = [{ kind: 'a', threads: 1 }];
  expect(remainingSeconds(units, new Map([['a', { mean: 7 }]]), 1)).toBe(7);
  expect(remainingSeconds(units, none, 1)).toBeNull();
  expect(remainingSeconds([], none, 1)).toBe(0);
});
