import { execFile } from 'node:child_process';
import { hostname, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { Json } from './experiment.js';
import { processorName } from './processor-name.js';
import type { RunPlan } from './run-plan.js';
import type { UnitRecord } from './unit-store.js';

/** What a run did, for `run.json`. */
export interface RunCourse {
  readonly started: Date;
  readonly finished: Date;
  /** Keys of the units that were computed in this run; the others were in the store. */
  readonly computed: readonly string[];
  readonly cores: number;
  /** Who computed them, where it was not the processes of this machine. */
  readonly executor?: Json;
}

/**
 * What changes from run to run: when, where, on which commit, on what machine.
 *
 * @param bytes  of the files of each unit, by key
 */
export async function runRecord(
  plan: RunPlan,
  records: ReadonlyMap<string, UnitRecord>,
  course: RunCourse,
  root: string,
  bytes: ReadonlyMap<string, number>,
): Promise<Json> {
  const { started, finished, computed, cores, executor } = course;
  const { library, units } = plan;
  return {
    started: started.toISOString(),
    finished: finished.toISOString(),
    seconds: (finished.getTime() - started.getTime()) / 1000,
    ...(executor === undefined ? {} : { executor }),
    host: hostname(),
    ...(await commitOf(root)),
    processor: processorName(),
    cores,
    memoryGiB: Number((totalmem() / 2 ** 30).toFixed(1)),
    node: process.version,
    linearAlgebra: library.description,
    threads: [...new Set(units.map(({ ingredients }) => ingredients.threads))].sort((a, b) => a - b),
    units: { computed: computed.length, fromStore: units.length - computed.length },
    kinds: measuredByKind([...records.values()], bytes),
  };
}

/**
 * What units of each kind took when they were computed, in this run or before: their number, seconds in all, the longest,
 * and what they take on the disk.
 */
function measuredByKind(records: readonly UnitRecord[], bytes: ReadonlyMap<string, number>): Json {
  const kinds = [...new Set(records.map(({ ingredients }) => ingredients.kind))].sort();
  const rounded = (seconds: number) => Number(seconds.toFixed(1));
  return Object.fromEntries(
    kinds.map((kind) => {
      const units = records.filter(({ ingredients }) => ingredients.kind === kind);
      const seconds = units.map((record) => record.seconds);
      const total = seconds.reduce((sum, one) => sum + one, 0);
      const stored = units.reduce((sum, { key }) => sum + bytes.get(key)!, 0);
      return [
        kind,
        { units: units.length, seconds: rounded(total), longest: rounded(Math.max(...seconds)), bytes: stored },
      ];
    }),
  );
}

/** The commit, and whether the sources differ from it (results do, while they are made). */
async function commitOf(root: string): Promise<{ commit: string | null; dirty: boolean | null }> {
  const git = async (...args: string[]) => (await promisify(execFile)('git', args, { cwd: root })).stdout.trim();
  try {
    const commit = await git('rev-parse', 'HEAD');
    return { commit, dirty: (await git('status', '--porcelain', '--', '.', ':!results')) !== '' };
  } catch {
    return { commit: null, dirty: null };
  }
}
