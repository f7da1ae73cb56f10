import type { Dataset } from '@hessian-rmt/models';

/**
 * The data set in memory that all threads of this process share; what lies there already stays where it is.
 *
 * `shardedProducts` does so by itself, with a copy. For data that fill much of the memory do it before and let go of the
 * original.
 */
export function sharedDataset(data: Dataset): Dataset {
  const { inputs, labels, targets } = data;
  return {
    ...data,
    inputs: isShared(inputs) ? inputs : copyTo(inputs, sharedNumbers(inputs.length)),
    labels: isShared(labels) ? labels : copyTo(labels, new Uint8Array(new SharedArrayBuffer(labels.length))),
    ...(targets && { targets: isShared(targets) ? targets : copyTo(targets, sharedNumbers(targets.length)) }),
  };
}

/** Bytes that `sharedDataset` takes. */
export function bytesToShare({ inputs, labels, targets }: Dataset): number {
  return [inputs, labels, targets].reduce((sum, array) => sum + (array && !isShared(array) ? array.byteLength : 0), 0);
}

/** Zeros in memory that threads share. */
export function sharedNumbers(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}

function isShared({ buffer }: Float64Array | Uint8Array): boolean {
  return buffer instanceof SharedArrayBuffer;
}

function copyTo<T extends Float64Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
