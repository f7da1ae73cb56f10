import type { Claim } from './claim.js';
import type { Formula } from './formula.js';
import {
  formatNumber,
  interval,
  isWithin,
  type Measurement,
  mean,
  measure,
  median,
  plural,
  standardError,
} from './measurement.js';
import {
  checkJudged,
  checkText,
  differing,
  identity,
  type Judged,
  judgedAt,
  publishedFields,
  publishedOf,
  type Statement,
} from './statement.js';
import { rankTrend } from './trend.js';

/**
 * How far the measured value may lie from the published one. `standardErrors` are those of the mean over the
 * repetitions: the claim then compares the mean, and needs three repetitions (our choice: the spread of two says next
 * to nothing).
 */
export type Tolerance =
  | { readonly absolute: number }
  | { readonly relative: number }
  | { readonly standardErrors: number };

/** The values of one quantity. */
export interface Quantity {
  /** As it stands in a sentence: `largest eigenvalue at batch 1000`. */
  readonly name: string;
  readonly samples: readonly number[];
}

export type ValueClaim = Judged & {
  readonly published: number | Formula;
  /** One a repetition. */
  readonly samples: readonly number[];
  readonly within: Tolerance;
};

export type CountClaim = Judged & {
  readonly published: number;
  /** One a repetition. */
  readonly samples: readonly number[];
  readonly within: number;
};

export type OrderClaim = Judged & {
  /** What the paper says is the larger; one sample a repetition. */
  readonly larger: Quantity;
  readonly smaller: Quantity;
  /** How many times larger it must be, for positive quantities: 10 for `an order of magnitude`. Default 1. */
  readonly factor?: number;
  /** Share of the repetitions in which the order must hold. Default 1: published orders are stated without exception. */
  readonly inAtLeast?: number;
};

export type TrendClaim = Judged & {
  readonly direction: 'increasing' | 'decreasing';
  /** What is varied, in increasing order. */
  readonly along: Quantity;
  /** samples[repetition][setting]. */
  readonly samples: readonly (readonly number[])[];
  /** Whether the medians must also never turn back. Default false. */
  readonly monotone?: boolean;
  /** Largest p-value that counts as a trend. Default 0.05: our choice, the customary one. */
  readonly level?: number;
};

export type LawClaim = Judged & {
  /** What the samples are: `Kolmogorov-Smirnov distance`, `fitted exponent`. */
  readonly measure: string;
  /** Distances from the law, one a repetition; with `published`, values of the number that the law names. */
  readonly samples: readonly number[];
  readonly published?: number | Formula;
  readonly bound: number;
};

export type NotComparableClaim = Statement & {
  readonly published?: number | Formula;
  /** One a repetition. */
  readonly samples: readonly number[];
  readonly atPublishedSize: boolean;
  /** Continues a sentence: `the digits are lost in our text of the paper`. */
  readonly why: string;
};

export type NotRunClaim = Statement & {
  readonly published?: number | Formula;
  /** Continues a sentence: `AlexNet on CIFAR-10 needs a GPU`. */
  readonly why: string;
};

/**
 * Builders of claims. None of them takes a verdict: it comes out of the comparison, and `reason` repeats it with the
 * numbers.
 *
 * A published number (`value`, `count`) belongs to the published size: at a smaller one, or with other data, the
 * measured number is shown and the verdict is `not comparable`. An order, a trend and a law are statements about any
 * size: they are judged at a smaller one too, and `judgedAt` says `direction`.
 *
 * Every builder throws RangeError for no samples, for a sample that is not finite, for an empty reason, and when
 * `difference` is missing at a smaller size.
 */
export const judge = { value, count, order, trend, law, notComparable, notRun };

/** A published number, or a published formula evaluated here, against the median of the repetitions. */
function value(claim: ValueClaim): Claim {
  const { within } = claim;
  if ('absolute' in within) return againstMedian(claim, within.absolute, formatNumber(within.absolute));
  if ('relative' in within) {
    const scale = Math.abs(publishedOf(claim.id, claim.published).value);
    if (scale === 0)
      throw new RangeError(`claim ${claim.id}: a share of a published 0 is 0; give an absolute tolerance`);
    return againstMedian(claim, within.relative * scale, `${formatNumber(100 * within.relative)} %`);
  }
  return againstMean(claim, within.standardErrors);
}

/**
 * A published whole number against the median of the repetitions (it may end in a half where their number is even).
 *
 * @throws RangeError also when the published number or a sample is not whole
 */
function count(claim: CountClaim): Claim {
  const broken = [claim.published, ...claim.samples].find((number) => !Number.isInteger(number));
  if (broken !== undefined) throw new RangeError(`claim ${claim.id}: a count is a whole number, not ${broken}`);
  return againstMedian(claim, claim.within, formatNumber(claim.within));
}

/**
 * Which of two quantities is the larger, compared repetition by repetition. The measured number is the median of the
 * differences, with a factor that of the ratios.
 *
 * @throws RangeError also when the quantities have different numbers of samples, when a factor meets one that is not
 *   positive, and when `factor` or `inAtLeast` is out of range
 */
