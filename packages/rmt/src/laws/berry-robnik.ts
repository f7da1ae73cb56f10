import { requireInteger, requireShare } from '../checks.js';
import type { Law } from '../law.js';
import { quantile, sampleByInversion } from '../quantile.js';
import { gaussLegendre } from '../tracy-widom/gauss-legendre.js';
import { scaledErrorComplement } from './scaled-error-complement.js';

const rule = gaussLegendre(24);

/**
 * Spacings of a chaotic part, of Wigner's surmise for beta = 1 and holding this share of the levels, superposed with
 * independent levels that hold the rest (Berry & Robnik 1984, eq. 28, one chaotic region). With c the share, the gap
 * probability is E(s) = exp(-(1 - c) s) erfc(sqrt(pi) c s/2), the cumulative 1 + E' and the density E''. The mean is 1.
 * Unlike Brody's, the density at zero is 1 - c^2: levels of different parts do not repel.
 *
 * @param chaotic  the chaotic share, from 0 (exp(-s)) to 1 (Wigner's surmise)
 * @throws RangeError unless the share is from 0 to 1
 */
export function berryRobnik({ chaotic }: { readonly chaotic: number }): Law {
  requireShare('the chaotic share', chaotic);
  const regular = 1 - chaotic;
  /** P(S > s). */
  const beyond = (s: number) => {
    if (s === Number.POSITIVE_INFINITY) return 0;
    const { exponent, complement } = berryRobnikFactors(chaotic, s);
    return Math.exp(exponent) * (regular * complement + chaotic);
  };
  const law: Law = {
    name: `Berry-Robnik, chaotic share ${chaotic}`,
    support: [[0, Number.POSITIVE_INFINITY]],
    atoms: [],
    density(s) {
      if (!(s >= 0 && s < Number.POSITIVE_INFINITY)) return 0;
      const { exponent, factor } = berryRobnikFactors(chaotic, s);
      return Math.exp(exponent) * factor;
    },
    cumulative: (s) => (s > 0 ? 1 - beyond(s) : 0),
    quantile: (p) => quantile(law, p),
    moment(k) {
      requireInteger('the order of a moment', k, 0);
      if (k === 0) return 1;
      // int of k s^(k - 1) P(S > s), panel by panel until nothing is left; it cannot peak beyond s = k - 1.
      let sum = 0;
      let start = 0;
      let panel: number;
      do {
        panel = rule.nodes.reduce((part, node, i) => {
          const s = start + 1 + node;
          return part + rule.weights[i] * k * s ** (k - 1) * beyond(s);
        }, 0);
        sum += panel;
        start += 2;
      } while (start < k || panel > 1e-18 * sum);
      return sum;
    },
    sample: (n, random) => sampleByInversion(law, n, random),
  };
  return law;
}

/**
 * The density E''(s), for s not negative, as exp(exponent) times a factor that neither vanishes nor overflows, and
 * `complement`, exp(x^2) erfc(x) at x = sqrt(pi) c s/2.
 */
export function berryRobnikFactors(chaotic: number, s: number) {
  const regular = 1 - chaotic;
  const x = (Math.sqrt(Math.PI) / 2) * chaotic * s;
  const complement = scaledErrorComplement(x);
  const factor = regular ** 2 * complement + chaotic * (2 * regular + (Math.PI / 2) * chaotic ** 2 * s);
  return { exponent: -regular * s - x * x, factor, complement };
}
