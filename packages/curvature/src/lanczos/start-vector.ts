import type { RandomStream } from '@hessian-rmt/numerics';
import { divide, norm } from './orthonormal-rows.js';

/** Elements of a random vector: +1 or -1 with equal probability, or standard normal. Both have mean 0 and variance 1. */
export const randomVectorLaws = ['rademacher', 'normal'] as const;
export type RandomVectorLaw = (typeof randomVectorLaws)[number];

/** A vector of independent elements of this law. */
export function randomVector(law: RandomVectorLaw, size: number, random: RandomStream): Float64Array {
  switch (law) {
    case 'normal':
      return random.normals(size);
    case 'rademacher':
      return Float64Array.from({ length: size }, () => (random.uniform() < 0.5 ? -1 : 1));
    default:
      throw new RangeError(`randomVector: expected a law of ${randomVectorLaws.join(', ')}, found ${law}`);
  }
}

/** A vector, of any norm but 0, or a random one. */
export type StartVector =
  | Float64Array
  | {
      readonly random: RandomStream;
      /** Default `rademacher`, as Granziol et al. 2020, sec. 5.1, argue with; both laws do what is asked there. */
      readonly law?: RandomVectorLaw;
    };

/** The start vector, divided by its norm. @throws RangeError if its length is wrong, it is 0 or not finite */
export function normalisedStart(start: StartVector, size: number): Float64Array {
  const vector =
    start instanceof Float64Array ? start.slice() : randomVector(start.law ?? 'rademacher', size, start.random);
  if (vector.length !== size) {
    throw new RangeError(`lanczos: expected a start vector of length ${size}, found ${vector.length}`);
  }
  // Division by the largest element first: squares neither overflow nor vanish.
  const largest = vector.reduce((most, value) => (Math.abs(value) <= most ? most : Math.abs(value)), 0);
  if (!(largest > 0 && largest < Infinity)) {
    throw new RangeError(
      `lanczos: expected a finite start vector that is not 0, found a largest element of ${largest}`,
    );
  }
  divide(vector, largest);
  divide(vector, norm(vector));
  return vector;
}
