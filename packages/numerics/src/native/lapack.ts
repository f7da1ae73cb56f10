import { largestInteger } from '../check.js';
import type { RealArray } from '../linear-algebra.js';
import type { Routine } from './routines.js';

/** Fortran takes its arguments by address. */
export const character = (letter: string): Uint8Array => Uint8Array.of(letter.charCodeAt(0));
export const integer = (value: number): Int32Array => Int32Array.of(value);

/** A zeroed array of the same precision. */
export function arrayLike<T extends RealArray>(like: T, length: number): T {
  return (like instanceof Float64Array ? new Float64Array(length) : new Float32Array(length)) as T;
}

// koffi refuses more than 256 calls at a time; Node's pool has four threads, so that more than a few only wait.
const mostAtOnce = 8;
const waiting: (() => void)[] = [];

// koffi passes the memory of a typed array without holding the array: until the call is done, this does.
const inFlight = new Set<readonly unknown[]>();

/** Runs a routine on a thread of Node's pool, after those that came before it. */
export async function runAside(routine: Routine, args: readonly unknown[]): Promise<void> {
  if (inFlight.size >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  inFlight.add(args);
  try {
    await new Promise<void>((resolve, reject) => {
      routine.async(...args, (error: unknown) => (error ? reject(error) : resolve()));
    });
  } finally {
    inFlight.delete(args);
    waiting.shift()?.();
  }
}

/** The arguments of a LAPACK routine, given its workspace and the place of `info`. */
export type Arguments<T extends RealArray> = (
  work: T,
  lwork: Int32Array,
  iwork: Int32Array,
  liwork: Int32Array,
  info: Int32Array,
) => readonly unknown[];

/** What LAPACK says of a failure: the routine and its `info` (negative: that argument is wrong). */
export class LapackError extends Error {
  override readonly name = 'LapackError';
  constructor(
    readonly routine: string,
    readonly info: number,
    meaning = info < 0 ? `argument ${-info} is wrong` : 'the algorithm did not converge',
  ) {
    super(`${routine} failed with info = ${info}: ${meaning}`);
  }
}

/**
 * Asks a LAPACK routine for the workspace it wants, then runs it aside.
 *
 * @throws RangeError if a workspace exceeds 2^31 - 1 elements (LAPACK counts in 32 bits); LapackError if info != 0
 */
export async function runLapack<T extends RealArray>(
  name: string,
  routine: Routine,
  like: T,
  args: Arguments<T>,
): Promise<void> {
  const work = arrayLike(like, 1);
  const iwork = integer(0);
  const info = integer(0);
  routine(...args(work, integer(-1), iwork, integer(-1), info));
  if (info[0] !== 0) throw new LapackError(name, info[0]);
  // A float32 answer is rounded to 24 bits, possibly down.
  const rounding = like instanceof Float32Array ? 1 + 2 ** -23 : 1;
  const lwork = workspace(name, Math.ceil(work[0] * rounding));
  const liwork = workspace(name, iwork[0]);
  await runAside(routine, args(arrayLike(like, lwork), integer(lwork), new Int32Array(liwork), integer(liwork), info));
  if (info[0] !== 0) throw new LapackError(name, info[0]);
}

function workspace(name: string, size: number): number {
  if (!(size >= 0 && size <= largestInteger)) {
    throw new RangeError(
      `${name} needs a workspace of more than 2^31 - 1 elements: the matrix is too large for LAPACK`,
    );
  }
  return Math.max(1, size);
}
