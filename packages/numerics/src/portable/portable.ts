import { availableParallelism } from 'node:os';
import { checkSize } from '../check.js';
import type { LinearAlgebra } from '../linear-algebra.js';
import { type Crew, crewFor } from './crew.js';
import { bestKernel } from './multiply.js';
import { portableProducts } from './products.js';
import { portableFactorizations, portableTridiagonalSolvers } from './solvers.js';
import { portableEigensolvers } from './symmetric.js';

/**
 * Linear algebra in plain TypeScript, for machines without a BLAS. The innermost loop of products is WebAssembly SIMD
 * where the engine has it (about 15 GF a thread), else JavaScript (4 GF): the same bytes. Matrix products and symmetric
 * eigenproblems share out among the threads; work of less than about 10 ms stays on the calling thread. Everything is
 * computed in float64, float32 arrays too.
 *
 * @throws RangeError if threads is not a positive integer
 */
export function portableLinearAlgebra(options: { readonly threads?: number } = {}): LinearAlgebra {
  if (options.threads !== undefined) checkSize('threads', options.threads);
  const threads = Math.min(options.threads ?? Infinity, availableParallelism());
  const threadsFor = (operations: number): Crew => crewFor(operations, threads);

  const fast = bestKernel().name === 'WebAssembly SIMD';

  return {
    library: {
      kind: 'portable',
      description:
        `plain TypeScript${fast ? ' with WebAssembly SIMD' : ''} on ${threads} threads; ` +
        `OpenBLAS (Debian: libopenblas0-pthread) is ${fast ? '3 to 5' : '7 to 20'} times faster`,
      identity: 'portable',
      threads,
    },
    ...portableProducts(threadsFor),
    sideBySide: (work) => work(1),
    ...portableEigensolvers(threadsFor),
    ...portableTridiagonalSolvers(threadsFor),
    ...portableFactorizations(threadsFor),
  };
}
