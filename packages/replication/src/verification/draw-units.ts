import { randomStream } from '@hessian-rmt/numerics';
import type { PlannedUnit, RunPlan } from '../run-plan.js';
import { unitIdentity } from '../run-plan.js';
import type { StoredManifest, StoredRunRecord } from '../stored-manifest.js';
import { DamagedUnit, type UnitStore } from '../unit-store.js';

/** A unit that may be drawn. */
export interface Candidate {
  readonly unit: PlannedUnit;
  /** What computing it took, with all that must be computed for it. */
  readonly seconds: number;
}

/** What a sample is drawn from. */
export interface Candidates {
  readonly units: readonly Candidate[];
  /** Units left out since computing them (and, without a store, what they need) takes longer than the limit. */
  readonly tooLong: number;
  /** Units left out since there is nothing to compare them with. */
  readonly incomparable: number;
  /** Stored units whose record cannot be read, with the reason. */
  readonly damaged: readonly { readonly unit: PlannedUnit; readonly reason: string }[];
}

/** Units of the plan that stand in the store, as do those that they need. @param limit  seconds that a unit may have taken */
export async function candidatesInStore(plan: RunPlan, store: UnitStore, limit: number): Promise<Candidates> {
  const units: Candidate[] = [];
  const damaged: { unit: PlannedUnit; reason: string }[] = [];
  let tooLong = 0;
  let incomparable = 0;
  for (const unit of plan.units) {
    if (!store.has(unit.key) || !unit.needs.every(({ key }) => store.has(key))) {
      incomparable++;
      continue;
    }
    try {
      const { seconds } = await store.written(unit.key);
      if (seconds > limit) tooLong++;
      else units.push({ unit, seconds });
    } catch (error) {
      if (!(error instanceof DamagedUnit)) throw error;
      damaged.push({ unit, reason: error.message });
    }
  }
  return { units, tooLong, incomparable, damaged };
}

/**
 * Units of the plan whose arrays have sums in the manifest. How long they take is told by the longest of their kind in
 * the record of the run.
 *
 * @param limit  seconds that a unit, with all that it needs, may have taken
 */
export function candidatesInManifest(
  plan: RunPlan,
  manifest: StoredManifest,
  { kinds = {} }: StoredRunRecord,
  limit: number,
): Candidates {
  const stored = new Map(manifest.units.map((unit) => [unitIdentity(unit), unit]));
  const seconds = (unit: PlannedUnit) =>
    withNeeded([unit], plan).reduce((sum, { ingredients }) => sum + (kinds[ingredients.kind]?.longest ?? 0), 0);
  const hasSums = ({ ingredients }: PlannedUnit) =>
    Object.keys(stored.get(unitIdentity(ingredients))?.arrays ?? {}).length > 0;
  const comparable = plan.units.filter(hasSums).map((unit) => ({ unit, seconds: seconds(unit) }));
  const units = comparable.filter((candidate) => candidate.seconds <= limit);
  return {
    units,
    tooLong: comparable.length - units.length,
    incomparable: plan.units.length - comparable.length,
    damaged: [],
  };
}

/** A sample without replacement: the same for the same seed, experiment and candidates. */
export function drawUnits(
  candidates: readonly Candidate[],
  count: number,
  seed: number,
  experiment: string,
): readonly Candidate[] {
  const order = randomStream(seed, 'verify', experiment).permutation(candidates.length);
  return [...order.slice(0, count)].map((index) => candidates[index]);
}

/** These units and all that they need, in the plan's order. */
export function withNeeded(units: readonly PlannedUnit[], plan: RunPlan): readonly PlannedUnit[] {
  const byKey = new Map(plan.units.map((unit) => [unit.key, unit]));
  const wanted = new Set<PlannedUnit>();
  const want = (unit: PlannedUnit) => {
    wanted.add(unit);
    for (const { key } of unit.needs) want(byKey.get(key)!);
  };
  units.forEach(want);
  return plan.units.filter((unit) => wanted.has(unit));
}
