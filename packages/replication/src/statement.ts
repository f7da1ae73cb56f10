import type { Claim } from './claim.js';
import { describeScope, evaluateFormula, type Formula } from './formula.js';
import { formatNumber } from './measurement.js';

/** What every claim says of itself. */
export interface Statement {
  /** Starts with its row in the list of claims: `S4.gd-relu-4270.gap`. */
  readonly id: string;
  /** Table, row, column; figure; section. */
  readonly place: string;
  /** What the paper states, as a sentence. */
  readonly statement: string;
  /** File under results/EXPERIMENT/PROFILE/ that shows it: `figures/figure-3.svg`. */
  readonly figure?: string;
}

/** A statement that was measured and can be judged. */
export interface Judged extends Statement {
  /** Why the tolerance is what it is, from the paper or from sampling error: continues a sentence, `the paper marks ...`. */
  readonly because: string;
  /** Whether the run is the published one in all that moves the number: sizes, data, length of training. */
  readonly atPublishedSize: boolean;
  /** What differs, where it is not: `width 16, published 30`. Needed then, refused otherwise. */
  readonly difference?: string;
}

/** A published number, with its formula where it has one. */
export interface Published {
  readonly value: number;
  readonly formula?: Formula;
  /** `0.125, which is (1 - phi)^2 / 2 at phi = 0.5`. */
  readonly text: string;
}

/** @throws RangeError when a number is not finite; Error from the formula, see evaluateFormula */
export function publishedOf(id: string, published: number | Formula): Published {
  if (typeof published === 'number') {
    if (!Number.isFinite(published)) throw new RangeError(`claim ${id}: the published value is ${published}`);
    return { value: published, text: formatNumber(published) };
  }
  const value = evaluateFormula(published);
  const scope = describeScope(published.scope);
  return {
    value,
    formula: published,
    text: `${formatNumber(value)}, which is ${published.expression}${scope && ` at ${scope}`}`,
  };
}

/** The fields of a claim that say what is published. */
export function publishedFields(published: Published | null): Pick<Claim, 'published' | 'formula'> {
  return { published: published?.value ?? null, ...(published?.formula ? { formula: published.formula } : {}) };
}

/** The fields of a claim that identify it. @throws RangeError when a text is empty */
export function identity(claim: Statement): Pick<Claim, 'id' | 'place' | 'statement' | 'figure'> {
  const { id, place, statement, figure = null } = claim;
  for (const [name, text] of Object.entries({ id, place, statement })) checkText(id, name, text);
  return { id, place, statement, figure };
}

/** @throws RangeError when a reason is missing, or `difference` does not go with `atPublishedSize` */
export function checkJudged(claim: Judged): void {
  checkText(claim.id, 'because', claim.because);
  if (!claim.atPublishedSize) checkText(claim.id, 'difference', claim.difference ?? '');
  else if (claim.difference !== undefined) {
    throw new RangeError(`claim ${claim.id}: at the published size, and yet a difference: "${claim.difference}"`);
  }
}

export function checkText(id: string, name: string, text: string): void {
  if (text.trim() === '') throw new RangeError(`claim ${id || '(without id)'}: "${name}" is empty`);
}

export function judgedAt(claim: { readonly atPublishedSize: boolean }): Claim['judgedAt'] {
  return claim.atPublishedSize ? 'published' : 'direction';
}

/** What a reason adds when the run is not the published one. */
export function differing(claim: Judged): string {
  return claim.difference === undefined ? '' : ` (${claim.difference})`;
}
