import type { RandomStream } from '@hessian-rmt/numerics';
import { incompleteGamma } from '../../src/laws/incomplete-gamma.js';

/** Exponential values that share this part of their normal scores with the others of their group: each follows exp(-s). */
export function correlatedGroups(groups: number, size: number, shared: number, random: RandomStream): Float64Array[] {
  return Array.from({ length: groups }, () => {
    const common = Math.sqrt(shared) * random.normal();
    return Float64Array.from({ length: size }, () => {
      const score = common + Math.sqrt(1 - shared) * random.normal();
      const half = incompleteGamma(0.5, (score * score) / 2) / 2;
      return -Math.log(score > 0 ? 0.5 - half : 0.5 + half);
    });
  });
}
