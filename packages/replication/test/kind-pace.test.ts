import { expect, test } from 'vitest';
import { kindPace } from '../src/kind-pace.js';

const measured = (seconds: number, told: number, units = 1) => ({
  units,
  seconds,
  told: { flops: told * 1e9, seconds: 0 },
});

test('a kind that takes three times what it tells is corrected, the more the more was measured', () => {
  expect(kindPace([measured(3000, 1000)], 1e9)).toBeCloseTo(3, 1);
  expect(kindPace([measured(3, 1)], 1e9)).toBe(1.5);
  expect(kindPace([], 1e9)).toBe(1);
});

test('long units count more than short ones', () => {
  expect(kindPace([measured(1000, 1000), measured(5, 1)], 1e9)).toBeCloseTo(1, 2);
});

test('units that are told to be over at once say nothing', () => {
  expect(kindPace([measured(30, 0.05), measured(600, 5, 100)], 1e9)).toBe(1);
});

test('a faster machine is told less of the same operations, but not of the other seconds', () => {
  const units = [{ units: 1, seconds: 100, told: { flops: 97e9, seconds: 0 } }];
  expect(kindPace(units, 1e9)).toBeCloseTo(103 / 100, 12);
  expect(kindPace([{ units: 1, seconds: 10, told: { flops: 0, seconds: 7 } }], 1e30)).toBeCloseTo(13 / 10, 12);
});
