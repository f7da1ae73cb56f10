import type { RandomStream } from '@hessian-rmt/numerics';
import { andersonDarling, logCumulative, requireNoAtoms } from '../anderson-darling.js';
import { requireInteger } from '../checks.js';
import { kolmogorovSmirnov } from '../kolmogorov-smirnov.js';
import type { Interval, Law } from '../law.js';
import { defaultBlockLength, requireGroups } from './bootstrap-interval.js';
import { blocksOf, defaultResamples, drawBlocks, drawParts } from './resampling.js';

export interface DistanceParameters {
  /** One array for every spectrum: its spacings or ratios, in the order in which they stand in it. */
  readonly groups: readonly Float64Array[];
  readonly law: Law;
  /** Largest difference of the cumulatives, or sqrt(A^2/n): both are norms of the difference. */
  readonly distance: 'Kolmogorov-Smirnov' | 'Anderson-Darling';
  /** Default 1000, our choice. */
  readonly resamples?: number;
  /** For a single group, as in `bootstrapInterval`. */
  readonly blockLength?: number;
}

export interface DistanceEstimate {
  /** Distance of all values together to the law. Sampling alone makes it larger than 0 where the law holds. */
  readonly value: number;
  /** How far from the law that the values follow 95 % of such samples lie at most, by resampling. */
  readonly sampling95: number;
  /**
   * At least 95 %, for the distance of that law: value - sampling95, 0 at least, to value + sampling95. It holds 0 where
   * the sample does not tell the two laws apart.
   */
  readonly interval95: Interval;
}

/**
 * The distance of spectra's spacings or ratios to a law, and an interval for what it is free of sampling error.
 *
 * Whole spectra are resampled, or moving blocks of a single one. The distances of the resamples to the law would be too
 * large, most of all where the law holds: each has the sample's error and its own. Their distances to the sample are what the
 * sample's is to the law behind it (Bickel & Freedman 1981), and by the triangle inequality that is the most by which the two
 * distances to the given law differ. So the interval holds the true distance also when it is 0, at least as often as it
 * says if spectra are many (ten or more); when they are few, or blocks short, somewhat less.
 *
 * @throws RangeError as `bootstrapInterval`, or if values are not finite, or as the distance itself
 */
export function distanceInterval(parameters: DistanceParameters, random: RandomStream): DistanceEstimate {
  const { groups, law, distance, resamples = defaultResamples } = parameters;
  requireGroups(groups);
  requireInteger('the number of resamples', resamples, 20);
  const single = groups.length === 1;
  // Every value belongs to a unit that is drawn a number of times: its group, or its own place in the single one.
  const entries = groups.flatMap((group, g) => Array.from(group, (value, i) => ({ value, unit: single ? i : g })));
  entries.sort((one, other) => one.value - other.value);
  const values = Float64Array.from(entries, ({ value }) => value);
  const value =
    distance === 'Kolmogorov-Smirnov'
      ? kolmogorovSmirnov(values, law)
      : Math.sqrt(andersonDarling(values, law) / values.length);
  if (!Number.isFinite(value)) {
    throw new RangeError(
      `the values of an Anderson-Darling distance must lie inside of "${law.name}", found one at its end`,
    );
  }

  const units = Uint32Array.from(entries, ({ unit }) => unit);
  const norm = distance === 'Kolmogorov-Smirnov' ? largest(values) : weighted(values, law);
  const { parts, draw } = single ? blockwise(groups[0].length, parameters.blockLength) : groupwise(groups.length);
  const differences = new Float64Array(values.length);
  const distances = Float64Array.from({ length: resamples }, () => {
    const times = draw(random);
    let total = 0;
    for (let i = 0; i < units.length; i++) total += times[units[i]];
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
      sum += times[units[i]];
      differences[i] = sum / total - (i + 1) / units.length;
    }
    return norm(differences);
  }).sort();
  const sampling95 = Math.sqrt(parts / (parts - 1)) * distances[Math.ceil(0.95 * resamples) - 1];
  return { value, sampling95, interval95: [Math.max(0, value - sampling95), value + sampling95] };
}

interface Draws {
  /** Independent parts. */
  readonly parts: number;
  /** How often each unit is drawn. */
  draw(random: RandomStream): Uint32Array;
}

function groupwise(parts: number): Draws {
  return {
    parts,
    draw(random) {
      const times = new Uint32Array(parts);
      for (const part of drawParts(parts, random)) times[part]++;
      return times;
    },
  };
}

function blockwise(length: number, blockLength = defaultBlockLength(length)): Draws {
  const cut = blocksOf(length, blockLength);
  return {
    parts: cut.blocks,
    draw(random) {
      const times = new Uint32Array(length);
      for (const start of drawBlocks(length, cut, random)) {
        for (let i = start; i < start + cut.blockLength; i++) times[i]++;
      }
      return times;
    },
  };
}

/** The norm of the difference of two cumulatives, known after each of the values. */
type Norm = (differences: Float64Array) => number;

/** Where equal values follow each other the cumulative has one step, after the last. */
const isLast = (values: Float64Array, i: number) => values[i + 1] !== values[i];

function largest(values: Float64Array): Norm {
  const counts = Uint8Array.from(values, (_, i) => (isLast(values, i) ? 1 : 0));
  return (differences) => {
    let most = 0;
    for (let i = 0; i < counts.length; i++) if (counts[i] === 1) most = Math.max(most, Math.abs(differences[i]));
    return most;
  };
}

/** The root of the integral of the squared difference over dF/(F (1 - F)) = d log(F/(1 - F)): zero beyond the last value. */
function weighted(values: Float64Array, law: Law): Norm {
  requireNoAtoms(law);
  const logits = values.map((x) => {
    const { logBelow, logAbove } = logCumulative(law, x);
    return logBelow - logAbove;
  });
  const weights = logits.map((logit, i) => (i + 1 < values.length ? logits[i + 1] - logit : 0));
  return (differences) => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += differences[i] ** 2 * weights[i];
    return Math.sqrt(sum);
  };
}
