/** Zeros in memory that worker threads share: the portable linear algebra would copy any other for every product. */
export function sharedArray(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length));
}

/**
 * Buffers that are taken again by name. Touching fresh memory was measured at 2 s per GB, more than the arithmetic on
 * it, so a chunk works in the buffers of the chunk before. Contents are whatever the last user left.
 */
export class Scratch {
  private readonly buffers = new Map<string, Float64Array>();

  take(name: string, length: number): Float64Array {
    let buffer = this.buffers.get(name);
    if (!buffer || buffer.length < length) {
      buffer = sharedArray(length);
      this.buffers.set(name, buffer);
    }
    return buffer.subarray(0, length);
  }
}
