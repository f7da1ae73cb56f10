import type { RandomStream } from '@hessian-rmt/numerics';
import { requireInteger } from '../checks.js';

/**
 * n levels that do not interact: independent and uniform on [0, n], ascending, of mean density 1, so that they need no
 * unfolding. As their number is given, long-range statistics fall short of the Poisson process by the share of the range
 * they look at: the number variance is L (1 - L/n). Ratios of spacings are exactly those of the process.
 *
 * @throws RangeError unless n is an integer, not negative
 */
export function poissonLevels(n: number, random: RandomStream): Float64Array {
  requireInteger('the number of levels', n, 0);
  return Float64Array.from({ length: n }, () => n * random.uniform()).sort();
}
