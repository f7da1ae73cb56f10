import type { RandomStream } from '@hessian-rmt/numerics';
import { type Dataset, select } from '../dataset.js';

/**
 * `samples` samples drawn without replacement, the same number of every class (classes drawn at random get the
 * remainder), in random order.
 *
 * @throws RangeError unless every class has enough samples, and for regression data
 */
export function balancedSubset(data: Dataset, samples: number, random: RandomStream): Dataset {
  if (!Number.isSafeInteger(samples) || samples < 1 || samples > data.count) {
    throw new RangeError(`balancedSubset: expected 1 to ${data.count} samples of ${data.name}, found ${samples}`);
  }
  if (data.classes === 0) throw new RangeError(`balancedSubset: ${data.name} has no classes`);

  const members: number[][] = Array.from({ length: data.classes }, () => []);
  data.labels.forEach((label, index) => {
    members[label].push(index);
  });
  const each = Math.floor(samples / data.classes);
  const withOneMore = new Set(
    random
      .stream('remainder')
      .permutation(data.classes)
      .slice(0, samples % data.classes),
  );

  const chosen: number[] = [];
  members.forEach((indices, label) => {
    const wanted = each + (withOneMore.has(label) ? 1 : 0);
    if (indices.length < wanted) {
      throw new RangeError(
        `balancedSubset: expected at least ${wanted} samples of class ${label} in ${data.name}, found ${indices.length}`,
      );
    }
    const order = random.stream(`class-${label}`).permutation(indices.length);
    for (let i = 0; i < wanted; i++) chosen.push(indices[order[i]]);
  });
  const order = random.stream('order').permutation(chosen.length);
  const subset = select(
    data,
    Array.from(order, (position) => chosen[position]),
  );
  return { ...subset, name: `${data.name}, balanced subset of ${samples}` };
}
