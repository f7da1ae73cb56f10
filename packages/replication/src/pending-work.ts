import { linearAlgebra } from '@hessian-rmt/numerics';
import type { Durations } from './durations.js';
import { type Estimated, secondsOf } from './estimate.js';
import type { UnitTask } from './executor.js';
import { productRate } from './product-rate.js';
import type { RunStep } from './run-events.js';
import type { PlannedUnit, RunPlan } from './run-plan.js';
import { DamagedUnit, type UnitStore } from './unit-store.js';

/**
 * The units that are not whole in the store, in the order of the plan.
 *
 * @param onDamaged  told of a unit that stands there, but is not what was written
 * @throws the signal's reason when stopped
 */
export async function missingUnits(
  units: readonly PlannedUnit[],
  store: UnitStore,
  onDamaged: (unit: PlannedUnit, reason: string) => unknown = () => {},
  signal?: AbortSignal,
): Promise<PlannedUnit[]> {
  const missing: PlannedUnit[] = [];
  for (const unit of units) {
    signal?.throwIfAborted();
    if (!store.has(unit.key)) missing.push(unit);
    else {
      try {
        await store.record(unit.key);
      } catch (error) {
        if (!(error instanceof DamagedUnit)) throw error;
        missing.push(unit);
        await onDamaged(unit, error.message);
      }
    }
  }
  return missing;
}

/**
 * Units as estimates see them, by key: what an equal one took before, else what its kind says, else what its kind took.
 *
 * @param cores  that the units share: none of them gets more threads
 */
export async function outlookOf(
  units: readonly PlannedUnit[],
  durations: Durations,
  cores: number,
): Promise<ReadonlyMap<string, Estimated>> {
  // The very library that the units will get, on one thread; measured only when there is something to tell by it.
  const hasCost = units.some(({ cost }) => cost !== undefined);
  const rate = hasCost ? productRate(await linearAlgebra({ threads: 1 })) : 0;
  return new Map(
    units.map(({ key, ingredients, cost }) => {
      const { kind, threads } = ingredients;
      const told = cost === undefined ? undefined : secondsOf(cost, Math.min(threads, cores), rate);
      const expectedSeconds = durations.ofEqual(ingredients) ?? told ?? durations.ofKind(ingredients);
      return [key, { kind, threads, cost, expectedSeconds }];
    }),
  );
}

/** What an executor is told of these units. @param store  directory of the store that takes their results */
export function tasksOf(
  units: readonly PlannedUnit[],
  outlook: ReadonlyMap<string, Estimated>,
  store: string,
): readonly UnitTask[] {
  return units.map(({ key, module, ingredients, needs, cost }) => {
    const { expectedSeconds } = outlook.get(key)!;
    return {
      key,
      module,
      ingredients,
      needs,
      store,
      ...(expectedSeconds === undefined ? {} : { expectedSeconds }),
      ...(cost?.memory === undefined ? {} : { memory: cost.memory }),
    };
  });
}

/** What a run tells before it does anything. */
export function plannedStep(
  plan: RunPlan,
  {
    toCompute,
    ...rest
  }: { readonly toCompute: number } & Pick<RunStep & { type: 'planned' }, 'cores' | 'estimate' | 'because'>,
): RunStep {
  const { experiment, profile, seed, whole, parts, changed, units, library } = plan;
  return {
    type: 'planned',
    experiment: experiment.name,
    profile,
    seed,
    parts: whole ? null : parts.map(({ part }) => part.id),
    changed: Object.entries(changed).map(([name, value]) => ({
      name,
      value,
      parts: parts.filter((part) => Object.hasOwn(part.changed, name)).map(({ part }) => part.id),
      of: parts.length,
    })),
    units: units.length,
    inStore: units.length - toCompute,
    library,
    ...rest,
  };
}
