import { availableParallelism } from 'node:os';
import type { EstimateOptions, RunOutlook } from '../estimation/estimate-run.js';
import type { SlurmLimits } from '../slurm/job-plan.js';
import type { SlurmSettings } from '../slurm/slurm-settings.js';
import { print, printAside, printableMessage } from '../terminal.js';
import type { Chosen } from './run-here.js';

export interface EstimateArguments extends Omit<EstimateOptions, 'cores' | 'parts' | 'slurm'> {
  readonly cores?: number | undefined;
  /** Of the jobs, when they would do it. */
  readonly settings?: SlurmSettings | undefined;
  readonly json: boolean;
}

/**
 * `reproduce --estimate`: what these runs would take.
 *
 * @throws Error when some of them cannot be planned, after the others were told
 */
export async function tellEstimates(
  chosen: readonly Chosen[],
  { cores = availableParallelism(), settings, json, ...options }: EstimateArguments,
): Promise<void> {
  const [{ estimateRunCosts }, { estimateText, totalText }] = await Promise.all([
    import('../estimation/estimate-run.js'),
    import('../estimation/estimate-text.js'),
  ]);
  const slurm = settings && { settings, limits: await limitsOfSlurm(settings) };
  const say = json ? printAside : print;
  const all: RunOutlook[] = [];
  const failed: string[] = [];
  for (const { experiment, parts } of chosen) {
    try {
      const costs = await estimateRunCosts(experiment, {
        ...options,
        cores,
        ...(parts && { parts }),
        ...(slurm && { slurm }),
      });
      all.push(costs);
      say(`${estimateText(costs)}\n`);
    } catch (error) {
      // The others do not depend on this one.
      if (chosen.length === 1) throw error;
      printAside(`hessian-rmt: ${experiment.name}: ${printableMessage((error as Error).message)}`);
      failed.push(experiment.name);
    }
  }
  if (all.length > 1) say(totalText(all));
  say('Nothing was computed or written. Times hold to a factor of two at best; drawing is not counted.');
  if (json) print(JSON.stringify(all, null, 2));
  if (failed.length > 0)
    throw new Error(`${failed.length} of ${chosen.length} experiments cannot be told: ${failed.join(', ')}`);
}

/** Of the cluster; where none answers, as on the machine of whoever only asks what it would take, Slurm's default. */
async function limitsOfSlurm({ partition }: SlurmSettings): Promise<SlurmLimits> {
  const { slurmScheduler } = await import('../slurm/scheduler.js');
  const { tellingWaits } = await import('../slurm/telling-waits.js');
  return tellingWaits(slurmScheduler().limits(partition)).catch(() => ({ maxArraySize: 1001 }));
}
