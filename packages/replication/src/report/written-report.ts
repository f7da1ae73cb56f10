import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { writeAtomically } from '@hessian-rmt/numerics';
import { writing } from '../cannot-write.js';
import { foundHeadings } from './found-headings.js';
import { readLedgers } from './ledgers.js';
import { withClaimsTable } from './readme-table.js';
import { replicationReport } from './replication-report.js';

/** A file that is made from the ledgers. */
export interface ReportFile {
  readonly path: string;
  /** What it should hold. */
  readonly text: string;
  readonly isCurrent: boolean;
}

export interface ReportFiles {
  /** Where the replication report goes. */
  readonly markdown?: string | undefined;
  /** A README with the marks of the table of claims. */
  readonly readme?: string | undefined;
}

/**
 * What the files that are made from the ledgers of a folder should hold.
 *
 * @param folder  under results/EXPERIMENT/, `laptop` for the committed results
 * @throws Error naming the folder when there are no results in it, or the README when it has no marks
 */
export async function reportFiles(root: string, folder: string, files: ReportFiles): Promise<readonly ReportFile[]> {
  const ledgers = await readLedgers(root, folder);
  if (ledgers.length === 0) {
    throw new Error(`no results in results/*/${folder}; npx hessian-rmt reproduce --profile ${folder} makes them`);
  }
  const made: ReportFile[] = [];
  if (files.markdown !== undefined) {
    const papers = ledgers.map((ledger) => ({ ...ledger, found: foundHeadings(root, ledger.card.experiment) }));
    const base = relative(dirname(resolve(files.markdown)), resolve(root)).replaceAll('\\', '/');
    made.push(fileOf(files.markdown, replicationReport(papers, { base: base === '' ? '' : `${base}/` })));
  }
  if (files.readme !== undefined) {
    if (!existsSync(files.readme)) throw new Error(`${files.readme}: expected a README, found no file`);
    try {
      made.push(fileOf(files.readme, withClaimsTable(readFileSync(files.readme, 'utf8'), ledgers)));
    } catch (error) {
      throw new Error(`${files.readme}: ${(error as Error).message}`);
    }
  }
  return made;
}

/** Each whole or not at all; those that are current are not touched. @throws CannotWrite */
export async function writeReportFiles(files: readonly ReportFile[]): Promise<void> {
  for (const { path, text, isCurrent } of files) {
    if (isCurrent) continue;
    await writing('The report', path, 'What stood there is untouched.', () =>
      writeAtomically(path, [Buffer.from(text)]),
    );
  }
}

function fileOf(path: string, text: string): ReportFile {
  return { path, text, isCurrent: existsSync(path) && readFileSync(path, 'utf8') === text };
}
