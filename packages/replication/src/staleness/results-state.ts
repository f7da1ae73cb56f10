import { canonicalJson, digestOf } from '../canonical-json.js';
import { type SettingDifference, settingDifferences } from '../comparison/setting-differences.js';
import type { Json, Unit } from '../experiment.js';
import type { ExperimentPackage } from '../find-experiments.js';
import { plainSettings } from '../manifest.js';
import { unitIdentity } from '../run-plan.js';
import type { SourceClosure } from '../source-closure.js';
import { readStoredManifest, type StoredManifest } from '../stored-manifest.js';
import { planLikeStored } from '../stored-plan.js';
import type { StoredResults } from '../stored-results.js';

/** How stored results stand to the code that is here. */
export interface ResultsState {
  readonly experiment: string;
  readonly folder: string;
  /**
   * `current`: the present code would make them. `drawn by older code`: of the same units. `computed by older code`: some
   * units would be computed anew. `unknown`: they have no manifest.
   */
  readonly state: 'current' | 'drawn by older code' | 'computed by older code' | 'unknown';
  /** The command that makes them anew; null where nothing tells. */
  readonly command: string | null;
  /** Units of the stored run. */
  readonly units: number;
  /** Kinds whose modules changed, with the number of their units. */
  readonly kinds: readonly { readonly kind: string; readonly units: number }[];
  /** Settings of parts that the code has otherwise; those given by `--set` are no difference. */
  readonly settings: readonly (SettingDifference & { readonly part: string })[];
  /** Units planned now that the run did not have, and units that it had and are no longer planned. */
  readonly unitsNew: number;
  readonly unitsGone: number;
  readonly partsNew: readonly string[];
  readonly partsGone: readonly string[];
  /** External packages, or Node, in other versions than here: they do not count, since they belong to the machine. */
  readonly versions: readonly string[];
}

/**
 * Hold stored results against the present code. Nothing is computed, and the processor at hand does not matter: units
 * are compared by what they are told and by the sources of their kinds.
 */
export async function stateOfResults(found: ExperimentPackage, results: StoredResults): Promise<ResultsState> {
  const { experiment, folder, directory } = results;
  const manifest = readStoredManifest(directory);
  const nothing = { kinds: [], settings: [], unitsNew: 0, unitsGone: 0, partsNew: [], partsGone: [], versions: [] };
  if (manifest === undefined) return { experiment, folder, state: 'unknown', command: null, units: 0, ...nothing };

  const { plan, partsGone, partsNew } = await planLikeStored(found, manifest, folder);
  const sourcesOf = new Map(Object.entries(plan.kinds).map(([kind, closure]) => [kind, hashAmid(closure, manifest)]));
  const planned = new Set(plan.units.map(({ ingredients }) => unitIdentity(ingredients)));
  const stored = new Set(manifest.units.map(unitIdentity));
  const older = manifest.units.filter(({ kind, sources }) => sourcesOf.has(kind) && sourcesOf.get(kind) !== sources);
  const unitsNew = [...planned].filter((unit) => !stored.has(unit)).length;
  const unitsGone = [...stored].filter((unit) => !planned.has(unit)).length;
  const isOlder = older.length + unitsNew + unitsGone > 0;
  const isDrawnByOlder =
    hashAmid(plan.sources, manifest) !== manifest.sources || partsGone.length + partsNew.length > 0;
  return {
    experiment,
    folder,
    state: isOlder ? 'computed by older code' : isDrawnByOlder ? 'drawn by older code' : 'current',
    command: manifest.command ?? null,
    units: manifest.units.length,
    kinds: countByKind(older),
    settings: manifest.parts.flatMap(({ id, settings }) => {
      const now = plan.parts.find(({ part }) => part.id === id);
      if (now === undefined) return [];
      return settingDifferences(settings, sorted(plainSettings(now.settings))).map((change) => ({
        part: id,
        ...change,
      }));
    }),
    unitsNew,
    unitsGone,
    partsNew,
    partsGone,
    versions: otherVersions(plan.sources, manifest),
  };
}

/** The hash that a closure would have with Node and the packages of the stored run. */
function hashAmid({ files, names, packages }: SourceClosure, manifest: StoredManifest): string {
  const versions = Object.entries(packages).map(([name, version]) => [name, manifest.packages[name] ?? version]);
  return digestOf({ files, names, packages: Object.fromEntries(versions), node: manifest.node });
}

function otherVersions({ packages, node }: SourceClosure, manifest: StoredManifest): readonly string[] {
  const others = Object.entries(packages).filter(([name, version]) => (manifest.packages[name] ?? version) !== version);
  return [
    ...(manifest.node === node ? [] : [`node ${manifest.node}, here ${node}`]),
    ...others.map(([name, version]) => `${name} ${manifest.packages[name]}, here ${version}`),
  ];
}

function countByKind(units: readonly Unit[]): readonly { readonly kind: string; readonly units: number }[] {
  const kinds = [...new Set(units.map(({ kind }) => kind))].sort();
  return kinds.map((kind) => ({ kind, units: units.filter((unit) => unit.kind === kind).length }));
}

/** Settings in the order that a manifest has them in. */
function sorted(settings: Json): Json {
  return JSON.parse(canonicalJson(settings));
}
