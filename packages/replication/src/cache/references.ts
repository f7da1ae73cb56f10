import { profileNames } from '../experiment.js';
import type { ExperimentPackage } from '../find-experiments.js';
import { planRun, type RunPlan } from '../run-plan.js';
import { readStoredManifest } from '../stored-manifest.js';
import { planLikeStored } from '../stored-plan.js';
import { storedFolders, storedResults } from '../stored-results.js';
import { type UnitIngredients, unitKey } from '../unit-key.js';

/** What of a cache somebody may still ask for. */
export interface References {
  /** Keys of the units that stored results were made of. */
  readonly results: ReadonlySet<string>;
  /** Keys of the units that the present code plans, at any profile, on the libraries and machines that have stored units. */
  readonly plans: ReadonlySet<string>;
  /** Keys of the runs that the present code plans on this machine. */
  readonly runs: ReadonlySet<string>;
}

/** The root seed of a run that was given none. */
const usualSeed = 1;

/**
 * Who refers to what is cached: the manifests under results/, and the runs that the present code plans: all profiles,
 * with the seed 1 and those of the stored manifests, and the stored runs themselves with their changed settings.
 *
 * @param stored  ingredients of the stored units: they tell on which libraries and machines runs were done
 * @param onExperiment  told which experiment is being planned: all profiles of one take a second
 * @throws Error when an experiment cannot be planned: nothing is known of its units then
 */
export async function referencesTo(
  stored: readonly UnitIngredients[],
  root: string,
  experiments: readonly ExperimentPackage[],
  onExperiment: (name: string) => void = () => {},
): Promise<References> {
  const results = new Set<string>();
  const plans = new Set<string>();
  const runs = new Set<string>();
  const platforms = platformsOf(stored);
  const take = (plan: RunPlan) => {
    runs.add(plan.runKey);
    for (const { key } of plan.units) plans.add(key);
    for (const platform of platforms) for (const key of keysOn(plan, platform)) plans.add(key);
  };
  for (const found of experiments) {
    onExperiment(found.name);
    const seeds = new Set([usualSeed]);
    for (const folder of storedFolders(root, found.name)) {
      const [{ directory }] = storedResults(root, [found.name], { folder, demanded: true });
      const manifest = readStoredManifest(directory);
      if (manifest === undefined) continue;
      seeds.add(manifest.seed);
      for (const { key } of manifest.units) results.add(key);
      // A run with a setting that the code has no more is planned by nobody; what its manifest names is kept all the same.
      const like = await planLikeStored(found, manifest, folder).catch(() => undefined);
      if (like) take(like.plan);
    }
    for (const seed of seeds) {
      for (const profile of profileNames) take(await planRun(found, profile, seed));
    }
  }
  return { results, plans, runs };
}

type Platform = Pick<UnitIngredients, 'linearAlgebra' | 'architecture' | 'environment'>;

function platformsOf(stored: readonly UnitIngredients[]): readonly Platform[] {
  const platforms = stored.map(({ linearAlgebra, architecture, environment }) => ({
    linearAlgebra,
    architecture,
    environment,
  }));
  return [...new Map(platforms.map((platform) => [JSON.stringify(platform), platform])).values()];
}

/** The keys that the units of a plan have elsewhere. */
function keysOn({ units }: RunPlan, platform: Platform): readonly string[] {
  const elsewhere = new Map<string, string>();
  // Units come after those that they need.
  for (const { key, ingredients } of units) {
    const { needs } = ingredients;
    const needed = needs === undefined ? {} : { needs: needs.map((one) => elsewhere.get(one)!).sort() };
    elsewhere.set(key, unitKey({ ...ingredients, ...platform, ...needed }));
  }
  return [...elsewhere.values()];
}