function order(claim: OrderClaim): Claim {
  checkJudged(claim);
  const owner = `claim ${claim.id}`;
  const { larger, smaller, factor = 1, inAtLeast = 1 } = claim;
  const above = measure(owner, larger.samples);
  const below = measure(owner, smaller.samples);
  const repetitions = larger.samples.length;
  if (repetitions !== smaller.samples.length) {
    throw new RangeError(
      `${owner}: ${repetitions} samples of ${larger.name}, ${smaller.samples.length} of ${smaller.name}`,
    );
  }
  if (!(factor >= 1 && factor < Infinity)) throw new RangeError(`${owner}: factor is ${factor}, not 1 or more`);
  if (!(inAtLeast > 0 && inAtLeast <= 1)) throw new RangeError(`${owner}: inAtLeast is ${inAtLeast}, not in (0, 1]`);
  const ratio = factor > 1;
  if (ratio && Math.min(above.interval[0], below.interval[0]) <= 0) {
    throw new RangeError(`${owner}: a factor needs positive quantities`);
  }
  const pairs = larger.samples.map((a, i) => [a, smaller.samples[i]] as const);
  const holds = pairs.filter(([a, b]) => a > factor * b).length;
  const contrast = measure(
    owner,
    pairs.map(([a, b]) => (ratio ? a / b : a - b)),
  );
  const much = ratio ? `more than ${formatNumber(factor)} times as large` : 'larger';
  const asked = inAtLeast === 1 ? 'in every repetition' : `in at least ${formatNumber(100 * inAtLeast)} % of them`;
  return {
    ...identity(claim),
    published: null,
    measured: contrast.centre,
    interval: contrast.interval,
    tolerance: null,
    how: `median ${ratio ? 'ratio' : 'difference'}; ${larger.name} ${much} ${ratio ? 'as' : 'than'} ${smaller.name} ${asked}: ${claim.because}`,
    judgedAt: judgedAt(claim),
    verdict: holds / repetitions >= inAtLeast ? 'reproduced' : 'not reproduced',
    reason:
      `${larger.name} ${above.text}, ${smaller.name} ${below.text}: ${much} in ${holds} of ` +
      `${plural(repetitions, 'repetition')}, asked for ${asked}${differing(claim)}`,
  };
}

/**
 * A quantity that rises or falls along a row of settings. Each repetition is a series over the settings; Kendall's rank
 * correlation, taken over the repetitions together, is held against every order of each series. Settings so few that
 * a perfect trend would stay above the level give `not comparable`. The measured number is tau, its interval that
 * of the repetitions taken alone.
 *
 * @throws RangeError also when the settings are not increasing or a repetition has another number of values
 */
function trend(claim: TrendClaim): Claim {
  checkJudged(claim);
  const owner = `claim ${claim.id}`;
  const { along, samples, direction, monotone = false, level = 0.05 } = claim;
  measure(owner, along.samples);
  measure(owner, samples.flat());
  if (along.samples.some((x, i) => i > 0 && x <= along.samples[i - 1])) {
    throw new RangeError(`${owner}: ${along.name} is not increasing: ${along.samples.join(', ')}`);
  }
  const odd = samples.find((series) => series.length !== along.samples.length);
  if (odd)
    throw new RangeError(`${owner}: ${odd.length} values along ${along.samples.length} settings of ${along.name}`);

  const rising = direction === 'increasing';
  const medians = along.samples.map((_, i) => median(samples.map((series) => series[i])));
  const back = medians.filter((m, i) => i > 0 && (rising ? m < medians[i - 1] : m > medians[i - 1])).length;
  const ranks = rankTrend(samples);
  const p = rising ? ranks.pIncreasing : ranks.pDecreasing;
  const holds = p <= level && !(monotone && back > 0);
  const decidable = ranks.pSmallest <= level;
  return {
    ...identity(claim),
    published: null,
    measured: ranks.tau,
    interval: interval(ranks.each),
    tolerance: null,
    how:
      `Kendall's tau along ${along.name}; ${direction} with an exact one-sided permutation p-value of at most ` +
      `${formatNumber(level)}${monotone ? ' and medians that never turn back' : ''}: ${claim.because}`,
    judgedAt: judgedAt(claim),
    verdict: decidable ? (holds ? 'reproduced' : 'not reproduced') : 'not comparable',
    reason:
      `medians ${medians.map(formatNumber).join(', ')} at ${along.name} ${along.samples.map(formatNumber).join(', ')}: ` +
      `tau ${formatNumber(ranks.tau)} over ${plural(samples.length, 'repetition')}, ${direction} with p ${formatNumber(p)}` +
      (monotone ? ` and ${plural(back, 'step')} back` : '') +
      (decidable ? '' : `; even a perfect trend would only give p ${formatNumber(ranks.pSmallest)}`) +
      differing(claim),
  };
}

