import type { Dataset } from '../dataset.js';
import type { DenseNetwork, LossName } from '../network.js';

/** What the samples of a batch should give: classes or regression targets, one row a sample. */
export interface Wanted {
  readonly labels: Uint8Array;
  readonly targets: Float64Array;
}

/** A loss as a function of the network's outputs z, for a batch of `count` samples with `width` outputs each. */
export interface OutputLoss {
  /** Sum of the samples' losses; writes delta = scale dl/dz. */
  gradient(z: Float64Array, wanted: Wanted, count: number, width: number, scale: number, delta: Float64Array): number;
  /** result := scale (d2l/dz2) tangent, sample by sample. */
  hessianProduct(
    z: Float64Array,
    tangent: Float64Array,
    count: number,
    width: number,
    scale: number,
    result: Float64Array,
  ): void;
}

/**
 * -log softmax(z)[label]. Near the end of training all but one probability of a sample are tiny and everything of
 * interest is made of them, so nothing here is a difference of numbers near 1: log(1 + the rest) is log1p, p - 1 of the
 * label is minus the sum of the others.
 */
const softmaxCrossEntropy: OutputLoss = {
  gradient(z, { labels }, count, width, scale, delta) {
    let total = 0;
    for (let n = 0; n < count; n++) {
      const start = n * width;
      const label = start + labels[n];
      const largest = largestIn(z, start, width);
      const rest = exponentials(z, start, width, largest, delta);
      total += Math.log1p(rest) + (z[largest] - z[label]);
      const factor = scale / (1 + rest);
      delta[label] = 0;
      let others = 0;
      for (let i = start; i < start + width; i++) {
        delta[i] *= factor;
        others += delta[i];
      }
      delta[label] = -others;
    }
    return total;
  },

  // (diag p - p p^T) t does not change when a constant is added to t: with t = 0 at the most probable class, p^T t has no
  // term of order 1.
  hessianProduct(z, tangent, count, width, scale, result) {
    for (let n = 0; n < count; n++) {
      const start = n * width;
      const largest = largestIn(z, start, width);
      const origin = tangent[largest];
      const sum = 1 + exponentials(z, start, width, largest, result);
      let mean = 0;
      for (let i = start; i < start + width; i++) mean += (result[i] / sum) * (tangent[i] - origin);
      for (let i = start; i < start + width; i++) result[i] *= (scale / sum) * (tangent[i] - origin - mean);
    }
  },
};

/** 1/2 |z - y|^2. */
const squaredError: OutputLoss = {
  gradient(z, { targets }, count, width, scale, delta) {
    let total = 0;
    for (let i = 0; i < count * width; i++) {
      const residual = z[i] - targets[i];
      total += residual * residual;
      delta[i] = scale * residual;
    }
    return total / 2;
  },

  hessianProduct(_z, tangent, count, width, scale, result) {
    for (let i = 0; i < count * width; i++) result[i] = scale * tangent[i];
  },
};

export const outputLosses: Readonly<Record<LossName, OutputLoss>> = {
  'softmax-cross-entropy': softmaxCrossEntropy,
  'squared-error': squaredError,
};

/** @throws RangeError naming what of the data does not fit the network's inputs, outputs or loss */
export function checkFit({ widths, loss }: Pick<DenseNetwork, 'widths' | 'loss'>, data: Dataset): void {
  const outputs = widths[widths.length - 1];
  const expect = (what: string, found: number, expected: number) => {
    if (found !== expected) throw new RangeError(`${data.name}: expected ${expected} ${what}, found ${found}`);
  };
  expect('inputs a sample, as the network has', data.dimension, widths[0]);
  const inputs = data.count * data.dimension;
  if (data.inputs.length < inputs) {
    throw new RangeError(
      `${data.name}: expected ${inputs} inputs of ${data.count} samples, found ${data.inputs.length}`,
    );
  }
  if (loss === 'softmax-cross-entropy') {
    expect('classes, as the network has outputs', data.classes, outputs);
    expect('labels', data.labels.length, data.count);
    const stray = data.labels.findIndex((label) => label >= outputs);
    if (stray >= 0)
      throw new RangeError(`${data.name}: no class ${data.labels[stray]} (sample ${stray}) in ${outputs}`);
  } else {
    expect(
      `targets, ${outputs} a sample (for class labels see withOneHotTargets)`,
      data.targets?.length ?? 0,
      data.count * outputs,
    );
  }
}

/**
 * delta := scale delta (delta . tangent), sample by sample: from dl/dz and R{z} to what J^T makes scale g (g . v) of, g being
 * the sample's gradient.
 */
export function alongOwnGradients(
  delta: Float64Array,
  tangent: Float64Array,
  count: number,
  width: number,
  scale: number,
): void {
  for (let n = 0; n < count; n++) {
    let slope = 0;
    for (let i = n * width; i < (n + 1) * width; i++) slope += delta[i] * tangent[i];
    for (let i = n * width; i < (n + 1) * width; i++) delta[i] *= scale * slope;
  }
}

/** Position of the largest of z[start .. start + width - 1]. */
function largestIn(z: Float64Array, start: number, width: number): number {
  let largest = start;
  for (let i = start + 1; i < start + width; i++) if (z[i] > z[largest]) largest = i;
  return largest;
}

/** Writes exp(z - z[largest]) and returns the sum of all but the largest, which is 1. */
function exponentials(z: Float64Array, start: number, width: number, largest: number, into: Float64Array): number {
  let rest = 0;
  for (let i = start; i < start + width; i++) {
    into[i] = Math.exp(z[i] - z[largest]);
    if (i !== largest) rest += into[i];
  }
  return rest;
}
