import { availableParallelism } from 'node:os';
import type { EstimateOptions, RunOutlook } from '../estimation/estimate-run.js';
import type { ExperimentPackage } from '../find-experiments.js';

export interface Estimated {
  readonly experiment: ExperimentPackage;
  /** Identifiers of the parts; undefined for all. */
  readonly parts: readonly string[] | undefined;
}

/**
 * `reproduce --estimate`: what these runs would take.
 *
 * @throws Error when some of them cannot be planned, after the others were told
 */
export async function tellEstimates(
  chosen: readonly Estimated[],
  {
    cores = availableParallelism(),
    ...options
  }: Omit<EstimateOptions, 'cores' | 'parts'> & { readonly cores?: number },
  json: boolean,
): Promise<void> {
  const [{ estimateRunCosts }, { estimateText, totalText }] = await Promise.all([
    import('../estimation/estimate-run.js'),
    import('../estimation/estimate-text.js'),
  ]);
  const print = json ? console.error : console.log;
  const all: RunOutlook[] = [];
  const failed: string[] = [];
  for (const { experiment, parts } of chosen) {
    try {
      const costs = await estimateRunCosts(experiment, { ...options, cores, ...(parts ? { parts } : {}) });
      all.push(costs);
      print(`${estimateText(costs)}\n`);
    } catch (error) {
      // The others do not depend on this one.
      if (chosen.length === 1) throw error;
      console.error(`hessian-rmt: ${experiment.name}: ${(error as Error).message}`);
      failed.push(experiment.name);
    }
  }
  if (all.length > 1) print(totalText(all));
  print('Nothing was computed or written. Times hold to a factor of two at best; drawing is not counted.');
  if (json) console.log(JSON.stringify(all, null, 2));
  if (failed.length > 0)
    throw new Error(`${failed.length} of ${chosen.length} experiments cannot be told: ${failed.join(', ')}`);
}