/**
 * A density, a functional form or a bound that holds at any size: the median distance from it, in a stated measure,
 * against a bound that comes from sampling error or from the paper. A law that names a number (an exponent) gives it
 * as `published`, and the distance is that of the median from it.
 *
 * @throws RangeError also for a negative distance and a bound that is not positive
 */
function law(claim: LawClaim): Claim {
  checkJudged(claim);
  const owner = `claim ${claim.id}`;
  const { bound, published, samples } = claim;
  if (!(bound > 0 && bound < Infinity)) throw new RangeError(`${owner}: the bound is ${bound}, not a positive number`);
  const measured = measure(owner, samples);
  const how = `${claim.measure}, median over the repetitions, at most ${formatNumber(bound)}`;
  if (published !== undefined) {
    return compared({ ...claim, published }, measured, bound, `${how} from the published value`, true);
  }
  if (measured.interval[0] < 0) throw new RangeError(`${owner}: ${measured.interval[0]} is not a distance`);
  return {
    ...identity(claim),
    published: null,
    measured: measured.centre,
    interval: measured.interval,
    tolerance: bound,
    how: `${how}: ${claim.because}`,
    judgedAt: judgedAt(claim),
    verdict: measured.centre <= bound ? 'reproduced' : 'not reproduced',
    reason: `${claim.measure} ${measured.text}, allowed ${formatNumber(bound)}${differing(claim)}`,
  };
}

/** Measured, with nothing to hold it against: the digits are lost, the paper contradicts itself, the data are others. */
function notComparable(claim: NotComparableClaim): Claim {
  checkText(claim.id, 'why', claim.why);
  const published = claim.published === undefined ? null : publishedOf(claim.id, claim.published);
  const measured = measure(`claim ${claim.id}`, claim.samples);
  return {
    ...identity(claim),
    ...publishedFields(published),
    measured: measured.centre,
    interval: measured.interval,
    tolerance: null,
    how: 'median over the repetitions, shown without a comparison',
    judgedAt: judgedAt(claim),
    verdict: 'not comparable',
    reason: `measured ${measured.text}${published ? `, published ${published.text}` : ''}; not compared: ${claim.why}`,
  };
}

/** Not run at this profile, and why. What is published stands in the ledger all the same. */
function notRun(claim: NotRunClaim): Claim {
  checkText(claim.id, 'why', claim.why);
  return {
    ...identity(claim),
    ...publishedFields(claim.published === undefined ? null : publishedOf(claim.id, claim.published)),
    measured: null,
    interval: null,
    tolerance: null,
    how: 'not run',
    judgedAt: 'not-run',
    verdict: 'not comparable',
    reason: `not run: ${claim.why}`,
  };
}

type Numbers = Judged & { readonly published: number | Formula; readonly samples: readonly number[] };

function againstMedian(claim: Numbers, allowed: number, allowedText: string): Claim {
  const measured = measure(`claim ${claim.id}`, claim.samples);
  const how = `median over the repetitions, at most ${allowedText} from the published value`;
  return compared(claim, measured, allowed, how, claim.atPublishedSize);
}

function againstMean(claim: Numbers, errors: number): Claim {
  const measured = measure(`claim ${claim.id}`, claim.samples, mean);
  const enough = claim.samples.length >= 3;
  const how = `mean over the repetitions, at most ${plural(errors, 'standard error')} from the published value`;
  const allowed = enough ? errors * standardError(claim.samples) : null;
  return compared(claim, measured, allowed, how, claim.atPublishedSize);
}

/**
 * The one place where a published number meets a measured one.
 *
 * @param allowed  null where it cannot be told from so few repetitions
 */
function compared(
  claim: Numbers,
  measured: Measurement,
  allowed: number | null,
  how: string,
  sizeAllows: boolean,
): Claim {
  checkJudged(claim);
  if (allowed !== null && !(allowed >= 0 && allowed < Infinity)) {
    throw new RangeError(`claim ${claim.id}: the tolerance is ${allowed}, not a number from 0`);
  }
  const published = publishedOf(claim.id, claim.published);
  const numbers = `measured ${measured.text}, published ${published.text}`;
  const common = {
    ...identity(claim),
    ...publishedFields(published),
    measured: measured.centre,
    interval: measured.interval,
    tolerance: allowed,
    how: `${how}: ${claim.because}`,
    judgedAt: judgedAt(claim),
  };
  if (!sizeAllows) {
    return { ...common, verdict: 'not comparable', reason: `${numbers}; not the published run: ${claim.difference}` };
  }
  if (allowed === null) {
    const few = `a standard error needs 3 repetitions, not ${claim.samples.length}`;
    return { ...common, verdict: 'not comparable', reason: `${numbers}; ${few}` };
  }
  return {
    ...common,
    verdict: isWithin(measured.centre, published.value, allowed) ? 'reproduced' : 'not reproduced',
    reason: `${numbers}, allowed ±${formatNumber(allowed)}${differing(claim)}`,
  };
}
