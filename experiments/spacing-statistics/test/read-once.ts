import type { Dataset, Split } from '@hessian-rmt/models';
import type { UnitContext } from '@hessian-rmt/replication';
import type { DataConfig } from '../src/samples.js';

type Context = Pick<UnitContext, 'of' | 'repetition'>;
type Samples = typeof import('../src/samples.js');

/** For `vi.mock`: the same samples, read once for a file of tests. Parsing the digits would take most of its time. */
export function readOnce(samples: Samples): Samples {
  const read = new Map<string, Promise<Dataset>>();
  return {
    ...samples,
    samplesOf(config: DataConfig, split: Split, context?: Context) {
      const key = JSON.stringify([config, split]);
      const found = read.get(key) ?? samples.samplesOf(config, split, context);
      read.set(key, found);
      return found;
    },
  };
}
