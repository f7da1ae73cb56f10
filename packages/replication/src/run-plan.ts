import { arch } from 'node:os';
import { type LibraryInfo, linearAlgebra } from '@hessian-rmt/numerics';
import { canonicalJson, digestOf } from './canonical-json.js';
import { type Changes, changeSettings, changesText } from './changed-settings.js';
import { describeUnits } from './describe-unit.js';
import type { Experiment, Json, Part, ProfileName, Unit, UnitCost, UnitKind } from './experiment.js';
import type { ExperimentPackage } from './find-experiments.js';
import { usualFolder } from './run-command.js';
import { type SourceClosure, type SourceFile, sourceClosure } from './source-closure.js';
import { environmentThatCounts, kernelOf, type UnitIngredients, unitKey } from './unit-key.js';

/** A unit with what its key is made of. */
export interface PlannedUnit {
  readonly key: string;
  /** One line for people. */
  readonly label: string;
  /** URL of the module that defines its kind. */
  readonly module: string;
  readonly ingredients: UnitIngredients;
  /** The units it works with. */
  readonly needs: readonly NeededUnit[];
  /** As its kind tells it, if it does. */
  readonly cost?: UnitCost;
}

/** A unit that another one works with: by what its author wrote, and by its key. */
export interface NeededUnit {
  readonly identity: string;
  readonly key: string;
}

export interface PlannedPart {
  readonly part: Part;
  /** At the profile of the run, and changed where the run changes them. */
  readonly settings: unknown;
  /** Those of the run's changes that this part has a setting for. */
  readonly changed: Changes;
  readonly units: readonly PlannedUnit[];
}

/** What may make a run another one than that of its profile. */
export interface PlanOptions {
  /** Settings to change, by name. */
  readonly changed?: Changes;
  /** The folder of results/EXPERIMENT/ for the results. Default: the profile's for a whole run without changes, else custom. */
  readonly folder?: string;
}

/** A part was asked for that the experiment does not have. */
export class UnknownPart extends Error {
  override readonly name = 'UnknownPart';

  constructor(
    experiment: string,
    readonly part: string,
    readonly known: readonly string[],
  ) {
    super(`${experiment} has no part "${part}"; its parts are ${known.join(', ')}`);
  }
}

/** What a run of an experiment consists of, before anything is computed. */
export interface RunPlan {
  readonly experiment: Experiment;
  /** URL of the experiment's built module. */
  readonly entry: string;
  readonly profile: ProfileName;
  readonly seed: number;
  /** Folder under results/EXPERIMENT/ that the results go to. */
  readonly folder: string;
  /** Settings that are not those of the profile, as given. */
  readonly changed: Changes;
  readonly parts: readonly PlannedPart[];
  /** Whether these are all parts of the experiment. */
  readonly whole: boolean;
  /** The units of all parts and those they need, each once, in the order in which they are first asked for. */
  readonly units: readonly PlannedUnit[];
  readonly library: LibraryInfo;
  /** What the units of each kind run, by the kind's name. */
  readonly kinds: Readonly<Record<string, SourceClosure>>;
  /** All modules of the experiment, those that draw and run included. */
  readonly sources: SourceClosure;
  /** Digest of everything that the files in results/ depend on. */
  readonly runKey: string;
}

/**
 * Ask the parts of an experiment for their units and give these their keys.
 *
 * @throws Error naming the part for a unit of no known kind, a repetition or a number of threads that is not one, units
 *   that need each other, or an identifier that two parts share
 * @throws UnknownPart for an identifier that no part has
 * @throws UnusableSetting for a change that none of the parts can take
 * @param only  identifiers of the parts to run; default all
 */
