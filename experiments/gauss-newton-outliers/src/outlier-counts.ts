import { countAbove, elbow, largestGap, largestRatio, spectrumOf } from '@hessian-rmt/curvature';

/** The counts of Table 1 for one spectrum (Sagun et al. 2017, App. A). */
export interface OutlierCounts {
  readonly gap: number;
  readonly ratio: number;
  /** By rule, where the paper searches by eye. */
  readonly elbow: number;
  /** Eigenvalues above the paper's own threshold; null where it gives none. */
  readonly aboveCutoff: number | null;
}

/** Ratio and elbow are searched among this many largest eigenvalues (our choice; `choices.ts` varies it). */
export const searched = 200;

export function countOutliers(values: Float64Array, cutoff: number | null, among = searched): OutlierCounts {
  const spectrum = spectrumOf(values);
  return {
    gap: largestGap(spectrum).count,
    ratio: largestRatio(spectrum, { above: spectrum.roundingFloor, among }).count,
    elbow: elbow(spectrum, { among }).count,
    aboveCutoff: cutoff === null ? null : countAbove(spectrum, cutoff),
  };
}
