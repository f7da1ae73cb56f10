import { requireAscending } from './ascending.js';
import type { Law } from './law.js';

/**
 * The Anderson-Darling statistic of values against a law of density,
 * A^2 = n int (F_n - F)^2/(F (1 - F)) dF = -n - (1/n) sum (2 i - 1) (log F(x_i) + log(1 - F(x_(n + 1 - i))))
 * (Anderson & Darling 1954, eq. 4). It weighs the tails, and so small spacings, more than `kolmogorovSmirnov` does.
 *
 * A^2 is for tests: of n independent values of the law its mean is 1, and 2.492 is exceeded once in twenty whatever n.
 * Spacings and ratios are not independent. sqrt(A^2/n) is a distance of laws, for comparing samples of different sizes
 * (`distanceInterval`).
 *
 * A value at an end of the law or beyond makes it infinite, as the integral is. A value inside whose cumulative rounds to
 * 1 counts as 2^-53 below it.
 *
 * @param values  ascending
 * @throws RangeError if there are no values, if they are not ascending and finite, or if the law has atoms
 */
export function andersonDarling(
  values: Float64Array,
  law: Pick<Law, 'name' | 'cumulative' | 'atoms' | 'support'>,
): number {
  requireAscending('the values of an Anderson-Darling statistic', values);
  requireNoAtoms(law);
  const n = values.length;
  const [below, above] = [0, 0].map(() => new Float64Array(n));
  for (let i = 0; i < n; i++) {
    const { logBelow, logAbove } = logCumulative(law, values[i]);
    below[i] = logBelow;
    above[i] = logAbove;
  }
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (2 * i + 1) * (below[i] + above[n - 1 - i]);
  return -n - sum / n;
}

/** The logarithms of F and of 1 - F. */
export function logCumulative(law: Pick<Law, 'cumulative' | 'support'>, x: number) {
  const inside = x > law.support[0][0] && x < law.support[law.support.length - 1][1];
  const below = law.cumulative(x);
  if (!inside) return { logBelow: Math.log(below), logAbove: Math.log1p(-below) };
  return {
    logBelow: Math.log(Math.max(below, Number.MIN_VALUE)),
    logAbove: Math.log(Math.max(1 - below, Number.EPSILON / 2)),
  };
}

/** @throws RangeError naming the law if it has atoms */
export function requireNoAtoms({ name, atoms }: Pick<Law, 'name' | 'atoms'>): void {
  if (atoms.length > 0) {
    throw new RangeError(
      `an Anderson-Darling statistic needs a law of density, found ${atoms.length} atoms of "${name}"`,
    );
  }
}
