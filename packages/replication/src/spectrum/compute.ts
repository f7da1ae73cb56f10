import { arch } from 'node:os';
import { join } from 'node:path';
import { type LibraryInfo, linearAlgebra } from '@hessian-rmt/numerics';
import { describeUnits } from '../describe-unit.js';
import { Durations } from '../durations.js';
import { type Estimated, estimateRun, type RunEstimate, secondsOf } from '../estimate.js';
import type { Executor, UnitTask } from '../executor.js';
import type { Unit, UnitCost, UnitResult } from '../experiment.js';
import { productRate } from '../product-rate.js';
import type { RunEvent } from '../run-events.js';
import type { PlannedUnit } from '../run-plan.js';
import { RunProgress } from '../run-progress.js';
import { sourceClosure } from '../source-closure.js';
import { environmentThatCounts, kernelOf, type UnitIngredients, unitKey } from '../unit-key.js';
import { DamagedUnit, type UnitRecord, UnitStore } from '../unit-store.js';

/** A unit with the module of its kind and what it takes. */
export interface PlannedWork {
  readonly unit: Unit;
  readonly module: string;
  readonly cost?: UnitCost;
}

export interface ComputeOptions {
  /** Directory of the store of finished units. */
  readonly cache: string;
  readonly seed: number;
  readonly executor: Executor;
  /** Whether finished units may be taken from the store. */
  readonly reusable: boolean;
  /** Told before anything is computed. */
  readonly onPlan: (outlook: Outlook) => void;
  readonly onEvent: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

export interface Outlook {
  readonly units: number;
  readonly toCompute: number;
  readonly library: LibraryInfo;
  readonly estimate: RunEstimate | null;
}

export interface Computed {
  readonly results: readonly UnitResult[];
  readonly records: readonly UnitRecord[];
  /** Keys of the units that were computed now. */
  readonly computed: readonly string[];
  readonly library: LibraryInfo;
}

/** What these units stand under in the store; `unitKey` says what their keys are made of. */
const experiment = 'spectrum';

/**
 * The results of these units, in their order: from the store where they stand there whole, else computed in processes of
 * their own and stored.
 *
 * @throws Error with the reason of each unit that failed; the signal's reason when stopped. Finished units are kept.
 */
export async function computeUnits(work: readonly PlannedWork[], options: ComputeOptions): Promise<Computed> {
  const { cache, executor, signal } = options;
  const store = new UnitStore(cache);
  // Only asked what it is, and for its rate: one thread is enough here.
  const algebra = await linearAlgebra({ threads: 1 });
  const units = await planned(work, options.seed, algebra.library);
  const missing = await missingUnits(units, store, options.reusable);
  const durations = new Durations(join(cache, 'durations.json'));
  const rate = missing.length > 0 ? productRate(algebra) : 0;
  const estimated = missing.map(({ ingredients, cost }): Estimated => {
    const { kind, threads } = ingredients;
    const told = cost && secondsOf(cost, Math.min(threads, executor.cores), rate);
    return { kind, threads, cost, expectedSeconds: durations.ofEqual(ingredients) ?? told };
  });
  const estimate =
    missing.length > 0 ? estimateRun(estimated, executor.cores, algebra.library.kind === 'portable') : null;
  options.onPlan({ units: units.length, toCompute: missing.length, library: algebra.library, estimate });
  if (missing.length > 0) await store.prepare();

  const progress = new RunProgress(units, executor.cores, options.onEvent);
  progress.expect(missing.map((unit, i) => ({ unit, expectedSeconds: estimated[i].expectedSeconds })));
  const tasks = missing.map(({ key, module, ingredients, cost }, i): UnitTask => {
    const { expectedSeconds } = estimated[i];
    return {
      key,
      module,
      ingredients,
      store: cache,
      ...(expectedSeconds === undefined ? {} : { expectedSeconds }),
      ...(cost?.memory === undefined ? {} : { memory: cost.memory }),
    };
  });
  const reasons: string[] = [];
  try {
    await executor.run(
      tasks,
      (event) => {
        if (event.type === 'finished')
          durations.add(tasks.find(({ key }) => key === event.key)!.ingredients, event.seconds);
        if (event.type === 'failed') reasons.push(event.reason);
        progress.take(event);
      },
      signal,
    );
  } finally {
    await durations.save();
    await store.removeLeftovers();
  }
  // Batches of one network mostly fail for one reason.
  if (reasons.length > 0) throw new Error([...new Set(reasons.map(withoutStack))].join('\n'));

  const records = await Promise.all(units.map(({ key }) => store.record(key)));
  const results: UnitResult[] = [];
  for (const record of records) results.push(await store.load(record));
  return { results, records, computed: missing.map(({ key }) => key), library: algebra.library };
}

/** Errors that name what was expected say all by themselves; of others, which are mistakes in the code, the place counts. */
function withoutStack(reason: string): string {
  if (process.env.HESSIAN_RMT_DEBUG) return reason;
  const [, message] = /^(?:RangeError|DataFileError|Error): ([\s\S]*?)\n {4}at /.exec(reason) ?? [];
  return message ?? reason;
}

async function planned(
  work: readonly PlannedWork[],
  seed: number,
  library: LibraryInfo,
): Promise<readonly PlannedUnit[]> {
  const labels = describeUnits(work.map(({ unit }) => unit));
  const sources = new Map<string, string>();
  for (const { module } of work) sources.set(module, sources.get(module) ?? (await sourceClosure(module)).hash);
  return work.map(({ unit, module, cost }, i) => {
    const ingredients: UnitIngredients = {
      experiment,
      ...unit,
      seed,
      sources: sources.get(module)!,
      linearAlgebra: kernelOf(library),
      architecture: arch(),
      environment: environmentThatCounts(),
    };
    const label = labels[i];
    return {
      key: unitKey(ingredients),
      label,
      module,
      ingredients,
      needs: [],
      ...(cost === undefined ? {} : { cost }),
    };
  });
}

async function missingUnits(
  units: readonly PlannedUnit[],
  store: UnitStore,
  reusable: boolean,
): Promise<readonly PlannedUnit[]> {
  if (!reusable) return units;
  const missing: PlannedUnit[] = [];
  for (const unit of units) {
    try {
      if (!store.has(unit.key)) missing.push(unit);
      else await store.record(unit.key);
    } catch (error) {
      if (!(error instanceof DamagedUnit)) throw error;
      await store.remove(unit.key);
      missing.push(unit);
    }
  }
  return missing;
}
