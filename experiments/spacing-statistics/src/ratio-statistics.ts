import {
  foldedSpacingRatios,
  kolmogorovSmirnov,
  meanWithStandardError,
  ratioSurmise,
  spacingRatios,
} from '@hessian-rmt/rmt';

const surmise = ratioSurmise({ beta: 1 });

/** What is said of ratios of consecutive spacings, over several spectra together. */
export interface RatioStatistics {
  /** Of min(r, 1/r), with its standard error over the spectra. */
  readonly mean: number;
  readonly standardError: number;
  /** Kolmogorov-Smirnov distance of all ratios r from the surmise of Atas et al. 2013. */
  readonly distance: number;
}

/** @throws RangeError when two levels of a spectrum are equal */
export function ratioStatistics(spectra: readonly Float64Array[]): RatioStatistics {
  const { mean, standardError } = meanWithStandardError(spectra.map(foldedSpacingRatios));
  return { mean, standardError, distance: kolmogorovSmirnov(pooledRatios(spectra), surmise) };
}

/** All ratios r of the spectra, ascending. */
export function pooledRatios(spectra: readonly Float64Array[]): Float64Array {
  return Float64Array.from(spectra.flatMap((levels) => [...spacingRatios(levels)])).sort();
}
