import { randomStream } from '@hessian-rmt/numerics';
import { improvedHessian } from '@hessian-rmt/rmt';
import { bootstrapIndexLaw, fitIndexLaw, type IndexedPoint, type IndexLaw, lackOfFit } from './index-law.js';

/** The law alpha = alpha_0 ((eps - eps_c)/eps_c)^p of a set of critical points, fitted in both ways. */
export interface FittedLaw {
  /** Points up to the largest index fitted. */
  readonly points: number;
  /** Exponent fitted. */
  readonly free: IndexLaw | undefined;
  /** Exponent 3/2, as the lines of Figure 6a. */
  readonly fixed: IndexLaw | undefined;
  /** 95 %, of the fitted exponent. */
  readonly exponent: readonly [number, number] | undefined;
  /** 95 %, of eps_c at exponent 3/2. */
  readonly criticalEnergy: readonly [number, number] | undefined;
  /** Of exponent 3/2, in units of the energy: see `lackOfFit`. */
  readonly lack: number | undefined;
}

export const published = { exponent: 3 / 2 };

/** @param name  of the bootstrap's random stream, which has a seed of its own: the same points give the same intervals */
export function fitLaw(points: readonly IndexedPoint[], upTo: number, name: string, draws = 200): FittedLaw {
  const random = randomStream(1, 'bootstrap', name);
  const small = points.filter(({ index }) => index <= upTo);
  const { exponent } = published;
  const free = fitIndexLaw(small, { upTo });
  const fixed = fitIndexLaw(small, { upTo, exponent });
  return {
    points: small.length,
    free,
    fixed,
    exponent: free && bootstrapIndexLaw(small, { upTo }, random.stream('free'), draws)?.exponent,
    criticalEnergy:
      fixed && bootstrapIndexLaw(small, { upTo, exponent }, random.stream('fixed'), draws)?.criticalEnergy,
    lack: fixed && lackOfFit(small, fixed),
  };
}

/** Energy on the law at an index. */
export const energyAt = ({ criticalEnergy, prefactor, exponent }: IndexLaw, index: number): number =>
  criticalEnergy * (1 + (index / prefactor) ** (1 / exponent));

/**
 * The exponent that the improved model itself shows when its index is fitted up to `upTo`: 3/2 holds at the critical
 * energy, and is left soon. sigma does not matter: it only scales the energy.
 */
export function theoryExponent(phi: number, upTo: number): number | undefined {
  const { criticalEnergy } = improvedHessian({ ratio: phi, energy: 0 });
  if (!(criticalEnergy > 0)) return undefined;
  const points: IndexedPoint[] = [];
  for (let excess = 1e-5; points.length < 10_000; excess *= 1.1) {
    const energy = criticalEnergy * (1 + excess);
    const { index } = improvedHessian({ ratio: phi, energy });
    if (index > upTo) break;
    points.push({ energy, index });
  }
  // As many points at every index as at any other, as a ladder of levels has them.
  const levels = Array.from({ length: 30 }, (_, i) => ((i + 1) / 30) * points[points.length - 1].index);
  return fitIndexLaw(
    levels.map((index) => {
      const above = Math.max(
        1,
        points.findIndex((point) => point.index >= index),
      );
      const [low, high] = [points[above - 1], points[above]];
      const share = (index - low.index) / (high.index - low.index);
      return { index, energy: low.energy + share * (high.energy - low.energy) };
    }),
    { upTo },
  )?.exponent;
}

/** An interval as it stands in a table. */
export const spoken = (interval: readonly [number, number] | undefined, digits = 3): string =>
  interval ? `[${interval.map((end) => Number(end.toFixed(digits))).join(', ')}]` : '';
