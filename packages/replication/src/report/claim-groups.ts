import type { Claim } from '../claim.js';

/** Claims of one row of the list of claims, with the line that says what the row is. */
export interface ClaimGroup<C extends Pick<Claim, 'id'> = Claim> {
  /** `S4`. */
  readonly row: string;
  readonly title: string;
  readonly claims: readonly C[];
}

/** The row that a claim belongs to: `S4` of `S4.gd-relu-4270.gap`. */
export function rowOf({ id }: Pick<Claim, 'id'>): string {
  return id.split('.')[0];
}

/** Rows that the paper does not have: they begin with an X. */
export function isAddition(row: string): boolean {
  return row.startsWith('X');
}

/** Claims by rows, in the order in which the ledger has them; a row without a title is called by its name. */
export function groupClaims<C extends Pick<Claim, 'id'>>(
  claims: readonly C[],
  titles: Readonly<Record<string, string>>,
): readonly ClaimGroup<C>[] {
  return [...new Set(claims.map(rowOf))].map((row) => ({
    row,
    title: Object.hasOwn(titles, row) ? titles[row] : row,
    claims: claims.filter((claim) => rowOf(claim) === row),
  }));
}
