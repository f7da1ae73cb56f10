import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../src/random.js';

/** Bound on sup |F_n - F| that n independent draws from F exceed once in a million (Dvoretzky-Kiefer-Wolfowitz-Massart). */
const ksBound = (n: number) => Math.sqrt(Math.log(2 / 1e-6) / (2 * n));

function ksDistance(draws: Float64Array, cumulative: (x: number) => number): number {
  const sorted = draws.slice().sort();
  const n = sorted.length;
  return sorted.reduce((worst, x, i) => Math.max(worst, cumulative(x) - i / n, (i + 1) / n - cumulative(x)), 0);
}

const mean = (values: ArrayLike<number>, of: (x: number) => number = (x) => x) =>
  Array.from(values, of).reduce((sum, x) => sum + x, 0) / values.length;

/** Standard normal cumulative: 1/2 + phi(x) sum x^(2k+1)/(2k+1)!!, accurate for |x| < 7. */
function normalCumulative(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-18 * Math.abs(sum); k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}

/** xoroshiro128+ 1.0 as published (Blackman & Vigna), in BigInt: the low half of each 64-bit output. */
function* xoroshiro128plus(s0: bigint, s1: bigint): Generator<number> {
  const wrap = (x: bigint) => BigInt.asUintN(64, x);
  const rotl = (x: bigint, k: bigint) => wrap(x << k) | (x >> (64n - k));
  for (;;) {
    yield Number(wrap(s0 + s1) & 0xffffffffn);
    s1 ^= s0;
    s0 = rotl(s0, 24n) ^ s1 ^ wrap(s1 << 16n);
    s1 = rotl(s1, 37n);
  }
}

