import { execFile } from 'node:child_process';
import { cpus, hostname, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { Json } from './experiment.js';
import type { RunPlan } from './run-plan.js';
import type { UnitRecord } from './unit-store.js';

/** What a run did, for `run.json`. */
export interface RunCourse {
  readonly started: Date;
  readonly finished: Date;
  /** Keys of the units that were computed in this run; the others were in the store. */
  readonly computed: readonly string[];
  readonly cores: number;
}

/** What changes from run to run: when, where, on which commit, on what machine. */
export async function runRecord(
  plan: RunPlan,
  records: ReadonlyMap<string, UnitRecord>,
  course: RunCourse,
  root: string,
): Promise<Json> {
  const { started, finished, computed, cores } = course;
  const { library, units } = plan;
  return {
    started: started.toISOString(),
    finished: finished.toISOString(),
    seconds: (finished.getTime() - started.getTime()) / 1000,
    host: hostname(),
    ...(await commitOf(root)),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores,
    memoryGiB: Number((totalmem() / 2 ** 30).toFixed(1)),
    node: process.version,
    linearAlgebra: library.description,
    threads: [...new Set(units.map(({ ingredients }) => ingredients.threads))].sort((a, b) => a - b),
    units: { computed: computed.length, fromStore: units.length - computed.length },
    kinds: secondsByKind([...records.values()]),
  };
}

/** What units of each kind took when they were computed, in this run or before: their number, seconds in all, and the longest. */
function secondsByKind(records: readonly UnitRecord[]): Json {
  const kinds = [...new Set(records.map(({ ingredients }) => ingredients.kind))].sort();
  const rounded = (seconds: number) => Number(seconds.toFixed(1));
  return Object.fromEntries(
    kinds.map((kind) => {
      const seconds = records.filter(({ ingredients }) => ingredients.kind === kind).map((record) => record.seconds);
      const total = seconds.reduce((sum, one) => sum + one, 0);
      return [kind, { units: seconds.length, seconds: rounded(total), longest: rounded(Math.max(...seconds)) }];
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
