import { bulkSkewness } from '@hessian-rmt/curvature';
import type { Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge } from '@hessian-rmt/replication';
import { comparison } from './comparison.js';
import { type MeasuredRow, mainUnits, measuredRows, slugOf } from './main-spectra.js';
import { describe, type NetworkSettings, networkProfiles } from './network-settings.js';

/** Sec. 6.3: a bulk that is symmetric for q >> 1 turns right-skewed for q < 1; a spike at the origin in both. */
export const section63 = definePart<NetworkSettings>({
  id: 'section-6-3',
  place: 'Sec. 6.3',
  title: 'Right skew of the bulk',
  profiles: networkProfiles,
  units: mainUnits,

  present(results, settings) {
    const rows = measuredRows(results, settings);
    return { tables: [tableOf(rows, settings)], claims: rows.flatMap((row) => claimsOf(row, settings)) };
  },
});

/**
 * The bulk is read as what lies no farther from the origin than the most negative Ritz value of the EMPIRICAL Hessian,
 * where a symmetric bulk would end on the other side: one range for both spectra of a repetition.
 */
function skewness({ empirical, augmented }: MeasuredRow, repetition: number) {
  const end = Math.abs(empirical[repetition].smallest);
  const [before, after] = [empirical, augmented].map((spectra) =>
    bulkSkewness(spectra[repetition], { from: -end, to: end }),
  );
  return { empirical: before, augmented: after };
}

const repetitions = ({ empirical }: MeasuredRow) => empirical.map((_, repetition) => repetition);

function tableOf(rows: readonly MeasuredRow[], settings: NetworkSettings): Table {
  return {
    id: 'section-6-3',
    title: 'Sec. 6.3: skewness of the bulk',
    caption: `Third central moment over the deviation cubed, of the spectrum no farther from 0 than the most negative Ritz value of the empirical Hessian. The paper gives no number. ${[...new Set(rows.map(({ condition }) => describe(settings, condition)))].join('; ')}.`,
    columns: [
      { header: 'data' },
      { header: 'schedule' },
      { header: 'repetition' },
      { header: 'q, empirical', format: '.3g' },
      { header: 'skewness, empirical', format: '.3g' },
      { header: 'q, augmented', format: '.3g' },
      { header: 'skewness, augmented', format: '.3g' },
    ],
    rows: rows.flatMap((row) =>
      repetitions(row).map((r) => {
        const { empirical, augmented } = skewness(row, r);
        const { set, schedule } = row.condition;
        return [set, schedule, r, row.empirical[r].q, empirical.byMass, row.augmented[r].q, augmented.byMass];
      }),
    ),
  };
}

function claimsOf(row: MeasuredRow, settings: NetworkSettings): Claim[] {
  const { set, schedule } = row.condition;
  const found = repetitions(row).map((r) => skewness(row, r));
  const common = {
    place: `Sec. 6.3, ${set}, ${schedule}`,
    figure: 'tables/section-6-3.md',
    ...comparison(settings, row.condition),
  };
  const after = found.map(({ augmented }) => augmented.byMass);
  return [
    judge.order({
      ...common,
      id: `G8.${slugOf(row.printed)}.skew-grows`,
      statement: `from q >> 1 to q < 1 the bulk turns from symmetric to right-skewed (${set}, ${schedule})`,
      larger: { name: 'skewness of the bulk, augmented', samples: after },
      smaller: { name: 'skewness of the bulk, empirical', samples: found.map(({ empirical }) => empirical.byMass) },
      because:
        'right-skewed is read as a larger third moment; the bulk ends where it ends on the negative side at q >> 1',
    }),
    judge.order({
      ...common,
      id: `G8.${slugOf(row.printed)}.right-skewed`,
      statement: `the bulk of the augmented Hessian is right-skewed (${set}, ${schedule})`,
      larger: { name: 'skewness of the bulk, augmented', samples: after },
      smaller: { name: 'no skewness', samples: after.map(() => 0) },
      because: 'right-skewed is read as a positive third moment',
    }),
  ];
}
