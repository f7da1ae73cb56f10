import { join } from 'node:path';
import type { Claim } from './claim.js';
import { claimCells, readLedger, summaryLine } from './ledger.js';
import { nameOfResults, type StoredResults } from './stored-results.js';
import { textTable } from './text-table.js';

/** @throws Error when the ledger is damaged, see checkLedger */
export function ledgerOf({ directory }: StoredResults): Promise<readonly Claim[]> {
  return readLedger(join(directory, 'claims.json'));
}

/**
 * A ledger for the terminal: published beside measured, what was allowed, the verdict; then why claims were not
 * reproduced, and the summary.
 *
 * @param shown  the claims to list; the summary counts all of them
 */
export function comparisonText(
  { experiment, folder, profile, others }: StoredResults,
  claims: readonly Claim[],
  shown: readonly Claim[] = claims,
): string {
  const also = others.length > 0 ? ` (also stored: ${others.join(', ')})` : '';
  const header = ['claim', 'place', 'published', 'measured', 'allowed', 'verdict'];
  const rows = shown.map((claim) => {
    const { published, measured, allowed } = claimCells(claim);
    return [claim.id, claim.place, published, measured, allowed, claim.verdict];
  });
  const failed = shown.filter((claim) => claim.verdict === 'not reproduced');
  return [
    `${experiment}, ${nameOfResults({ folder, profile })}${also}`,
    ...(shown.length > 0 ? textTable([header, ...rows], [2, 3, 4]).map((line) => `  ${line}`) : []),
    ...failed.map((claim) => `  ${claim.id} not reproduced: ${claim.reason}`),
    `  ${summaryLine(claims)}`,
  ].join('\n');
}