export async function planRun(
  found: ExperimentPackage,
  profile: ProfileName,
  seed: number,
  only?: readonly string[],
  { changed = {}, folder }: PlanOptions = {},
): Promise<RunPlan> {
  const experiment = await found.load();
  const kinds = byName(experiment.unitKinds, (kind) => kind.name, `unit kinds of ${experiment.name}`);
  const known = byName(experiment.parts, (part) => part.id, `parts of ${experiment.name}`);
  const unknown = only?.find((id) => !known.has(id));
  if (unknown !== undefined) throw new UnknownPart(experiment.name, unknown, [...known.keys()]);
  const parts = experiment.parts.filter(({ id }) => only?.includes(id) ?? true);
  const whole = parts.length === experiment.parts.length;
  const set = changeSettings(experiment.name, parts, profile, changed);

  const read = new Map<string, SourceFile>();
  const closures = new Map<string, SourceClosure>();
  for (const { module } of kinds.values()) {
    if (!closures.has(module)) closures.set(module, await sourceClosure(module, { read }));
  }
  const sources = await sourceClosure(found.entry, { exclude: [], read });
  // Only asked what it is: one thread is enough here.
  const { library } = await linearAlgebra({ threads: 1 });

  const common = {
    experiment: experiment.name,
    seed,
    linearAlgebra: kernelOf(library),
    architecture: arch(),
    environment: environmentThatCounts(),
  };
  const units = new Map<string, Omit<PlannedUnit, 'label'>>();
  const keyOf = (unit: Unit, place: string, neededBy: readonly string[] = []): string => {
    const kind = checkedKind(unit, kinds, place);
    const { config, repetition, threads } = unit;
    const identity = unitIdentity(unit);
    if (neededBy.includes(identity)) throw new Error(`${place}: a unit of ${kind.name} needs its own result.`);
    const needs = (kind.needs?.(config, repetition) ?? []).map((needed) => ({
      identity: unitIdentity(needed),
      key: keyOf(needed, place, [...neededBy, identity]),
    }));
    const ingredients: UnitIngredients = {
      ...common,
      kind: kind.name,
      config,
      repetition,
      threads,
      sources: closures.get(kind.module)!.hash,
      ...(needs.length > 0 ? { needs: needs.map(({ key }) => key).sort() } : {}),
    };
    const key = unitKey(ingredients);
    const cost = checkedCost(kind, unit, place);
    units.set(key, units.get(key) ?? { key, module: kind.module, ingredients, needs, ...(cost ? { cost } : {}) });
    return key;
  };
  const asked = set.map((one) => {
    const place = placeOf(experiment, one, profile);
    try {
      return { ...one, keys: new Set(one.part.units(one.settings).map((unit) => keyOf(unit, place))) };
    } catch (cause) {
      // A part, or a kind that is asked what it needs and costs, may not be able to work with its settings.
      const { message } = cause as Error;
      throw message.startsWith(place) ? cause : new Error(`${place}: ${message}`, { cause });
    }
  });
  const labels = describeUnits([...units.values()].map(({ ingredients }) => ingredients));
  const planned = new Map([...units.values()].map((unit, i) => [unit.key, { ...unit, label: labels[i] }]));
  const target = folder ?? usualFolder({ whole, changed }, profile);
  return {
    experiment,
    entry: found.entry,
    profile,
    seed,
    folder: target,
    changed,
    parts: asked.map(({ keys, ...one }) => ({ ...one, units: [...keys].map((key) => planned.get(key)!) })),
    whole,
    units: [...planned.values()],
    library,
    kinds: Object.fromEntries([...kinds.values()].map(({ name, module }) => [name, closures.get(module)!])),
    sources,
    runKey: digestOf({
      experiment: experiment.name,
      profile,
      seed,
      sources: sources.hash,
      units: [...units.keys()].sort(),
      ...(whole ? {} : { parts: parts.map(({ id }) => id) }),
      // What stands in no unit's key, yet in the files.
      ...(Object.keys(changed).length === 0 ? {} : { changed }),
      ...(target === profile ? {} : { folder: target }),
    }),
  };
}

/** Tells units apart as `Results.of` needs it: by everything that their author wrote. */
export function unitIdentity({ kind, config, repetition, threads }: Unit): string {
  return canonicalJson({ kind, config, repetition, threads });
}

/** Names a part in messages: `toy, table-1 at quick with sizes = [3]`. */
export function placeOf(
  experiment: Experiment,
  { part, changed }: Pick<PlannedPart, 'part' | 'changed'>,
  profile: ProfileName,
): string {
  const changes = changesText(changed);
  return `${experiment.name}, ${part.id} at ${profile}${changes === '' ? '' : ` with ${changes}`}`;
}

function checkedKind(unit: Unit, kinds: ReadonlyMap<string, UnitKind>, place: string): UnitKind {
  const kind = kinds.get(unit.kind);
  if (kind === undefined) {
    throw new Error(
      `${place}: expected a unit of one of the kinds ${[...kinds.keys()].join(', ')}; found ${unit.kind}.`,
    );
  }
  if (!Number.isSafeInteger(unit.repetition) || unit.repetition < 0) {
    throw new Error(`${place}: a repetition is an integer from 0; found ${unit.repetition}.`);
  }
  if (!Number.isSafeInteger(unit.threads) || unit.threads < 1) {
    throw new Error(`${place}: a unit runs on one thread or more; found ${unit.threads}.`);
  }
  canonicalJson(unit.config as Json, `${place}: config of ${unit.kind}`);
  return kind;
}

function checkedCost(kind: UnitKind, { config }: Unit, place: string): UnitCost | undefined {
  const cost = kind.cost?.(config);
  for (const [name, value] of Object.entries(cost ?? {})) {
    if (Number.isFinite(value) && value >= 0) continue;
    throw new Error(`${place}: the ${name} of a unit of ${kind.name}: expected a number from 0, found ${value}.`);
  }
  return cost;
}

function byName<T>(values: readonly T[], name: (value: T) => string, what: string): ReadonlyMap<string, T> {
  const named = new Map<string, T>();
  for (const value of values) {
    if (named.has(name(value))) throw new Error(`The ${what} need names of their own; found ${name(value)} twice.`);
    named.set(name(value), value);
  }
  return named;
}
