import { describe } from 'vitest';
import { type LinearAlgebra, linearAlgebra, portableLinearAlgebra } from '../../src/index.js';

const found = await linearAlgebra();

/** The library of this machine, or undefined where there is none. */
export const library: LinearAlgebra | undefined = found.library.kind === 'portable' ? undefined : found;
export const portable: LinearAlgebra = portableLinearAlgebra();

const absent = 'library (skipped: none was found; libopenblas0-pthread is one)';

/** The same tests on both implementations: a library where there is one, and plain TypeScript. */
export function describeBoth(what: string, tests: (algebra: LinearAlgebra) => void): void {
  describe(`${what}, portable`, () => tests(portable));
  if (library) describe(`${what}, ${library.library.identity}`, () => tests(library));
  else describe.skip(`${what}, ${absent}`, () => tests(portable));
}
