import { type RandomStream, randomStream } from '@hessian-rmt/numerics';

/** Marchenko-Pastur density of ratio q < 1 and variance 1: sqrt((b - x)(x - a)) / (2 pi q x) on [a, b]. */
export function marchenkoPastur(q: number): (x: number) => number {
  const a = (1 - Math.sqrt(q)) ** 2;
  const b = (1 + Math.sqrt(q)) ** 2;
  return (x) => (x > a && x < b ? Math.sqrt((b - x) * (x - a)) / (2 * Math.PI * q * x) : 0);
}

/** Independent draws from a density on [a, b] that stays below `highest`, by rejection. */
export function draws(
  density: (x: number) => number,
  [a, b]: readonly [number, number],
  highest: number,
  n: number,
  random: RandomStream,
): number[] {
  const values: number[] = [];
  while (values.length < n) {
    const x = a + (b - a) * random.uniform();
    if (random.uniform() * highest < density(x)) values.push(x);
  }
  return values;
}

export function galleryStream(name: string): RandomStream {
  return randomStream(2017, 'gallery', name);
}

export function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
