import type { Complex } from './law.js';

/** @throws RangeError naming the quantity unless it is finite and above zero */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} must be positive and finite, found ${value}`);
  }
}

/** @throws RangeError naming the transform unless the point is finite and not real */
export function requireOffAxis(transform: string, { re, im }: Complex): void {
  if (!(im !== 0 && Number.isFinite(re) && Number.isFinite(im))) {
    throw new RangeError(`${transform} is taken off the real axis, at finite points, found ${re} + ${im}i`);
  }
}

/** @throws RangeError naming the quantity unless it is an integer of at least `least` */
export function requireInteger(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name} must be an integer of at least ${least}, found ${value}`);
  }
}

/** @throws RangeError naming the quantity unless it is from 0 to 1 */
export function requireShare(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`${name} must be from 0 to 1, found ${value}`);
}