describe('randomStream', () => {
  it('runs xoroshiro128+ from the SHA-256 digest of its name', () => {
    const digest = createHash('sha256').update('hessian-rmt random stream 1: 7/training/batches').digest();
    const word = (i: number) => BigInt(digest.readUInt32LE(4 * i));
    const generator = xoroshiro128plus((word(0) << 32n) | word(1), (word(2) << 32n) | word(3));
    const bits = () => generator.next().value as number;
    const stream = randomStream(7, 'training', 'batches');
    for (let i = 0; i < 1000; i++) {
      const high = bits() >>> 5;
      expect(stream.uniform()).toBe((high * 2 ** 26 + (bits() >>> 6)) / 2 ** 53);
    }
  });

  it('draws normals by the polar method from its uniforms', () => {
    const uniforms = randomStream(3, 'normals');
    const normals = randomStream(3, 'normals');
    for (let pair = 0; pair < 1000; pair++) {
      let x = 0;
      let y = 0;
      do {
        x = 2 * uniforms.uniform() - 1;
        y = 2 * uniforms.uniform() - 1;
      } while (x * x + y * y >= 1);
      const factor = Math.sqrt((-2 * Math.log(x * x + y * y)) / (x * x + y * y));
      expect(Math.abs(normals.normal() / (x * factor) - 1)).toBeLessThan(2e-15);
      expect(Math.abs(normals.normal() / (y * factor) - 1)).toBeLessThan(2e-15);
    }
  });

  it('gives the numbers it has always given', () => {
    const stream = randomStream(1, 'no regression');
    expect(Array.from({ length: 3 }, () => stream.uniform())).toMatchInlineSnapshot(`
      [
        0.2663393142572199,
        0.473821256284074,
        0.9752666791236895,
      ]
    `);
    expect(Array.from({ length: 3 }, () => stream.normal())).toMatchInlineSnapshot(`
      [
        -0.8790674465912616,
        -0.6117040696272322,
        0.1718531046092671,
      ]
    `);
    expect(Array.from({ length: 5 }, () => stream.integer(100))).toMatchInlineSnapshot(`
      [
        42,
        86,
        85,
        44,
        16,
      ]
    `);
    expect([...stream.permutation(8)]).toMatchInlineSnapshot(`
      [
        2,
        0,
        7,
        5,
        4,
        3,
        1,
        6,
      ]
    `);
  });

  it('draws uniforms whose distribution and serial pairs are uniform', () => {
    const n = 50_000;
    const stream = randomStream(11, 'uniform');
    const draws = Float64Array.from({ length: n }, () => stream.uniform());
    expect(ksDistance(draws, (x) => x)).toBeLessThan(ksBound(n));
    // Products of neighbours, centred: mean 0, variance 1/144.
    const products = draws.subarray(1).map((x, i) => (x - 0.5) * (draws[i] - 0.5));
    expect(Math.abs(mean(products))).toBeLessThan(5 / 12 / Math.sqrt(n));
    // Every bit of the 53 is one half the time.
    for (let bit = 1; bit <= 53; bit++) {
      const ones = mean(draws, (x) => Math.floor(x * 2 ** bit) % 2);
      expect(Math.abs(ones - 0.5), `bit ${bit}`).toBeLessThan(5 * Math.sqrt(0.25 / n));
    }
  });

  it('draws normals with the normal distribution, its moments and its tails', () => {
    const n = 100_000;
    const draws = randomStream(5, 'normal').normals(n);
    expect(ksDistance(draws, normalCumulative)).toBeLessThan(ksBound(n));
    // E x^k and Var x^k = E x^2k - (E x^k)^2 from the double factorials.
    const moments = [1, 0, 1, 0, 3, 0, 15, 0, 105, 0, 945, 0, 10395];
    for (let k = 1; k <= 6; k++) {
      const bound = 5 * Math.sqrt((moments[2 * k] - moments[k] ** 2) / n);
      expect(Math.abs(mean(draws, (x) => x ** k) - moments[k]), `moment ${k}`).toBeLessThan(bound);
    }
    for (const threshold of [2, 3, 4]) {
      const tail = 2 * normalCumulative(-threshold);
      const found = mean(draws, (x) => (Math.abs(x) > threshold ? 1 : 0));
      expect(Math.abs(found - tail), `beyond ${threshold}`).toBeLessThan(5 * Math.sqrt(tail / n));
    }
  });

  it('draws neighbouring normals independently: radius and angle of a pair have their own laws', () => {
    const n = 100_000;
    const draws = randomStream(6, 'pairs').normals(2 * n);
    const pair = (of: (x: number, y: number) => number) =>
      Float64Array.from({ length: n }, (_, i) => of(draws[2 * i], draws[2 * i + 1]));
    const radius = pair((x, y) => Math.exp(-(x * x + y * y) / 2));
    const angle = pair((x, y) => Math.atan2(y, x) / (2 * Math.PI) + 0.5);
    expect(ksDistance(radius, (x) => x)).toBeLessThan(ksBound(n));
    expect(ksDistance(angle, (x) => x)).toBeLessThan(ksBound(n));
  });

  it('scales normals by the standard deviation and continues where normal() stood', () => {
    const one = randomStream(2, 'a');
    const two = randomStream(2, 'a');
    const expected = Array.from({ length: 7 }, () => one.normal() * 3);
    expect([...two.normals(3, 3), ...two.normals(4, 3)]).toEqual(expected);
  });

  it('draws integers uniformly', () => {
    for (const n of [2, 3, 10, 1000]) {
      const stream = randomStream(4, `below ${n}`);
      const counts = new Float64Array(n);
      const draws = 100 * n + 20_000;
      for (let i = 0; i < draws; i++) counts[stream.integer(n)]++;
      const chiSquared = n * mean(counts, (c) => (c - draws / n) ** 2 / (draws / n));
      // Chi-squared with n - 1 degrees of freedom: mean n - 1, variance 2 (n - 1); 6 deviations allow for its skewness.
      expect(chiSquared).toBeLessThan(n - 1 + 6 * Math.sqrt(2 * (n - 1)) + 10);
    }
  });

  it('draws integers from ranges that do not divide 2^53 without bias', () => {
    // By scaling without rejection, the numbers below n = 3 2^51 would come in pairs of unequal weight: multiples of 3
    // would be drawn half of the time.
    const n = 3 * 2 ** 51;
    const stream = randomStream(4, 'huge');
    const draws = 30_000;
    const counts = [0, 0, 0];
    for (let i = 0; i < draws; i++) counts[stream.integer(n) % 3]++;
    for (const count of counts) expect(Math.abs(count / draws - 1 / 3)).toBeLessThan(5 * Math.sqrt(2 / 9 / draws));
    expect(randomStream(1).integer(1)).toBe(0);
  });

  it('draws every permutation equally often', () => {
    const stream = randomStream(8, 'permutations');
    const counts = new Map<string, number>();
    const draws = 48_000;
    for (let i = 0; i < draws; i++) {
      const key = stream.permutation(4).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    for (const [key, count] of counts) {
      expect(Math.abs(count - 2000), key).toBeLessThan(5 * Math.sqrt(2000 * (23 / 24)));
    }
    expect([...stream.permutation(1000)].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(stream.permutation(0)).toHaveLength(0);
  });

  it('gives a child stream that does not depend on the use of its parent, and does not advance it', () => {
    const used = randomStream(9, 'parent');
    used.normals(101);
    const fresh = randomStream(9, 'parent');
    const firstOfParent = randomStream(9, 'parent').uniform();
    expect(used.stream('child').normals(10)).toEqual(fresh.stream('child').normals(10));
    expect(used.stream('child').normals(10)).toEqual(randomStream(9, 'parent', 'child').normals(10));
    expect(fresh.uniform()).toBe(firstOfParent);
    expect(fresh.stream('child').name).toBe('9/parent/child');
  });

  it('gives uncorrelated numbers to different names and seeds', () => {
    const n = 50_000;
    const streams = [
      randomStream(1, 'a'),
      randomStream(1, 'b'),
      randomStream(2, 'a'),
      randomStream(1, 'a', 'a'),
      randomStream(-1, 'a'),
    ].map((stream) => stream.normals(n));
    for (let i = 0; i < streams.length; i++) {
      for (let j = 0; j < i; j++) {
        const correlation = mean(streams[i].map((x, k) => x * streams[j][k]));
        expect(Math.abs(correlation), `${i}, ${j}`).toBeLessThan(5 / Math.sqrt(n));
      }
    }
  });

  it('refuses seeds, names and sizes that mean nothing', () => {
    expect(() => randomStream(0.5)).toThrow('safe integer; found 0.5');
    expect(() => randomStream(2 ** 53)).toThrow(RangeError);
    expect(() => randomStream(1, '')).toThrow('found an empty one');
    const stream = randomStream(1);
    expect(() => stream.integer(0)).toThrow('positive integer n; found 0');
    expect(() => stream.integer(2.5)).toThrow(RangeError);
    expect(() => stream.permutation(-1)).toThrow(RangeError);
    expect(() => stream.normals(1.5)).toThrow(RangeError);
    expect(() => stream.normals(2, -1)).toThrow('not negative; found -1');
  });
});
