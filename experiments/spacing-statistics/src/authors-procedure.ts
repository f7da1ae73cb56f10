import {
  distinctLevels,
  foldedSpacingRatios,
  kolmogorovSmirnov,
  pooledUnfolding,
  ratioSurmise,
  spacingRatios,
  spacings,
  wignerSurmise,
} from '@hessian-rmt/rmt';

/** Magnitudes below these are dropped: the first is in the paper (sec. 6), all are in the authors' code. */
export const cutOffs = { none: 0, spacings: 1e-20, ratios: 1e-10, wholeSetRatios: 1e-5 } as const;

/** Ratios above are dropped (sec. 6). */
export const largestRatio = 10;

/** What passes a cut-off, equal values counted once: float32 makes some equal, and a ratio of 0 to 0 is none. */
export function passing(values: Float64Array | Float32Array, cutOff: number): Float64Array {
  return distinctLevels(Float64Array.from(values.filter((value) => Math.abs(value) > cutOff))).levels;
}

/**
 * Unfolded spacings as in section 5: the first third of the spectra, unfolded by the other two thirds (Eqs. 6, 7, 10,
 * the last times the number of levels of a spectrum).
 */
export function unfoldedSpacings(spectra: readonly Float64Array[]): Float64Array {
  const analysed = Math.floor(spectra.length / 3);
  const unfolding = pooledUnfolding(spectra.slice(analysed));
  return joined(spectra.slice(0, analysed).map((levels) => spacings(unfolding.unfold(levels)))).sort();
}

/** Ratios of consecutive spacings (Eq. 11) up to the cut at 10, of all spectra, ascending. */
export function truncatedRatios(spectra: readonly Float64Array[]): Float64Array {
  return joined(spectra.map((levels) => spacingRatios(levels)))
    .filter((ratio) => ratio <= largestRatio)
    .sort();
}

/** The paper's two comparisons as numbers, and a third one that has no free choice. */
export interface Agreement {
  /** Kolmogorov-Smirnov distance of the unfolded spacings from Wigner's surmise. */
  readonly spacingDistance: number;
  /** Of the ratios up to 10 from the surmise of Atas et al., cut there and normalised as well. */
  readonly ratioDistance: number;
  /** Mean of min(r, 1/r). */
  readonly meanRatio: number;
}

export function agreement(spectra: readonly Float64Array[]): Agreement {
  const folded = joined(spectra.map((levels) => foldedSpacingRatios(levels)));
  return {
    spacingDistance: kolmogorovSmirnov(unfoldedSpacings(spectra), wignerSurmise({ beta: 1 })),
    ratioDistance: kolmogorovSmirnov(truncatedRatios(spectra), truncatedSurmise),
    meanRatio: folded.reduce((sum, ratio) => sum + ratio, 0) / folded.length,
  };
}

const surmise = ratioSurmise({ beta: 1 });
const massBelow = surmise.cumulative(largestRatio);
/** The surmise of Atas et al. up to the cut. */
export const truncatedSurmise = {
  atoms: [],
  cumulative: (r: number) => Math.min(1, surmise.cumulative(r) / massBelow),
};

export function joined(groups: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(groups.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const group of groups) {
    all.set(group, filled);
    filled += group.length;
  }
  return all;
}
