import type { Judged } from '@hessian-rmt/replication';
import { type Condition, describe, isPublished, type NetworkSettings } from './network-settings.js';

/** The fields of a claim that say whether the run is the published one. */
export const comparison = (
  settings: NetworkSettings,
  condition: Condition,
): Pick<Judged, 'atPublishedSize' | 'difference'> =>
  isPublished(settings, condition)
    ? { atPublishedSize: true }
    : { atPublishedSize: false, difference: describe(settings, condition) };

/** The published numbers are of one run each, so what another run gives may differ by the spread of runs. */
export const oneRun = {
  within: { standardErrors: 3 },
  because: 'the paper has one run; three standard errors over ours are our choice',
} as const;
