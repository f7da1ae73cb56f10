import { type Claim, judge } from '@hessian-rmt/replication';
import type { Figure3, Measured } from './figure-3-measure.js';
import { meanRatioOf } from './level-statistics.js';

const place = 'Figure 3, sec. 6';

/** Row B7: what the figure says, and the same of the levels that are not zero by structure. */
const statements = {
  spacings: {
    id: 'B7.spacings',
    place,
    statement: 'unfolded spacings of batches of 64 follow the Wigner surmise (float32, cut at 1e-20)',
  },
  deflatedSpacings: {
    id: 'B7.spacings-deflated',
    place,
    statement: 'and so do those of the levels that are not zero by structure',
  },
  ratios: {
    id: 'B7.ratios',
    place,
    statement: 'spacing ratios of the whole test set follow the surmise of Atas et al. (float32, cut at 1e-5)',
  },
  deflatedRatios: {
    id: 'B7.ratios-deflated',
    place,
    statement: 'and so do those of the levels that are not zero by structure',
  },
  batchMean: {
    id: 'B7.mean-ratio-batches',
    place,
    statement: 'the levels of batches that are not zero by structure have the mean min(r, 1/r) of the GOE',
  },
  wholeMean: {
    id: 'B7.mean-ratio-whole-set',
    place,
    statement: 'the levels of the whole set that are not zero by structure have the mean min(r, 1/r) of the GOE',
  },
} as const;

/** @param difference  what is not as published */
export function claimsOf(measured: Figure3, difference: string): Claim[] {
  const common = { figure: 'figures/figure-3.svg', atPublishedSize: false, difference };
  const { spacings, deflatedSpacings, ratios, deflatedRatios } = measured;
  return [
    spacingClaim({ ...common, ...statements.spacings }, spacings),
    spacingClaim({ ...common, ...statements.deflatedSpacings }, deflatedSpacings),
    ratios
      ? ratioClaim({ ...common, ...statements.ratios }, ratios)
      : judge.notRun({ ...statements.ratios, why: 'the whole matrix in float32 is left to the profile paper' }),
    ratioClaim({ ...common, ...statements.deflatedRatios }, deflatedRatios),
    meanClaim({ ...common, ...statements.batchMean }, deflatedSpacings),
    meanClaim({ ...common, ...statements.wholeMean }, deflatedRatios),
  ];
}

interface Common {
  readonly id: string;
  readonly place: string;
  readonly statement: string;
  readonly figure: string;
  readonly atPublishedSize: boolean;
  readonly difference: string;
}

function spacingClaim(common: Common, { distance, goe }: Measured): Claim {
  const mean = goe.reduce((sum, value) => sum + value, 0) / goe.length;
  const deviation = Math.sqrt(goe.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (goe.length - 1));
  return judge.law({
    ...common,
    measure: 'Kolmogorov-Smirnov distance from the Wigner surmise',
    samples: [distance],
    bound: mean + 3 * deviation,
    because: `as many GOE spectra, unfolded the same way, have ${mean.toFixed(4)} in the mean of ${goe.length} draws; three standard deviations more are allowed`,
  });
}

/** How far the surmise, which is exact for three levels, is from the ratios of large GOE matrices: from 800 of 1,000 levels. */
const surmiseDistance = 0.005;

/** Neighbouring ratios share a spacing, which makes the variance of a mean half as large again (simulated GOE, n = 400). */
const varianceInflation = 1.5;

function ratioClaim(common: Common, { distance, shown }: Measured): Claim {
  // 95 % of the Kolmogorov distribution.
  const sampling = 1.36 * Math.sqrt(varianceInflation / shown.length);
  return judge.law({
    ...common,
    measure: 'Kolmogorov-Smirnov distance from the surmise',
    samples: [distance],
    bound: surmiseDistance + sampling,
    because: `the surmise itself is ${surmiseDistance} from large GOE matrices, and ${shown.length} ratios of correlated neighbours stray by ${sampling.toFixed(4)}`,
  });
}

function meanClaim(common: Common, { ratio }: Measured): Claim {
  if (!ratio) return judge.notRun({ ...common, why: 'too few levels' });
  const [low, high] = ratio.interval95;
  return judge.law({
    ...common,
    measure: 'mean of min(r, 1/r)',
    samples: [ratio.mean],
    published: meanRatioOf.goe,
    bound: (high - low) / 2,
    because: `half of its 95 % interval, from ${ratio.clusters} independent ${ratio.independent}`,
  });
}
