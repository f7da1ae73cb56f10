import { describe, expect, it } from 'vitest';
import { formatNumber, isWithin, measure, median, standardError } from '../src/measurement.js';

describe('measurements', () => {
  it('take the middle value, or the mean of the two in the middle, in numerical order', () => {
    expect(median([10, 9, 100])).toBe(10);
    expect(median([10, 9, 100, 11])).toBe(10.5);
  });

  it('have the standard error of the mean: s / sqrt(n) with divisor n - 1', () => {
    // 1, 2, 3, 4: variance 5/3
    expect(standardError([1, 2, 3, 4])).toBeCloseTo(Math.sqrt(5 / 3 / 4), 15);
  });

  it('refuse NaN and infinite samples, naming which', () => {
    expect(() => measure('claim X1.a', [1, Number.NaN])).toThrow('claim X1.a: sample 1 is NaN, not a finite number');
    expect(() => measure('claim X1.a', [Infinity])).toThrow(RangeError);
    expect(() => measure('claim X1.a', [])).toThrow('claim X1.a: no samples');
  });

  it('say the middle, the extremes and the number of repetitions', () => {
    expect(measure('', [11, 9, 10]).text).toBe('10 (9 to 11 over 3 repetitions)');
    expect(measure('', [2.5]).text).toBe('2.5');
  });

  it('are within a tolerance also when only rounding carries them over it', () => {
    expect(1.1 - 1 > 0.1).toBe(true);
    expect(isWithin(1.1, 1, 0.1)).toBe(true);
    expect(isWithin(1.1 + 1e-12, 1, 0.1)).toBe(false);
  });

  it('are written with four significant digits, whole numbers in full', () => {
    expect([0.98484, 15291300, 3.87e-6, -0.000123456, 1234567.8, 0, 281.32].map(formatNumber)).toEqual([
      '0.9848',
      '15291300',
      '3.87e-6',
      '-0.0001235',
      '1.235e+6',
      '0',
      '281.3',
    ]);
  });
});
