/** What was measured over the repetitions of a run. */
export interface Measurement {
  /** The median, or the mean where asked for. */
  readonly centre: number;
  /** Smallest and largest. */
  readonly interval: readonly [number, number];
  /** `10 (9 to 11 over 3 repetitions)`. */
  readonly text: string;
}

/**
 * @param owner  whose samples they are, for the error
 * @throws RangeError for no samples and for samples that are not finite
 */
export function measure(owner: string, samples: readonly number[], centreOf = median): Measurement {
  if (samples.length === 0) throw new RangeError(`${owner}: no samples`);
  const broken = samples.findIndex((sample) => !Number.isFinite(sample));
  if (broken >= 0) throw new RangeError(`${owner}: sample ${broken} is ${samples[broken]}, not a finite number`);
  const centre = centreOf(samples);
  const [low, high] = interval(samples);
  const spread = `${formatNumber(low)} to ${formatNumber(high)} over ${samples.length} repetitions`;
  return {
    centre,
    interval: [low, high],
    text: samples.length > 1 ? `${formatNumber(centre)} (${spread})` : formatNumber(centre),
  };
}

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

export function mean(samples: readonly number[]): number {
  return samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
}

/** Smallest and largest. */
export function interval(samples: readonly number[]): readonly [number, number] {
  return [Math.min(...samples), Math.max(...samples)];
}

/** Of the mean, from the spread of the samples (divisor n - 1). */
export function standardError(samples: readonly number[]): number {
  const centre = mean(samples);
  const squares = samples.reduce((sum, sample) => sum + (sample - centre) ** 2, 0);
  return Math.sqrt(squares / (samples.length - 1) / samples.length);
}

/** At most `allowed` apart; what exceeds it by rounding alone (1.1 - 1 against 0.1) does not count as more. */
export function isWithin(a: number, b: number, allowed: number): boolean {
  return Math.abs(a - b) <= allowed + 4 * Number.EPSILON * Math.max(Math.abs(a), Math.abs(b));
}

/** For sentences and tables: four significant digits, whole numbers in full. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const magnitude = Math.abs(value);
  const short = Number(value.toPrecision(4));
  return magnitude >= 1e-4 && magnitude < 1e6 ? String(short) : short.toExponential();
}

/** `1 repetition`, `3 repetitions`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
