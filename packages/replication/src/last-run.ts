import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson } from './canonical-json.js';
import type { Json, ProfileName } from './experiment.js';
import { plainSettings } from './manifest.js';
import { rewriteFile } from './rewrite-file.js';
import type { RunPlan } from './run-plan.js';
import type { SourceClosure } from './source-closure.js';
import { readRunRecord, readStoredManifest } from './stored-manifest.js';

/** The inputs of a run, as far as they are known: all of them of a run that was done here, fewer of one that only left its manifest. */
export interface RunInputs {
  readonly profile: ProfileName;
  readonly seed: number;
  /** Settings by part. */
  readonly settings: Readonly<Record<string, Json>>;
  /** Keys of the units, or their beginnings. */
  readonly units: readonly string[];
  /** Library and kernel. */
  readonly linearAlgebra?: string;
  /** Architecture and the environment variables that count. */
  readonly machine?: Readonly<Record<string, string>>;
  /** Checksums in the configurations of units: `data set cifar10, train`. */
  readonly checksums: Readonly<Record<string, readonly string[]>>;
  /** What the units of a kind run: modules and packages with their sums and versions; of a manifest one sum of all. */
  readonly kinds: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The same of the whole experiment, what draws and runs included. */
  readonly sources: Readonly<Record<string, string>>;
}

/** A manifest tells of the sources of a kind, and of an experiment, one sum, under this name. */
export const allSources = 'sources';

/** What a plan depends on. */
export function inputsOf(plan: RunPlan): RunInputs {
  const { profile, seed, library } = plan;
  const units = plan.units.map(({ ingredients }) => ingredients);
  const first = units[0];
  return {
    profile,
    seed,
    settings: Object.fromEntries(plan.parts.map(({ part, settings }) => [part.id, plainSettings(settings)])),
    units: plan.units.map(({ key }) => key.slice(0, 16)),
    linearAlgebra: library.description,
    ...(first ? { machine: { architecture: first.architecture, ...first.environment } } : {}),
    checksums: checksumsIn(units),
    kinds: Object.fromEntries(
      [...new Set(units.map(({ kind }) => kind))].map((kind) => [kind, contentOf(plan.kinds[kind])]),
    ),
    sources: contentOf(plan.sources),
  };
}

/** Modules by their sums, packages and Node by their versions, names of barrels by where they lead. */
function contentOf({ files, names, packages, node }: SourceClosure): Readonly<Record<string, string>> {
  const sums = Object.fromEntries(Object.entries(files).map(([file, sum]) => [file, sum.slice(0, 16)]));
  return { ...names, ...sums, ...packages, Node: node };
}

/** All SHA-256 sums that stand in configurations: what units read from files. Named by the data set beside them, else by the kind. */
function checksumsIn(units: readonly { readonly kind: string; readonly config: Json }[]): RunInputs['checksums'] {
  const found = new Map<string, Set<string>>();
  const look = (value: Json, owner: string, name: string): void => {
    if (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)) {
      found.set(`${owner}, ${name}`, (found.get(`${owner}, ${name}`) ?? new Set()).add(value));
    } else if (typeof value === 'object' && value !== null) {
      const { dataset } = value as { readonly dataset?: Json };
      const inner = typeof dataset === 'string' ? `data set ${dataset}` : owner;
      for (const [key, one] of Object.entries(value)) look(one, inner, key);
    }
  };
  for (const { kind, config } of units) look(config, `data of ${kind}`, kind);
  return Object.fromEntries([...found].map(([place, sums]) => [place, [...sums].sort()]));
}

/**
 * The inputs of the last run that finished, for each folder of results: `last/EXPERIMENT/FOLDER.json` in the cache. They
 * only serve to say why the next one computes; losing them costs nothing but that.
 */
export class LastRuns {
  constructor(private readonly cache: string) {}

  /** What is remembered of the last run, else what the manifest of its results tells; undefined when there was none. */
  async find(experiment: string, folder: string, results: string): Promise<RunInputs | undefined> {
    return (await this.remembered(experiment, folder)) ?? inputsOfResults(results);
  }

  /** As far as that is possible; nothing is written when it stands there. */
  async remember(plan: RunPlan): Promise<void> {
    const file = this.fileOf(plan.experiment.name, plan.folder);
    try {
      const text = packed(inputsOf(plan));
      if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return;
      await mkdir(dirname(file), { recursive: true });
      await rewriteFile(file, text);
    } catch {
      // The next run cannot say what changed, and that is all.
    }
  }

  private async remembered(experiment: string, folder: string): Promise<RunInputs | undefined> {
    try {
      return unpacked(await readFile(this.fileOf(experiment, folder), 'utf8'));
    } catch {
      return undefined;
    }
  }

  private fileOf(experiment: string, folder: string): string {
    return join(this.cache, 'last', experiment, `${folder}.json`);
  }
}

/** Raised when the file changes its meaning: what an earlier version wrote is then not read. */
const format = 1;

/** Modules stand in many kinds: each is written once, and kinds refer to it by its place in that list. */
function packed({ kinds, sources, ...rest }: RunInputs): string {
  const all = { ...sources, ...Object.assign({}, ...Object.values(kinds)) } as Record<string, string>;
  const names = Object.keys(all);
  const place = new Map(names.map((name, i) => [name, i]));
  const placesOf = (content: Readonly<Record<string, string>>) => Object.keys(content).map((name) => place.get(name)!);
  const packedKinds = Object.fromEntries(Object.entries(kinds).map(([kind, content]) => [kind, placesOf(content)]));
  return canonicalJson({
    ...rest,
    format,
    all: Object.entries(all),
    kinds: packedKinds,
    sources: placesOf(sources),
  } as unknown as Json);
}

/** @throws whatever a damaged file makes it throw */
function unpacked(text: string): RunInputs | undefined {
  const { format: found, all, kinds, sources, ...rest } = JSON.parse(text);
  if (found !== format) return undefined;
  const content = (places: readonly number[]) => Object.fromEntries(places.map((i) => all[i]));
  const inputs: RunInputs = {
    ...rest,
    kinds: Object.fromEntries(Object.entries<number[]>(kinds).map(([kind, places]) => [kind, content(places)])),
    sources: content(sources),
  };
  checkShape(inputs);
  return inputs;
}

function inputsOfResults(directory: string): RunInputs | undefined {
  try {
    const manifest = readStoredManifest(directory);
    if (manifest === undefined) return undefined;
    const { profile, seed, parts, units, sources } = manifest;
    // The manifest names the library, run.json its kernel too.
    const { linearAlgebra } = readRunRecord(directory);
    const inputs: RunInputs = {
      profile,
      seed,
      settings: Object.fromEntries(parts.map(({ id, settings }) => [id, settings])),
      units: units.map(({ key }) => key.slice(0, 16)),
      ...(linearAlgebra === undefined ? {} : { linearAlgebra }),
      checksums: checksumsIn(units),
      kinds: Object.fromEntries(units.map(({ kind, sources: sum }) => [kind, { [allSources]: sum }])),
      sources: { [allSources]: sources },
    };
    checkShape(inputs);
    return inputs;
  } catch {
    return undefined;
  }
}

/** @throws TypeError for what no run has written */
function checkShape({ seed, settings, units, checksums, kinds, sources }: RunInputs): void {
  const groups = [settings, checksums, sources, kinds, ...Object.values(kinds)];
  if (typeof seed === 'number' && Array.isArray(units) && groups.every((group) => typeof group === 'object' && group))
    return;
  throw new TypeError('not the inputs of a run');
}
