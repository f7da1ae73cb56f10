import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Paper } from '../experiment.js';

/**
 * What a reader is told of a paper: `experiments/NAME/paper.json`. It is read without loading the experiment, so that
 * the results page and the report need no computing library.
 */
export interface PaperCard extends Paper {
  /** The experiment's folder under experiments/ and results/. */
  readonly experiment: string;
  /** As it is cited: `Sagun et al.`. */
  readonly name: string;
  /** Its place among the papers. */
  readonly order: number;
  /** What the rows of the list of claims say, in the order of the paper: `S4` to a line of text. */
  readonly groups: Readonly<Record<string, string>>;
  /**
   * Whether the paper replicates, and why not where it does not, in a few sentences for the report: what was understood, which no
   * ledger can say. Numbers stay in the ledgers.
   */
  readonly answer?: string;
}

/**
 * The papers of all experiments that are there or have results, in their order; one without paper.json is called by its
 * folder and comes after the others.
 *
 * @throws Error naming the file, for a card without a name, title or groups
 */
export function readPaperCards(root: string): readonly PaperCard[] {
  const foldersOf = (parent: string) =>
    existsSync(join(root, parent))
      ? readdirSync(join(root, parent), { withFileTypes: true })
          .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
          .map(({ name }) => name)
      : [];
  const experiments = [...new Set([...foldersOf('experiments'), ...foldersOf('results')])].sort();
  return experiments.map((experiment) => readPaperCard(root, experiment)).sort((one, other) => one.order - other.order);
}

function readPaperCard(root: string, experiment: string): PaperCard {
  const file = join(root, 'experiments', experiment, 'paper.json');
  if (!existsSync(file)) {
    const order = Number.MAX_SAFE_INTEGER;
    return { experiment, name: experiment, order, title: experiment, authors: '', year: 0, at: '', groups: {} };
  }
  let card: Partial<PaperCard>;
  try {
    card = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: not JSON: ${(error as Error).message}`);
  }
  for (const field of ['name', 'title', 'authors', 'at'] as const) {
    if (typeof card[field] !== 'string') throw new Error(`${file}: "${field}": expected a text, found ${card[field]}`);
  }
  for (const field of ['order', 'year'] as const) {
    if (typeof card[field] !== 'number')
      throw new Error(`${file}: "${field}": expected a number, found ${card[field]}`);
  }
  const groups = Object.entries(card.groups ?? {});
  if (groups.length === 0 || groups.some(([, text]) => typeof text !== 'string')) {
    throw new Error(`${file}: "groups": expected a text for each row of the list of claims, as "S4"`);
  }
  if (card.answer !== undefined && typeof card.answer !== 'string') {
    throw new Error(`${file}: "answer": expected a text or nothing, found ${JSON.stringify(card.answer)}`);
  }
  return { ...(card as PaperCard), experiment };
}
