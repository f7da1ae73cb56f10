import { elbow, largestGap, largestRatio, paddedWithZeros, rankReport, type Spectrum } from '@hessian-rmt/curvature';
import type { Json } from '../experiment.js';
import type { SpectrumNumbers } from './exact-spectrum.js';
import { foldedRatios, resolution } from './levels.js';
import type { OutlierRule } from './request.js';

/** One matrix's spectrum with what is said about it. */
export interface JudgedSpectrum {
  /** All eigenvalues, ascending, the structural zeros among them exactly 0. */
  readonly all: Float64Array;
  readonly spectrum: Spectrum;
  /** Below it, levels are rounding. */
  readonly resolution: number;
  /** How many of the largest the chosen rule takes for outliers. */
  readonly outliers: number;
  readonly counts: { readonly gap: number; readonly ratio: number; readonly elbow: number };
  readonly foldedRatios: Float64Array;
  readonly numbers: { readonly [key: string]: Json };
}

/** @param levels  the eigenvalues that were computed, ascending */
export function judge(numbers: SpectrumNumbers, levels: Float64Array, rule: OutlierRule): JudgedSpectrum {
  const { size, roundingFloor, zeros, ...point } = numbers;
  // Deflated to nothing, as at an exact interpolation with squared error: all eigenvalues are zero.
  const all = paddedWithZeros({ values: levels, size });
  const spectrum: Spectrum = { values: levels, size, precision: 'float64', roundingFloor };
  const floor = resolution({ levels, deflated: zeros !== null, roundingFloor });
  const { rank, positive, negative, smallestNonzero } = rankReport(spectrum, floor);
  const outliers = { gap: largestGap(spectrum), ratio: largestRatio(spectrum), elbow: elbow(spectrum) };
  const counts = { gap: outliers.gap.count, ratio: outliers.ratio.count, elbow: outliers.elbow.count };
  return {
    all,
    spectrum,
    resolution: floor,
    outliers: Math.min(typeof rule === 'number' ? rule : counts[rule], levels.length),
    counts,
    foldedRatios: foldedRatios({ levels, deflated: zeros !== null, roundingFloor }),
    numbers: {
      ...point,
      size,
      largest: all[size - 1],
      smallest: all[0],
      trace: levels.reduce((sum, level) => sum + level, 0),
      rank,
      positive,
      negative,
      negativeShare: negative / size,
      smallestResolved: smallestNonzero,
      resolution: floor,
      roundingFloor,
      structuralZeros: zeros && { ...zeros },
      outliers: { gap: { ...outliers.gap }, ratio: { ...outliers.ratio }, elbow: { ...outliers.elbow } },
    },
  };
}
