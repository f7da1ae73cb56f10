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

test('a running unit is extrapolated from its own progress once that says something', () => {
  const running = (fraction: number) => [
    { kind: 'a', threads: 1, expectedSeconds: 100, running: { seconds: 5, fraction } },
  ];
  expect(remainingSeconds(running(0.25), none, 1)).toBe(15);
  expect(remainingSeconds(running(0.01), none, 1)).toBe(95);
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
