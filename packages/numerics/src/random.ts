import { createHash } from 'node:crypto';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

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

/**
 * The stream of this root seed and path of names: `randomStream(7, 'training', 'batches')` is the stream
 * `7/training/batches`, the same as `randomStream(7).stream('training').stream('batches')`.
 *
 * The generator is xoroshiro128+ (Blackman & Vigna 2018, from pure-rand) and its 128 bits of state are the head of the
 * SHA-256 digest of the stream's name, so no two names share numbers. Every draw is made of integer arithmetic and of
 * the five correctly rounded operations of IEEE 754, never of the engine's `Math.log` or `Math.cos`, whose last bit
 * varies between versions and processors: a stream gives the same bits everywhere.
 *
 * @throws RangeError unless the seed is a safe integer and no name is empty
 */
export function randomStream(seed: number, ...names: readonly string[]): RandomStream {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`A random seed must be a safe integer; found ${seed}.`);
  return names.reduce<RandomStream>((stream, name) => stream.stream(name), new NamedStream(`${seed}`));
}

const twoTo53 = 2 ** 53;
const twoToMinus53 = 2 ** -53;

class NamedStream implements RandomStream {
  readonly name: string;
  private readonly generator: { next(): number };
  /** The second normal of the last accepted pair, NaN when it has been given out. */
  private spare = Number.NaN;

  constructor(name: string) {
    this.name = name;
    this.generator = xoroshiro128plusFromState(stateOf(name));
  }

  stream(name: string): RandomStream {
    if (name === '') throw new RangeError(`A random stream under "${this.name}" needs a name; found an empty one.`);
    return new NamedStream(`${this.name}/${name}`);
  }

  uniform(): number {
    return this.bits53() * twoToMinus53;
  }

  normal(): number {
    const spare = this.spare;
    if (!Number.isNaN(spare)) {
      this.spare = Number.NaN;
      return spare;
    }
    // Marsaglia's polar method (Marsaglia & Bray 1964): a uniform point of the unit disc gives two normals.
    let x: number;
    let y: number;
    let squared: number;
    do {
      x = this.bits53() * (2 * twoToMinus53) - 1;
      y = this.bits53() * (2 * twoToMinus53) - 1;
      squared = x * x + y * y;
    } while (squared >= 1 || squared === 0);
    const factor = Math.sqrt((-2 * logarithm(squared)) / squared);
    this.spare = y * factor;
    return x * factor;
  }

  integer(n: number): number {
    if (!Number.isSafeInteger(n) || n < 1) {
      throw new RangeError(`A random integer below n needs a positive integer n; found ${n}.`);
    }
    // n intervals of equal width; what lies beyond the last is drawn again. The quotient is exact enough for floor:
    // it misses the next integer by at least 1 / width, more than half a unit in its last place.
    const width = Math.floor(twoTo53 / n);
    let bits = this.bits53();
    while (bits >= width * n) bits = this.bits53();
    return Math.floor(bits / width);
  }

  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: checkedCount(n) }, (_, i) => i);
    for (let last = n - 1; last > 0; last--) {
      const chosen = this.integer(last + 1);
      const held = order[last];
      order[last] = order[chosen];
      order[chosen] = held;
    }
    return order;
  }

  normals(n: number, standardDeviation = 1): Float64Array {
    if (!(standardDeviation >= 0 && standardDeviation < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`A standard deviation must be finite and not negative; found ${standardDeviation}.`);
    }
    const values = new Float64Array(checkedCount(n));
    for (let i = 0; i < n; i++) values[i] = standardDeviation * this.normal();
    return values;
  }

  /** Uniform integer of 53 bits. The generator's lowest bits are its weakest (linear recurrences): they are dropped. */
  private bits53(): number {
    const high = this.generator.next() >>> 5;
    return high * 67108864 + (this.generator.next() >>> 6);
  }
}

/** 128 bits of generator state, the head of a SHA-256 digest of the name. The prefix names this scheme. */
function stateOf(name: string): number[] {
  const digest = createHash('sha256').update(`hessian-rmt random stream 1: ${name}`).digest();
  return [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset));
}

function checkedCount(n: number): number {
  if (Number.isSafeInteger(n) && n >= 0) return n;
  throw new RangeError(`A number of draws must be an integer, not negative; found ${n}.`);
}

/**
 * Natural logarithm on (0, 1), to within a few units in the last place: x = m / 2^k with m in [sqrt(1/2), sqrt 2), and
 * log m = 2 artanh(t), t = (m - 1)/(m + 1), |t| < 0.172, by its Taylor series: the first term left out is below 1e-18.
 */
function logarithm(x: number): number {
  let k = 0;
  while (x < Math.SQRT1_2) {
    x *= 2;
    k++;
  }
  const t = (x - 1) / (x + 1);
  const t2 = t * t;
  let sum = 1 / 21;
  for (let odd = 19; odd > 0; odd -= 2) sum = sum * t2 + 1 / odd;
  return 2 * t * sum - k * Math.LN2;
}
