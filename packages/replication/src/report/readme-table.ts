import type { Claim } from '../claim.js';
import { groupClaims } from './claim-groups.js';
import type { PaperLedger } from './ledgers.js';
import { linkPath, markdownTable, plain } from './markdown.js';

const verdicts: readonly Claim['verdict'][] = ['reproduced', 'not reproduced', 'not comparable'];
const marked = /(<!-- claims -->\n)[\s\S]*?(<!-- \/claims -->)/;

/** A line for each row of the list of claims: how many were reproduced, not reproduced, not comparable. */
export function claimsTable(ledgers: readonly PaperLedger[]): string {
  const rows = ledgers.flatMap(({ card, folder, claims }) =>
    groupClaims(claims, card.groups).map((group) => [
      plain(card.name),
      plain(group.title),
      ...countsOf(group.claims).map((count) => (count > 0 ? String(count) : '')),
      `[ledger](${linkPath(`results/${card.experiment}/${folder}/claims.md`)})`,
    ]),
  );
  return markdownTable([['paper', 'claims', ...verdicts, ''], ...rows]);
}

/**
 * A README with the table of claims between its marks, `<!-- claims -->` and `<!-- /claims -->`.
 *
 * @throws Error when the marks are not there
 */
export function withClaimsTable(readme: string, ledgers: readonly PaperLedger[]): string {
  if (!marked.test(readme)) throw new Error('expected the marks <!-- claims --> and <!-- /claims -->, found none');
  return readme.replace(marked, (_, open, close) => `${open}${claimsTable(ledgers)}\n${close}`);
}

/** Reproduced, not reproduced, not comparable. */
export function countsOf(claims: readonly Claim[]): readonly [number, number, number] {
  const having = (verdict: Claim['verdict']) => claims.filter((claim) => claim.verdict === verdict).length;
  return [having('reproduced'), having('not reproduced'), having('not comparable')];
}
