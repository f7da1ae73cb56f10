import { resolve } from 'node:path';
import type { Summary } from '../ledger.js';
import { print, printAside } from '../terminal.js';

/** What became of the runs of a command. */
export interface RunOutcomes {
  /** A record for each, for `--json`; here none of those that failed, on Slurm also of these. */
  readonly outcomes: readonly object[];
  readonly failed: readonly FailedRun[];
}

export interface FailedRun {
  readonly experiment: string;
  readonly message: string;
}

/** What names a run for the other commands: `gauss-newton-outliers --profile smoke`. */
export function nameOfRun(run: {
  readonly experiment: string;
  readonly profile: string;
  readonly folder: string;
}): string {
  return `${run.experiment} ${run.folder === run.profile ? '--profile' : '--as'} ${run.folder}`;
}

/** Sums up the claims of a run, for people too. */
export async function tellClaims(directory: string, run: string, say: (line: string) => void): Promise<Summary> {
  const { readLedger, summarize, summaryLine } = await import('../ledger.js');
  const claims = await readLedger(resolve(directory, 'claims.json'));
  say(`${summaryLine(claims)}. npx hessian-rmt compare ${run} lists them.`);
  return summarize(claims);
}

/** The page of all results, the records, and the failures. @throws Error when runs failed: of an only one with its reason */
export async function tellOutcomes(
  { outcomes, failed }: RunOutcomes,
  { root, of, json }: { readonly root: string; readonly of: number; readonly json: boolean },
): Promise<void> {
  // Of runs that have only been submitted there is nothing new to see.
  if (outcomes.length === 0 || outcomes.some((outcome) => 'directory' in outcome)) {
    const { tellResultsPage } = await import('../page/tell-page.js');
    await tellResultsPage(root, json ? printAside : print);
  }
  if (json) print(JSON.stringify(outcomes, null, 2));
  if (failed.length === 0) return;
  if (of === 1) throw new Error(failed[0].message);
  const names = failed.map(({ experiment }) => experiment).join(', ');
  throw new Error(`${failed.length} of ${of} experiments failed: ${names}`);
}
