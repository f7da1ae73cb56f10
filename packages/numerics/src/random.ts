/**
 * A named stream of random numbers. The same seed and name give the same numbers on every machine; streams of
 * different names are independent of each other and of the order in which they are used.
 */
export interface RandomStream {
  /** Name from the root, as `seed/part/part`. */
  readonly name: string;
  /** A stream of its own for one purpose. Does not advance this stream: asking twice gives the same numbers. */
  stream(name: string): RandomStream;
  /** Uniform on [0, 1), 53 random bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform integer in 0 .. n - 1. @throws RangeError unless n is a positive integer */
  integer(n: number): number;
  /** A uniformly random permutation of 0 .. n - 1 (Fisher-Yates). */
  permutation(n: number): Uint32Array;
  /** n independent normals of mean 0 and this standard deviation (default 1). */
  normals(n: number, standardDeviation?: number): Float64Array;
}
