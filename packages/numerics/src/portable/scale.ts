import { checkResult } from '../check.js';
import type { RealArray } from '../linear-algebra.js';

/**
 * Multiplies all elements by one power of two that brings the largest magnitude into [1, 2), so that squares neither
 * overflow nor vanish. Exact. Returns the factor; 1 if all are zero.
 */
export function scaleToOne(...arrays: readonly RealArray[]): number {
  let largest = 0;
  for (const array of arrays) for (const value of array) largest = Math.max(largest, Math.abs(value));
  if (largest === 0 || !Number.isFinite(largest)) return 1;
  // 2^1023 is the largest power, so the smallest subnormal numbers are lifted as far as that goes
  const factor = 2 ** Math.min(1023, -Math.floor(Math.log2(largest)));
  if (factor !== 1) for (const array of arrays) for (let i = 0; i < array.length; i++) array[i] *= factor;
  return factor;
}

/** Undoes scaleToOne on results that grow with the matrix. @throws Error if one overflows */
export function unscale<T extends RealArray>(name: string, values: T, factor: number): T {
  for (let i = 0; i < values.length; i++) values[i] /= factor;
  checkResult(name, values);
  return values;
}
