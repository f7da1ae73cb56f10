import { join } from 'node:path';
import type { Claim } from '../claim.js';
import { readLedger } from '../ledger.js';
import { storedFolders } from '../stored-results.js';
import { type PaperCard, readPaperCards } from './paper-card.js';

/** The ledger of a paper. */
export interface PaperLedger {
  readonly card: PaperCard;
  readonly folder: string;
  readonly claims: readonly Claim[];
}

/** The ledgers in one folder of every paper, in the papers' order; papers without are left out. @throws as readLedger */
export async function readLedgers(root: string, folder: string): Promise<readonly PaperLedger[]> {
  const cards = readPaperCards(root).filter(({ experiment }) => storedFolders(root, experiment).includes(folder));
  return Promise.all(
    cards.map(async (card) => ({
      card,
      folder,
      claims: await readLedger(join(root, 'results', card.experiment, folder, 'claims.json')),
    })),
  );
}
