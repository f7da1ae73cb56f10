import type { Claim } from '../claim.js';
import type { ExperimentPackage } from '../find-experiments.js';
import { print } from '../terminal.js';
import { UsageError } from './usage-error.js';

/** The results that `compare` is asked for. */
export interface Selection {
  readonly root: string;
  readonly experiments: readonly ExperimentPackage[];
  readonly folder: string | undefined;
  /** Whether experiments were named: each of them must have results then. */
  readonly demanded: boolean;
}

/** Exit code for "something moved": 1 and 2 say that nothing could be compared. */
const moved = 3;

/** Lines that all experiments together may take without --all: our choice, for a screen. */
const screen = 36;

/** `compare --against`: sets the exit code 3 when something moved. */
export async function compareAgainst(
  { root, experiments, folder, demanded }: Selection,
  against: string,
  options: {
    readonly tolerance: number;
    readonly isShown: (claim: Claim) => boolean;
    readonly all: boolean;
    readonly json: boolean;
  },
): Promise<void> {
  const [{ storedResults, nameOfResults }, { NoSuchResults, otherResults }, { compareRuns }, { runComparisonText }] =
    await Promise.all([
      import('../stored-results.js'),
      import('../comparison/other-results.js'),
      import('../comparison/compare-runs.js'),
      import('../comparison/comparison-text.js'),
    ]);
  const names = experiments.map(({ name }) => name);
  const stored = storedResults(root, names, { folder, demanded });
  const usage = (error: unknown) =>
    error instanceof NoSuchResults ? new UsageError(`--against: ${error.message}`) : error;
  const others = await otherResults(root, against, stored).catch((error) => Promise.reject(usage(error)));
  const comparisons = [];
  const missing: string[] = [];
  try {
    for (const results of stored) {
      const before = await others.of(results).catch((error) => Promise.reject(usage(error)));
      if (before === undefined) {
        missing.push(`${results.experiment} (${nameOfResults(results)})`);
        continue;
      }
      const after = { name: nameOfResults(results), directory: results.directory };
      comparisons.push(await compareRuns(results.experiment, before, after, options.tolerance));
    }
  } finally {
    await others.remove();
  }
  if (comparisons.length === 0 || (demanded && missing.length > 0)) {
    throw new Error(`--against ${against}: it has no results to compare with of ${missing.join(', ')}`);
  }
  const isShown = ({ before, after }: { before: Claim; after: Claim }) =>
    options.isShown(before) || options.isShown(after);
  const lines = options.all ? {} : { lines: Math.floor(screen / comparisons.filter(({ same }) => !same).length) };
  if (options.json) print(JSON.stringify(comparisons, null, 2));
  else {
    print(comparisons.map((comparison) => runComparisonText(comparison, { ...lines, isShown })).join('\n\n'));
    if (missing.length > 0) print(`\nNothing to compare with: ${missing.join(', ')}`);
  }
  if (comparisons.some(({ same }) => !same)) process.exitCode = moved;
}

/** `compare --stale`: sets the exit code 3 when results are older than the code. */
export async function listStale(
  { root, experiments, folder, demanded }: Selection,
  { json }: { readonly json: boolean },
): Promise<void> {
  const [{ storedFolders, storedResults }, { stateOfResults }, { staleText }] = await Promise.all([
    import('../stored-results.js'),
    import('../staleness/results-state.js'),
    import('../staleness/state-text.js'),
  ]);
  const states = [];
  // Says what is missing, if something that was asked for is.
  storedResults(
    root,
    experiments.map(({ name }) => name),
    { folder, demanded },
  );
  for (const found of experiments) {
    const folders = storedFolders(root, found.name).filter((name) => folder === undefined || name === folder);
    for (const name of folders) {
      const [results] = storedResults(root, [found.name], { folder: name, demanded: true });
      states.push(await stateOfResults(found, results));
    }
  }
  print(json ? JSON.stringify(states, null, 2) : staleText(states));
  if (states.some(({ state }) => state !== 'current')) process.exitCode = moved;
}
