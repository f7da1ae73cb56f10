import { type Dataset, slice } from './dataset.js';

/** Samples that are made when they are asked for: a data set, or the augmented copies of one, which would not fit into memory. */
export interface SampleSource {
  readonly name: string;
  readonly count: number;
  /** Everything of a data set but its samples. */
  readonly like: Omit<Dataset, 'count' | 'inputs' | 'labels' | 'targets'>;
  /** Samples from..to-1: the same each time. @throws RangeError when the range is not inside */
  range(from: number, to: number): Dataset;
}

/** A data set as a source of samples. */
export function samplesOf(data: Dataset): SampleSource {
  const { count: _count, inputs: _inputs, labels: _labels, targets: _targets, ...like } = data;
  return { name: data.name, count: data.count, like, range: (from, to) => slice(data, from, to) };
}
