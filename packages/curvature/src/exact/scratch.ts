/**
 * Buffers that are taken again by name. Touching fresh memory was measured at 2 s per GB, more than the arithmetic on
 * it, so a chunk works in the buffers of the chunk before. Contents are whatever the last user left.
 */
export class Scratch {
  private readonly buffers = new Map<string, Float64Array>();

  take(name: string, length: number): Float64Array {
    let buffer = this.buffers.get(name);
    if (!buffer || buffer.length < length) {
      buffer = new Float64Array(length);
      this.buffers.set(name, buffer);
    }
    return buffer.subarray(0, length);
  }
}
