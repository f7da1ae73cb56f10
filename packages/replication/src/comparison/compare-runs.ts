import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFigure } from '@hessian-rmt/plotting';
import { readLedger } from '../ledger.js';
import { readRunRecord, readStoredManifest } from '../stored-manifest.js';
import { type ArrayDifference, compareArrays } from './compare-arrays.js';
import { type ClaimsComparison, compareClaims } from './compare-claims.js';
import { compareFigures, type FigureDifference } from './compare-figures.js';
import { type ChangedInput, compareManifests } from './compare-manifests.js';
import { compareTables, type TableDifference } from './compare-tables.js';

/** Files of one sort, by their names without extension. */
export interface FilesComparison<Difference> {
  /** Files that both runs have. */
  readonly compared: number;
  readonly differ: readonly Difference[];
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

/** What differs between two runs of an experiment. */
export interface RunComparison {
  readonly experiment: string;
  /** Names of the two for people; `before` is what the results are compared against. */
  readonly before: string;
  readonly after: string;
  /** Whether nothing moved. */
  readonly same: boolean;
  readonly claims: ClaimsComparison;
  readonly figures: FilesComparison<FigureDifference>;
  readonly tables: FilesComparison<TableDifference>;
  readonly arrays: FilesComparison<ArrayDifference>;
  /** What the runs did not have in common; null where one of them has no manifest. */
  readonly inputs: readonly ChangedInput[] | null;
}

/** One side of a comparison. */
export interface ComparedRun {
  /** For people: `profile laptop`, `profile laptop at HEAD~1`. */
  readonly name: string;
  readonly directory: string;
}

/**
 * Compare the claims, figures (by their data), tables and arrays of two runs of an experiment.
 *
 * @param tolerance  largest relative difference of numbers that is let pass; 0 for exact
 * @throws Error naming the file when a ledger, figure, array or manifest is damaged
 */
export async function compareRuns(
  experiment: string,
  before: ComparedRun,
  after: ComparedRun,
  tolerance: number,
): Promise<RunComparison> {
  const [was, is] = [before.directory, after.directory];
  const claims = compareClaims(
    await readLedger(join(was, 'claims.json')),
    await readLedger(join(is, 'claims.json')),
    tolerance,
  );
  const figures = await compareFiles(was, is, 'figures', '.json', async (_, from, to) =>
    compareFigures(await readFigure(from), await readFigure(to), tolerance),
  );
  const tables = await compareFiles(was, is, 'tables', '.csv', async (name, from, to) =>
    compareTables(name, await readFile(from, 'utf8'), await readFile(to, 'utf8'), tolerance),
  );
  const arrays = await compareFiles(was, is, 'arrays', '.npy', (name, from, to) =>
    compareArrays(name, from, to, tolerance),
  );
  const { moved, onlyBefore, onlyAfter } = claims;
  const lists = [moved, onlyBefore, onlyAfter];
  for (const files of [figures, tables, arrays]) lists.push(files.differ as never, files.onlyBefore, files.onlyAfter);
  return {
    experiment,
    before: before.name,
    after: after.name,
    same: lists.every(({ length }) => length === 0),
    claims,
    figures,
    tables,
    arrays,
    inputs: changedInputs(was, is),
  };
}

function changedInputs(before: string, after: string): readonly ChangedInput[] | null {
  const [was, is] = [readStoredManifest(before), readStoredManifest(after)];
  if (was === undefined || is === undefined) return null;
  return compareManifests(
    { manifest: was, record: readRunRecord(before) },
    { manifest: is, record: readRunRecord(after) },
  );
}

async function compareFiles<Difference>(
  before: string,
  after: string,
  folder: string,
  extension: string,
  compare: (name: string, before: string, after: string) => Promise<Difference | undefined>,
): Promise<FilesComparison<Difference>> {
  const names = (directory: string) => namesIn(join(directory, folder), extension);
  const [was, is] = [names(before), names(after)];
  const both = is.filter((name) => was.includes(name));
  const differ: Difference[] = [];
  for (const name of both) {
    const [from, to] = [before, after].map((directory) => join(directory, folder, name + extension));
    const difference = await compare(name, from, to);
    if (difference !== undefined) differ.push(difference);
  }
  return {
    compared: both.length,
    differ,
    onlyBefore: was.filter((name) => !is.includes(name)),
    onlyAfter: is.filter((name) => !was.includes(name)),
  };
}

function namesIn(folder: string, extension: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(extension))
    .map((file) => file.slice(0, -extension.length))
    .sort();
}
