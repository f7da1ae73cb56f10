import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import { sampleQuantile } from '../ascending.js';
import { requireInteger } from '../checks.js';
import { betaHermiteEigenvalues } from '../ensembles/beta-hermite.js';

/** What one statistic came to in repeated draws. */
export interface ReferenceSample {
  /** One value per draw, ascending. */
  readonly values: Float64Array;
  readonly mean: number;
  /** Of a single draw: how far a measured value of the same kind may lie from the mean. */
  readonly standardDeviation: number;
  /** Of the mean. */
  readonly standardError: number;
  /** Interpolated between draws. @throws RangeError unless 0 <= p <= 1 */
  quantile(p: number): number;
}

/** What is drawn, and what is done with it. */
export interface ReferenceParameters<Name extends string> {
  /** Number of levels of each spectrum: as many spectra, of the same sizes, as were measured. */
  readonly sizes: readonly number[];
  /** How often the whole set of spectra is drawn; at least 2. */
  readonly draws: number;
  /** The procedure that the measured spectra go through: all spectra of one draw, in the order of `sizes`, to named numbers. */
  readonly through: (spectra: readonly Float64Array[]) => Readonly<Record<Name, number>>;
}

export interface LevelReferenceParameters<Name extends string> extends ReferenceParameters<Name> {
  /** Draws one spectrum of this size, ascending, such as `poissonLevels`. */
  readonly levels: (size: number, random: RandomStream) => Float64Array | Promise<Float64Array>;
}

/**
 * What a procedure yields on spectra of a known ensemble: the same number of spectra of the same sizes, drawn again and
 * again, each time through the same cuts, unfolding and statistics as the measured ones. A measured value is then
 * compared with these and not with the limit of infinite size, an exact unfolding and independent spacings.
 *
 * @param random  every draw and every spectrum has a stream of its own: more draws do not change the first ones
 * @throws RangeError if a size is not a positive integer, if there are none, if there are fewer than two draws, or if a
 *   statistic comes out infinite or not a number
 */
export async function levelReference<Name extends string>(
  { sizes, draws, through, levels }: LevelReferenceParameters<Name>,
  random: RandomStream,
): Promise<Readonly<Record<Name, ReferenceSample>>> {
  if (sizes.length === 0) throw new RangeError('a reference needs the size of at least one spectrum, found none');
  for (const size of sizes) requireInteger('the size of a reference spectrum', size, 1);
  requireInteger('the number of draws of a reference', draws, 2);
  const results: Readonly<Record<Name, number>>[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const stream = random.stream(`draw ${draw}`);
    const spectra = sizes.map((size, i) => levels(size, stream.stream(`spectrum ${i}`)));
    results.push(through(await Promise.all(spectra)));
  }
  const names = Object.keys(results[0]) as Name[];
  const samples = names.map(
    (name) =>
      [
        name,
        sampleOf(
          name,
          results.map((result) => result[name]),
        ),
      ] as const,
  );
  return Object.fromEntries(samples) as Record<Name, ReferenceSample>;
}

/**
 * The same for the Gaussian orthogonal ensemble, by its tridiagonal model: O(n^2) a spectrum. The variance is 1, edges at
 * +-2; other ensembles by `levelReference`.
 *
 * @throws RangeError as `levelReference`
 */
export function goeReference<Name extends string>(
  parameters: ReferenceParameters<Name>,
  random: RandomStream,
  linearAlgebra: Pick<LinearAlgebra, 'tridiagonalEigenvalues'>,
): Promise<Readonly<Record<Name, ReferenceSample>>> {
  const levels = (size: number, stream: RandomStream) =>
    betaHermiteEigenvalues({ size, beta: 1 }, stream, linearAlgebra);
  return levelReference({ ...parameters, levels }, random);
}

function sampleOf(name: string, drawn: readonly number[]): ReferenceSample {
  const values = Float64Array.from(drawn).sort();
  const unusable = drawn.findIndex((value) => !Number.isFinite(value));
  if (unusable >= 0) {
    throw new RangeError(
      `the statistic ${name} of a reference must be finite, found ${drawn[unusable]} in draw ${unusable}`,
    );
  }
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const standardDeviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1));
  return {
    values,
    mean,
    standardDeviation,
    standardError: standardDeviation / Math.sqrt(n),
    quantile(p) {
      if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability must lie between 0 and 1, found ${p}`);
      return sampleQuantile(values, p);
    },
  };
}
