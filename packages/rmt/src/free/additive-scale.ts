import type { Interval } from '../law.js';
import type { Subordination } from './subordination.js';

/** Everything on the scale of the width of the hull, which is stretched a little so that its ends lie outside the law. */
export function additiveScale([lower, upper]: Interval): Omit<
  Subordination,
  'name' | 'atoms' | 'start' | 'step' | 'potential' | 'moment'
> {
  const width = upper - lower;
  const size = Math.max(Math.abs(lower), Math.abs(upper), width);
  const smallest = Math.max(2 ** -44 * width, 2 ** -50 * size);
  return {
    hull: [lower - width / 512, upper + width / 512],
    top: 2 * width,
    bottom: () => smallest,
    clearance: () => 1024 * smallest,
    singular: [],
    middle: ([left, right]) => left + (right - left) / 2,
    isPoint: ([left, right]) => right - left <= 2 * smallest,
    isNothing: () => false,
    size: () => size,
  };
}
