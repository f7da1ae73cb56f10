import { type LinearAlgebra, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import type { UnitTask } from './executor.js';
import type { Unit, UnitContext, UnitKind, UnitResult } from './experiment.js';
import { unitIdentity } from './run-plan.js';
import { sourceClosure } from './source-closure.js';
import { kernelOf } from './unit-key.js';
import { scratchOf, temporaryScratch } from './unit-scratch.js';
import { UnitStore } from './unit-store.js';

/** The unit cannot be computed as it was planned: what its key names is not what is here. */
export class PlanOutdated extends Error {
  override readonly name = 'PlanOutdated';
}

/** Where a unit tells how far it is. */
export type Progress = UnitContext['progress'];

/**
 * Compute the unit of a task in this process and store it. Only the kind's own module is loaded, so what runs is what
 * was hashed.
 *
 * @returns seconds the unit took
 * @throws PlanOutdated when the sources or the BLAS library are not those that the key was made with: the result would be
 *   stored under a wrong key
 */
export async function runTask(task: UnitTask, progress: Progress): Promise<number> {
  const { ingredients } = task;
  const kind = await loadKind(task.module, ingredients.kind);
  const { hash } = await sourceClosure(task.module);
  if (hash !== ingredients.sources) {
    throw new PlanOutdated(`The sources under ${task.module} changed since the run was planned. Run it again.`);
  }
  const algebra = await linearAlgebra({ threads: ingredients.threads }).catch((cause) => {
    // A library that is not there any more, or answers wrongly: no error of the unit's.
    throw new PlanOutdated(
      `The run was planned for ${ingredients.linearAlgebra}, which this unit's process cannot use: ${cause.message}`,
      { cause },
    );
  });
  const kernel = kernelOf(algebra.library);
  if (kernel !== ingredients.linearAlgebra) {
    throw new PlanOutdated(
      `The run was planned for ${ingredients.linearAlgebra}, but this unit's process found ${kernel}.`,
    );
  }
  const started = performance.now();
  const store = new UnitStore(task.store);
  const scratch = scratchOf(task.store, task.key, (host) => progress(0, `waiting whether ${host} still computes it`));
  try {
    const result = await computeUnit(kind, ingredients, {
      seed: ingredients.seed,
      linearAlgebra: algebra,
      progress,
      of: (unit) => loadNeeded(task, store, unit),
      scratch: scratch.folder,
    });
    const seconds = (performance.now() - started) / 1000;
    await store.write(task.key, ingredients, result, seconds);
    await scratch.remove();
    return seconds;
  } catch (error) {
    await scratch.giveBack().catch(() => {});
    throw error;
  }
}

/** Compute a unit here and now. Its stream is named by the root seed, the kind and the repetition. */
export async function computeUnit(
  kind: UnitKind,
  unit: Unit,
  options: {
    readonly seed: number;
    readonly linearAlgebra: LinearAlgebra;
    readonly progress?: Progress;
    /** Where the results of units come from that this one needs. Default: it may need none. */
    readonly of?: UnitContext['of'];
    /** Default: a temporary folder. */
    readonly scratch?: UnitContext['scratch'];
  },
): Promise<UnitResult> {
  const {
    seed,
    linearAlgebra,
    progress = () => {},
    of = () => Promise.reject(new Error(`${kind.name} was given no units to work with`)),
  } = options;
  const random = randomStream(seed, unit.kind, `${unit.repetition}`);
  const temporary = temporaryScratch();
  const { scratch = temporary.folder } = options;
  try {
    return await kind.run(unit.config, { repetition: unit.repetition, random, linearAlgebra, progress, of, scratch });
  } finally {
    await temporary.remove();
  }
}

async function loadNeeded({ needs = [], ingredients }: UnitTask, store: UnitStore, unit: Unit): Promise<UnitResult> {
  const identity = unitIdentity(unit);
  const needed = needs.find((candidate) => candidate.identity === identity);
  if (!needed) throw new Error(`${ingredients.kind} asks for a unit that its kind does not say it needs: ${identity}`);
  return store.load(await store.record(needed.key));
}

/** A module that defines a unit kind exports it, under whatever name. */
async function loadKind(module: string, name: string): Promise<UnitKind> {
  const exported = Object.values(await import(module)) as Partial<UnitKind>[];
  const kind = exported.find(
    (value) => value?.name === name && typeof value.run === 'function' && value.module !== undefined,
  );
  if (kind === undefined)
    throw new Error(`${module} must export the unit kind "${name}" that it defines; it does not.`);
  return kind as UnitKind;
}
