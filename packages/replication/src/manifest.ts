import type { Json } from './experiment.js';
import { partModule } from './part-module.js';
import type { FileSums } from './results-directory.js';
import { commandOf } from './run-command.js';
import type { RunPlan } from './run-plan.js';
import type { UnitRecord } from './unit-store.js';

/** The files that a part wrote, as `figures/figure-3.svg`, and the ids of its claims. */
export interface PartProducts {
  readonly figures: readonly string[];
  readonly tables: readonly string[];
  readonly claims: readonly string[];
}

/**
 * What produced the files beside it, in fields that do not change when the run is repeated: the same command on the same
 * sources, packages and kind of processor gives the same manifest, byte for byte.
 *
 * @param records  the finished unit of each key
 * @param products  what each part made, by its id
 * @param files  sums of the files, without manifest.json and run.json
 */
export function manifest(
  plan: RunPlan,
  records: ReadonlyMap<string, UnitRecord>,
  products: ReadonlyMap<string, PartProducts>,
  files: FileSums,
): Json {
  const { experiment, profile, seed, changed, library, sources } = plan;
  const used = plan.units.map(({ key }) => records.get(key)!.uses);
  return {
    format: 1,
    command: commandOf({ ...plan, experiment: experiment.name, parts: plan.parts.map(({ part }) => part.id) }),
    experiment: experiment.name,
    profile,
    seed,
    ...(Object.keys(changed).length === 0 ? {} : { changed }),
    parts: plan.parts.map(({ part, settings, units }) => ({
      id: part.id,
      place: part.place,
      module: partModule(part, plan.entry),
      ...products.get(part.id)!,
      settings: plainSettings(settings),
      units: units.map(({ key }) => key),
    })),
    units: plan.units.map(({ key }) => unitEntry(records.get(key)!)),
    sources: sources.hash,
    packages: sources.packages,
    node: sources.node,
    linearAlgebra: library.identity,
    backends: distinct(used.flatMap(({ backend }) => (backend === undefined ? [] : [backend]))),
    datasets: distinct(used.flatMap(({ datasets = [] }) => datasets.map(({ name, checksum }) => ({ name, checksum })))),
    files,
  };
}

function unitEntry({ key, ingredients, arrays }: UnitRecord): Json {
  const { kind, config, repetition, threads, sources } = ingredients;
  return {
    key,
    kind,
    config,
    repetition,
    threads,
    sources,
    arrays: Object.fromEntries(Object.entries(arrays).map(([name, { sha256 }]) => [name, sha256])),
  };
}

/** Settings may hold what JSON has no word for (a function): that part is left out. */
export function plainSettings(settings: unknown): Json {
  return settings === undefined ? null : JSON.parse(JSON.stringify(settings));
}

function distinct<T extends Json>(values: readonly T[]): T[] {
  const texts = new Map(values.map((value) => [JSON.stringify(value), value]));
  return [...texts.keys()].sort().map((text) => texts.get(text)!);
}
