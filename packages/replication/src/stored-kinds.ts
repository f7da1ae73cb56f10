import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LibraryInfo } from '@hessian-rmt/numerics';
import type { Config, Experiment, UnitCost, UnitKind } from './experiment.js';
import type { MeasuredUnits } from './kind-pace.js';
import { processorName } from './processor-name.js';
import { isProfile, storedFolders } from './stored-results.js';

/** What units of a kind took that stored results were made of. */
export interface StoredKind {
  /** Folder of results/EXPERIMENT/ whose run.json tells it. */
  readonly folder: string;
  readonly units: number;
  /** In all. */
  readonly seconds: number;
  /** Of the units' files, in all; null in what earlier versions wrote. */
  readonly bytes: number | null;
  /**
   * With what the kind tells of these very units; null when it tells nothing, and when they were computed by another
   * processor or library, to which the rate of a product does not belong.
   */
  readonly measured: MeasuredUnits | null;
}

/** By kind; the results of `folder` first, then those of the largest profile. */
export type StoredKinds = ReadonlyMap<string, readonly StoredKind[]>;

/** For where this machine has computed no equal unit. What cannot be read is left out: it is a hint only. */
export function storedKinds(root: string, experiment: Experiment, library: LibraryInfo, folder: string): StoredKinds {
  const stored = storedFolders(root, experiment.name);
  const folders = [...stored.filter(isProfile).reverse(), ...stored.filter((name) => !isProfile(name))];
  folders.sort((a, b) => Number(b === folder) - Number(a === folder));
  const found = new Map<string, StoredKind[]>();
  for (const name of folders) {
    const directory = join(root, 'results', experiment.name, name);
    const run = readJson(join(directory, 'run.json')) as Partial<Run> | undefined;
    if (typeof run?.kinds !== 'object' || run.kinds === null) continue;
    const isHere = run.processor === processorName() && run.linearAlgebra === library.description;
    const planned = isHere ? (readJson(join(directory, 'manifest.json')) as Partial<Manifest> | undefined)?.units : [];
    for (const [kind, told] of Object.entries(run.kinds)) {
      const { units, seconds, bytes } = told ?? {};
      if (!isAmount(units) || units === 0 || !isAmount(seconds)) continue;
      const cost = toldOf(
        experiment.unitKinds.find((one) => one.name === kind),
        (Array.isArray(planned) ? planned : []).filter((unit) => unit?.kind === kind),
      );
      const measured = cost?.units === units ? { units, seconds, told: cost.told } : null;
      const stored = { folder: name, units, seconds, bytes: isAmount(bytes) ? bytes : null, measured };
      found.set(kind, [...(found.get(kind) ?? []), stored]);
    }
  }
  return found;
}

interface Kind {
  readonly units: number;
  readonly seconds: number;
  readonly bytes?: number;
}

interface Run {
  readonly processor: string;
  readonly linearAlgebra: string;
  readonly kinds: Readonly<Record<string, Partial<Kind> | null>>;
}

interface Manifest {
  readonly units: readonly { readonly kind: string; readonly config: Config; readonly threads: number }[];
}

/** Undefined when the kind is gone, tells nothing, or does not understand the configurations of then. */
function toldOf(
  kind: UnitKind | undefined,
  units: Manifest['units'],
): Pick<MeasuredUnits, 'units' | 'told'> | undefined {
  if (kind?.cost === undefined || units.length === 0) return undefined;
  let [flops, seconds] = [0, 0];
  try {
    for (const { config, threads } of units) {
      const cost: UnitCost = kind.cost(config);
      flops += cost.flops / threads;
      seconds += cost.seconds ?? 0;
    }
  } catch {
    return undefined;
  }
  return isAmount(flops + seconds) ? { units: units.length, told: { flops, seconds } } : undefined;
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function readJson(file: string): unknown {
  try {
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  } catch {
    return undefined;
  }
}
