import { TestRunner } from 'vitest';

/** One line of the table that ends the campaign. */
export interface Figure {
  /** The fault: `kill -9`. */
  readonly fault: string;
  /** What was reached: `50 kills, 50 resumes, 0 bytes differ`. */
  readonly reached: string;
}

declare module 'vitest' {
  interface TaskMeta {
    figures?: Figure[];
  }
}

/**
 * Puts a line into the table that is printed when all tests are over; it stands in fault-results.json too. Call it before
 * what is expected of the figures, so that a failing test tells them as well.
 *
 * @throws Error outside a test
 */
export function tell(fault: string, reached: string): void {
  const test = TestRunner.getCurrentTest();
  if (test === undefined) throw new Error(`${fault}: figures are told within a test`);
  test.meta.figures = [...(test.meta.figures ?? []), { fault, reached }];
}

/** The short campaign, for CI: HESSIAN_RMT_FAULTS=short. */
const isShort = process.env.HESSIAN_RMT_FAULTS === 'short';

/** A size that depends on which campaign this is. */
export function sized<T>({ long, short }: { readonly long: T; readonly short: T }): T {
  return isShort ? short : long;
}
