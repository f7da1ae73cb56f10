import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Changes } from '../changed-settings.js';
import { Durations } from '../durations.js';
import type { ProfileName } from '../experiment.js';
import type { ExperimentPackage } from '../find-experiments.js';
import { memory } from '../memory.js';
import { missingUnits, outlookOf, tasksOf } from '../pending-work.js';
import { cacheDirectory } from '../reproduce.js';
import { type PlannedUnit, planRun } from '../run-plan.js';
import { jobPlan, type SlurmLimits } from '../slurm/job-plan.js';
import type { SlurmSettings } from '../slurm/slurm-settings.js';
import { type StoredKinds, storedKinds } from '../stored-kinds.js';
import { isProfile, storedFolders } from '../stored-results.js';
import { UnitStore } from '../unit-store.js';
import { type ClusterCosts, clusterCosts } from './cluster-costs.js';
import { type RunCosts, runCosts, type UnitOutlook } from './run-costs.js';

export interface EstimateOptions {
  readonly root: string;
  readonly profile: ProfileName;
  readonly seed: number;
  readonly parts?: readonly string[];
  readonly changed?: Changes;
  readonly as?: string;
  /** Cores that the units would share. */
  readonly cores: number;
  /** As if nothing were stored. */
  readonly force?: boolean;
  /** As job arrays, too. */
  readonly slurm?: { readonly settings: SlurmSettings; readonly limits: SlurmLimits };
}

/** What `reproduce` with the same options would take. */
export interface RunOutlook extends RunCosts {
  readonly experiment: string;
  readonly profile: ProfileName;
  readonly seed: number;
  /** Folder of results/EXPERIMENT/ that the results would go to. */
  readonly folder: string;
  /** Identifiers of the parts when these are not all. */
  readonly only: readonly string[] | null;
  readonly changed: Changes;
  /** Bytes of the machine, and those that can be had now. */
  readonly machine: { readonly memory: number; readonly free: number };
  /** Bytes of the results in the folder they go to; where there are none, of those of the largest profile. Null for none. */
  readonly results: { readonly folder: string; readonly bytes: number } | null;
  readonly cluster: ClusterCosts | null;
}

/**
 * Plans a run and tells its costs. Nothing is computed but the rate of a product, and nothing is written.
 *
 * @throws as `planRun` does; UnusableSlurmSetting for units that cannot have what they need
 */
export async function estimateRunCosts(found: ExperimentPackage, options: EstimateOptions): Promise<RunOutlook> {
  const { root, profile, seed, parts, changed = {}, as, cores, force = false, slurm } = options;
  const plan = await planRun(found, profile, seed, parts, { changed, ...(as === undefined ? {} : { folder: as }) });
  const cache = cacheDirectory(root);
  const store = new UnitStore(cache);
  const durations = new Durations(join(cache, 'durations.json'));
  const kinds = storedKinds(root, plan.experiment, plan.library, plan.folder);
  const missing = force ? plan.units : await missingUnits(plan.units, store);
  const times = await outlookOf(missing, durations, cores, kinds);
  const outlook = new Map(
    missing.map((unit) => [unit.key, { ...times.get(unit.key)!, ...bytesOf(unit, durations, kinds) }]),
  );
  let storedBytes = 0;
  for (const { key } of plan.units) if (!outlook.has(key)) storedBytes += await store.size(key);
  const { total, available, leftInGroup } = memory();
  const free = Math.min(available, leftInGroup ?? available);
  return {
    experiment: found.name,
    profile,
    seed,
    folder: plan.folder,
    only: plan.whole ? null : plan.parts.map(({ part }) => part.id),
    changed,
    ...runCosts(plan, outlook, { cores, memory: total, storedBytes }),
    machine: { memory: total, free },
    results: resultsLike(root, found.name, plan.folder),
    cluster:
      slurm === undefined
        ? null
        : clusterCosts(
            jobPlan(tasksOf(missing, times, cache), slurm.settings, slurm.limits),
            slurm.settings.tasksAtOnce,
          ),
  };
}

function bytesOf(
  { ingredients }: PlannedUnit,
  durations: Durations,
  kinds: StoredKinds,
): Pick<UnitOutlook, 'bytes' | 'bytesKnown' | 'folder'> {
  const equal = durations.bytesOfEqual(ingredients);
  if (equal !== undefined) return { bytes: equal, bytesKnown: 'equal' };
  const ofKind = durations.bytesOfKind(ingredients);
  if (ofKind !== undefined) return { bytes: ofKind, bytesKnown: 'kind' };
  const stored = kinds.get(ingredients.kind)?.find((one) => one.bytes !== null);
  if (stored === undefined) return { bytes: undefined, bytesKnown: 'nothing' };
  return { bytes: stored.bytes! / stored.units, bytesKnown: 'stored', folder: stored.folder };
}

function resultsLike(root: string, experiment: string, folder: string): RunOutlook['results'] {
  const stored = storedFolders(root, experiment);
  const like = stored.find((name) => name === folder) ?? stored.findLast(isProfile) ?? stored[0];
  return like === undefined ? null : { folder: like, bytes: bytesUnder(join(root, 'results', experiment, like)) };
}

function bytesUnder(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.reduce((total, { parentPath, name }) => total + statSync(join(parentPath, name)).size, 0);
}
