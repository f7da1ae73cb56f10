import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import type { UnitContext } from '@hessian-rmt/replication';

/** What a unit of this experiment is given: none of them needs another. */
export const unitContext = (random: RandomStream, linearAlgebra: LinearAlgebra): UnitContext => ({
  repetition: 0,
  random,
  linearAlgebra,
  progress: () => {},
  of: () => Promise.reject(new Error('no unit of this experiment needs another')),
  scratch: () => Promise.reject(new Error('no unit of this experiment keeps checkpoints')),
});
