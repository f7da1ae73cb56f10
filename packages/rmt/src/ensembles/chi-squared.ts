import type { RandomStream } from '@hessian-rmt/numerics';

/**
 * One draw of the chi-squared law of any positive number of degrees of freedom: twice a gamma variable of half as many,
 * by the rejection method of Marsaglia & Tsang 2000.
 */
export function chiSquared(degrees: number, random: RandomStream): number {
  const shape = degrees / 2;
  // Below 1 a gamma variable is one of the next shape times a power of a uniform number (their sec. 6).
  return 2 * (shape < 1 ? gamma(shape + 1, random) * random.uniform() ** (1 / shape) : gamma(shape, random));
}

function gamma(shape: number, random: RandomStream): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = random.uniform();
    // The first condition implies the second and nearly always decides.
    if (u < 1 - 0.0331 * x ** 4 || Math.log(u) < x ** 2 / 2 + d * (1 - v + Math.log(v))) return d * v;
  }
}
