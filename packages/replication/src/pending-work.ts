import { linearAlgebra } from '@hessian-rmt/numerics';
import type { Durations } from './durations.js';
import { type Estimated, secondsOf } from './estimate.js';
import type { UnitTask } from './executor.js';
import { kindPace } from './kind-pace.js';
import { productRate } from './product-rate.js';
import type { RunStep } from './run-events.js';
import type { PlannedUnit, RunPlan } from './run-plan.js';
import type { StoredKinds } from './stored-kinds.js';
import type { UnitIngredients } from './unit-key.js';
import { DamagedUnit, type UnitStore } from './unit-store.js';

/**
 * How the time of a unit is known: an *equal* one was computed here, its kind *told* it, others of its *kind* were computed
 * here, or it stands in *stored* results.
 */
export type KnownBy = 'equal' | 'told' | 'kind' | 'stored' | 'nothing';

export interface Outlook extends Estimated {
  readonly known: KnownBy;
  /** With `told`: what the kind tells was multiplied by this. */
  readonly pace?: number;
}

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
 * Units as estimates see them, by key: what an equal one took before, else what its kind tells, corrected by how measured
 * units of the kind kept to it, else what its kind took here, else what it took in stored results.
 *
 * @param cores  that the units share: none of them gets more threads
 * @param stored  what stored results tell of the kinds of the units
 */
export async function outlookOf(
  units: readonly PlannedUnit[],
  durations: Durations,
  cores: number,
  stored: StoredKinds = new Map(),
): Promise<ReadonlyMap<string, Outlook>> {
  // The very library that the units will get, on one thread; measured only when there is something to tell by it.
  const hasCost = units.some(({ cost }) => cost !== undefined);
  const rate = hasCost ? productRate(await linearAlgebra({ threads: 1 })) : 0;
  const paces = new Map<string, number>();
  const paceOf = (ingredients: UnitIngredients): number => {
    const { kind, threads } = ingredients;
    const name = `${kind} ${threads}`;
    const inResults = () => (stored.get(kind) ?? []).flatMap(({ measured }) => measured ?? []);
    if (!paces.has(name)) paces.set(name, kindPace([...durations.toldOfKind(ingredients), ...inResults()], rate));
    return paces.get(name)!;
  };
  return new Map(
    units.map(({ key, ingredients, cost }) => {
      const { kind, threads } = ingredients;
      const told = () => cost && secondsOf(cost, Math.min(threads, cores), rate) * paceOf(ingredients);
      const ofStored = () => {
        const like = stored.get(kind)?.[0];
        return like && like.seconds / like.units;
      };
      const [known, expectedSeconds] = firstKnown({
        equal: () => durations.ofEqual(ingredients),
        told,
        kind: () => durations.ofKind(ingredients),
        stored: ofStored,
      });
      const pace = known === 'told' ? { pace: paceOf(ingredients) } : {};
      return [key, { kind, threads, cost, known, expectedSeconds, ...pace }];
    }),
  );
}

function firstKnown(sources: Record<Exclude<KnownBy, 'nothing'>, () => number | undefined>): [KnownBy, number?] {
  for (const [name, source] of Object.entries(sources)) {
    const value = source();
    if (value !== undefined) return [name as KnownBy, value];
  }
  return ['nothing'];
}

/** What an executor is told of these units. @param store  directory of the store that takes their results */
export function tasksOf(
  units: readonly PlannedUnit[],
  outlook: ReadonlyMap<string, Outlook>,
  store: string,
): readonly UnitTask[] {
  return units.map((unit) => taskOf(unit, store, outlook.get(unit.key)!.expectedSeconds));
}

export function taskOf(
  { key, module, ingredients, needs, cost }: PlannedUnit,
  store: string,
  expectedSeconds?: number,
): UnitTask {
  return {
    key,
    module,
    ingredients,
    needs,
    store,
    ...(expectedSeconds === undefined ? {} : { expectedSeconds }),
    ...(cost?.memory === undefined ? {} : { memory: cost.memory }),
  };
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
