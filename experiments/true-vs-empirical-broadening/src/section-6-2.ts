import type { Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge } from '@hessian-rmt/replication';
import { comparison } from './comparison.js';
import { printedSets } from './image-sets.js';
import { type MeasuredRow, mainUnits, measuredRows } from './main-spectra.js';
import { describe, type NetworkSettings, networkProfiles, whyNotRun } from './network-settings.js';

const kinds = ['empirical', 'augmented'] as const;

/** Sec. 6.2: the sharper empirical minimum stays the sharper one in the augmented Hessian, and generalises worse. */
export const section62 = definePart<NetworkSettings>({
  id: 'section-6-2',
  place: 'Sec. 6.2',
  title: 'Sharp minima of the empirical and of the augmented Hessian',
  profiles: networkProfiles,
  units: mainUnits,

  present(results, settings) {
    const rows = measuredRows(results, settings);
    return {
      tables: [tableOf(rows, settings)],
      claims: printedSets.flatMap((set) => {
        const [normal, overfit] = rows.filter(({ condition }) => condition.set === set);
        if (normal && overfit) return claimsOf(normal, overfit, settings);
        return judge.notRun({
          id: `G12.${set.toLowerCase().replace('cifar-', 'c')}.sharper`,
          place: 'Sec. 6.2',
          statement: `the minimum of the schedule Overfit is the sharper one (${set})`,
          why: whyNotRun(settings, set),
        });
      }),
    };
  },
});

function tableOf(rows: readonly MeasuredRow[], settings: NetworkSettings): Table {
  return {
    id: 'section-6-2',
    title: 'Sec. 6.2: largest eigenvalue and test accuracy of the two schedules',
    caption: `Each repetition. ${[...new Set(rows.map(({ condition }) => describe(settings, condition)))].join('; ')}.`,
    columns: [
      { header: 'data' },
      { header: 'schedule' },
      { header: 'repetition' },
      { header: 'largest, empirical', format: '.4g' },
      { header: 'largest, augmented', format: '.4g' },
      { header: 'best test accuracy, per cent', format: '.1f' },
      { header: 'last train accuracy, per cent', format: '.1f' },
    ],
    rows: rows.flatMap((row) =>
      row.empirical.map((one, r) => {
        const { train } = row.curves[r];
        return [
          row.condition.set,
          row.condition.schedule,
          r,
          one.largest,
          row.augmented[r].largest,
          100 * bestAccuracy(row, r),
          100 * train[train.length - 1].accuracy,
        ];
      }),
    ),
  };
}

const bestAccuracy = ({ curves }: MeasuredRow, r: number) =>
  Math.max(...curves[r].test.map(({ accuracy }) => accuracy));

function claimsOf(normal: MeasuredRow, overfit: MeasuredRow, settings: NetworkSettings): Claim[] {
  const { set } = normal.condition;
  const id = set.toLowerCase().replace('cifar-', 'c');
  const common = {
    place: `Sec. 6.2, ${set}`,
    figure: 'tables/section-6-2.md',
    ...comparison(settings, normal.condition),
  };
  const repetitions = normal.empirical.map((_, r) => r);
  return [
    ...kinds.map((kind) =>
      judge.order({
        ...common,
        id: `G12.${id}.sharper-${kind}`,
        statement: `the minimum of the schedule Overfit is the sharper one in the ${kind} Hessian (${set})`,
        larger: { name: 'largest eigenvalue, Overfit', samples: overfit[kind].map(({ largest }) => largest) },
        smaller: { name: 'largest eigenvalue, Normal', samples: normal[kind].map(({ largest }) => largest) },
        because: 'the paper states it for both data sets; its factors are 14 to 27',
      }),
    ),
    judge.order({
      ...common,
      id: `G12.${id}.generalises-worse`,
      statement: `the schedule Overfit generalises worse (${set})`,
      larger: { name: 'best test accuracy, Normal', samples: repetitions.map((r) => bestAccuracy(normal, r)) },
      smaller: { name: 'best test accuracy, Overfit', samples: repetitions.map((r) => bestAccuracy(overfit, r)) },
      because: 'the paper states it for both data sets, by 9 and 20 per cent',
    }),
  ];
}
