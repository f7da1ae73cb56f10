import type { ExperimentPackage } from './find-experiments.js';
import { planRun, type RunPlan } from './run-plan.js';
import type { StoredManifest } from './stored-manifest.js';

/** The run that a manifest tells of, as the present code would do it. */
export interface StoredPlan {
  readonly plan: RunPlan;
  /** Parts of the stored run that the experiment has no more. */
  readonly partsGone: readonly string[];
  /** Parts that a run of the whole experiment has now and the stored one has not. */
  readonly partsNew: readonly string[];
}

/**
 * @param folder  the one under results/EXPERIMENT/ that the manifest stands in
 * @throws Error when the present code does not plan the run, see planRun
 */
export async function planLikeStored(
  found: ExperimentPackage,
  manifest: StoredManifest,
  folder: string,
): Promise<StoredPlan> {
  const known = (await found.load()).parts.map(({ id }) => id);
  const stored = manifest.parts.map(({ id }) => id);
  const here = stored.filter((id) => known.includes(id));
  const wasWhole = !/ --(part|figure|table) /.test(manifest.command ?? '');
  const plan = await planRun(found, manifest.profile, manifest.seed, wasWhole ? undefined : here, {
    ...(manifest.changed === undefined ? {} : { changed: manifest.changed }),
    folder,
  });
  return {
    plan,
    partsGone: stored.filter((id) => !known.includes(id)),
    partsNew: wasWhole ? known.filter((id) => !stored.includes(id)) : [],
  };
}
