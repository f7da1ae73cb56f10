import type { Claim } from '../claim.js';
import { rowOf } from './claim-groups.js';

/** Claims of one row, with one verdict, that were compared in one way: they differ in their numbers. */
export interface LikeClaims {
  readonly row: string;
  /** The one that tells most: farthest off in units of what was allowed, else the first. */
  readonly telling: Claim;
  readonly claims: readonly Claim[];
}

/**
 * Claims with what is like put together, in the order of the ledger, so that five hundred stay readable. Two are alike
 * when they are of one row and the reasons of their comparison, or of its absence, differ in numbers alone.
 */
export function likeClaims(claims: readonly Claim[]): readonly LikeClaims[] {
  const alike = new Map<string, Claim[]>();
  for (const claim of claims) {
    const key = [rowOf(claim), claim.verdict, withoutNumbers(whyNotCompared(claim) ?? claim.how)].join('\n');
    alike.set(key, [...(alike.get(key) ?? []), claim]);
  }
  return [...alike.values()].map((members) => ({
    row: rowOf(members[0]),
    telling: members.reduce((most, claim) => (excess(claim) > excess(most) ? claim : most)),
    claims: members,
  }));
}

/** Why a claim was not compared, without the numbers that were measured all the same; undefined where it was. */
export function whyNotCompared({ verdict, reason }: Claim): string | undefined {
  if (verdict !== 'not comparable') return undefined;
  const [, why] = /(?:^|; )not (?:compared|the published run): (.+)$/s.exec(reason) ?? [];
  const isOtherRun = /(?:^|; )not the published run: /.test(reason);
  return why === undefined ? reason : `${isOtherRun ? 'not the published run: ' : ''}${why}`;
}

/** How far off, in units of what was allowed; 0 where that is not a number. */
function excess({ published, measured, tolerance }: Claim): number {
  if (measured === null || tolerance === null || tolerance === 0) return 0;
  return Math.abs(published === null ? measured : measured - published) / tolerance;
}

function withoutNumbers(text: string): string {
  return text.replace(/-?\d+([.,]\d+)*(e[+-]?\d+)?/g, '#');
}
