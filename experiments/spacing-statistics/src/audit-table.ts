import type { Table } from '@hessian-rmt/plotting';
import { levelClasses, levelClassNames } from './audit-classes.js';
import type { AuditedCondition } from './audited.js';
import { describe } from './conditions.js';

/** Every condition whose whole spectra were computed: levels by class, and the mean of their ratios. */
export function auditTable(id: string, audited: readonly AuditedCondition[]): Table {
  return {
    id,
    title: 'Levels by class, and the mean of min(r, 1/r)',
    caption:
      'Levels: mean number in a spectrum. Mean ratios with their standard error over spectra (GOE 0.5307, independent levels 0.3863). ' +
      'Floor: largest error of an eigenvalue, in epsilon times the largest magnitude.',
    columns: [
      { header: 'condition' },
      { header: 'P', format: ',d' },
      { header: 'spectra in float32, float64' },
      { header: 'share of rounding', format: '.3f' },
      { header: 'floor, float64', format: '.1f' },
      { header: 'floor, float32', format: '.1f' },
      ...levelClassNames.flatMap((name) => [
        { header: `${levelClasses[name]}: levels`, format: ',.0f' },
        { header: 'mean ratio', format: '.4f' },
        { header: 'standard error', format: '.4f' },
      ]),
    ],
    rows: audited.map(({ condition, full, audit }) => [
      describe(condition),
      full.size,
      `${full.float32.length}, ${full.float64.length}`,
      audit.roundingShare,
      Math.max(...audit.floor64),
      Math.max(...audit.floor32),
      ...levelClassNames.flatMap((name) => {
        const { levels, ratio } = audit.classes[name];
        return [levels, ratio?.mean ?? null, ratio?.standardError ?? null];
      }),
    ]),
  };
}
