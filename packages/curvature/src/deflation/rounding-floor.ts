import type { Spectrum } from '../operator.js';
import { paddedWithZeros } from './deflated-spectrum.js';

/** The errors of computed eigenvalues, measured against those of the deflated matrix. */
export interface MeasuredRoundingFloor {
  readonly precision: 'float64' | 'float32';
  /** Largest |computed - deflated| over all eigenvalues, ascending beside ascending. */
  readonly largest: number;
  /** The largest and the median |computed| of the structural zeros; null where there are none. */
  readonly largestZero: number | null;
  readonly medianZero: number | null;
  /** The same in units of epsilon max |lambda|, epsilon that of the precision. */
  readonly inEpsilons: {
    readonly largest: number;
    readonly largestZero: number | null;
    readonly medianZero: number | null;
  };
}

/**
 * What rounding made of a full matrix's eigenvalues: their distance from those of the deflated matrix with its zeros,
 * rank by rank, and the size of those that are exactly zero in truth.
 *
 * @param computed  all eigenvalues of the full matrix, ascending, in float64 or float32
 * @throws RangeError unless there are `size` of them
 */
export function measuredRoundingFloor(
  computed: Float64Array | Float32Array,
  deflated: Pick<Spectrum, 'values' | 'size'>,
): MeasuredRoundingFloor {
  if (computed.length !== deflated.size) {
    throw new RangeError(`measuredRoundingFloor: expected ${deflated.size} eigenvalues, found ${computed.length}`);
  }
  const precision = computed instanceof Float32Array ? 'float32' : 'float64';
  const truth = paddedWithZeros(deflated);
  let largest = 0;
  for (let i = 0; i < truth.length; i++) largest = Math.max(largest, Math.abs(computed[i] - truth[i]));
  const first = deflated.values.filter((value) => value < 0).length;
  const ofZeros = Float64Array.from(
    computed.subarray(first, first + deflated.size - deflated.values.length),
    Math.abs,
  ).sort();
  const largestZero = ofZeros.length > 0 ? ofZeros[ofZeros.length - 1] : null;
  const medianZero = ofZeros.length > 0 ? median(ofZeros) : null;
  const epsilon = precision === 'float32' ? 2 ** -23 : Number.EPSILON;
  const unit = epsilon * Math.max(Math.abs(truth[0]), Math.abs(truth[truth.length - 1]));
  const inUnits = (value: number | null) => (value === null ? null : value / unit);
  return {
    precision,
    largest,
    largestZero,
    medianZero,
    inEpsilons: { largest: largest / unit, largestZero: inUnits(largestZero), medianZero: inUnits(medianZero) },
  };
}

/** Of ascending values. */
function median(values: Float64Array): number {
  const half = values.length >> 1;
  return values.length % 2 === 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}
