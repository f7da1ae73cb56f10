import { readFile } from 'node:fs/promises';
import type { Claim } from './claim.js';
import type { Json } from './experiment.js';
import { formatNumber, isWithin, plural } from './measurement.js';
import { linkPath, plain } from './report/markdown.js';
import { parseStoredJson, shortJson } from './stored-json.js';

/** How a ledger stands. The claims that were not run are among the not comparable ones. */
export interface Summary {
  readonly claims: number;
  readonly reproduced: number;
  readonly notReproduced: number;
  readonly notComparable: number;
  readonly notRun: number;
}

/** A row of the list of claims, then the cell: `S4.gd-relu-4270.gap`. */
const idPattern = /^[A-Z]\d+(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const verdicts: readonly Claim['verdict'][] = ['reproduced', 'not reproduced', 'not comparable'];
const judgedAts: readonly Claim['judgedAt'][] = ['published', 'direction', 'not-run'];

/** @throws Error that names the file when it is missing, is not JSON or is no ledger, see checkLedger */
export async function readLedger(file: string): Promise<readonly Claim[]> {
  const text = await readFile(file, 'utf8');
  return checkLedger(parseStoredJson(text, file), file);
}

/**
 * The claims, after a look at every field: ids are unique and well formed, numbers finite, intervals in order, and each
 * verdict is the one that its own numbers give. What was edited by hand does not pass.
 *
 * @param source  where the ledger comes from, for the error
 * @throws Error that names the claim, the field, and what was found
 */
export function checkLedger(ledger: unknown, source: string): readonly Claim[] {
  if (!Array.isArray(ledger)) throw new Error(`${source}: expected an array of claims, found ${describe(ledger)}`);
  const seen = new Set<string>();
  ledger.forEach((claim: unknown, index) => {
    const problem = problemOf(claim);
    const id = (claim as Partial<Claim> | null)?.id;
    if (problem) throw new Error(`${source}: claim ${typeof id === 'string' ? id : index}: ${problem}`);
    if (seen.has(id!)) throw new Error(`${source}: claim ${id}: two claims have this id`);
    seen.add(id!);
  });
  return ledger as readonly Claim[];
}

export function summarize(claims: readonly Claim[]): Summary {
  const having = (verdict: Claim['verdict']) => claims.filter((claim) => claim.verdict === verdict).length;
  return {
    claims: claims.length,
    reproduced: having('reproduced'),
    notReproduced: having('not reproduced'),
    notComparable: having('not comparable'),
    notRun: claims.filter((claim) => claim.judgedAt === 'not-run').length,
  };
}

/** `62 claims: 40 reproduced, 3 not reproduced, 19 not comparable (4 of them not run)`. */
export function summaryLine(claims: readonly Claim[]): string {
  const { reproduced, notReproduced, notComparable, notRun } = summarize(claims);
  return (
    `${plural(claims.length, 'claim')}: ${reproduced} reproduced, ${notReproduced} not reproduced, ` +
    `${notComparable} not comparable${notRun > 0 ? ` (${notRun} of them not run)` : ''}`
  );
}

/** What a reader compares, as short texts; a dash where there is nothing. */
export function claimCells(claim: Claim): { published: string; measured: string; allowed: string } {
  const { published, measured, interval, tolerance } = claim;
  const number = (value: number | null) => (value === null ? '-' : formatNumber(value));
  const spread =
    interval && interval[0] < interval[1] ? ` (${formatNumber(interval[0])} to ${formatNumber(interval[1])})` : '';
  const sign = published === null ? '' : '±';
  return {
    published: number(published),
    measured: number(measured) + spread,
    allowed: tolerance === null ? '-' : sign + formatNumber(tolerance),
  };
}

/**
 * The ledger as a Markdown table under its summary line. The place links to the figure that shows the claim.
 *
 * @param figureBase  what to put before the figures' paths; default none, for a file beside claims.json
 */
export function claimsMarkdown(claims: readonly Claim[], { figureBase = '' } = {}): string {
  const rows = claims.map((claim) => {
    const { published, measured, allowed } = claimCells(claim);
    const place = plain(claim.place);
    return [
      claim.id,
      claim.figure ? `[${place}](${figureBase}${linkPath(claim.figure)})` : place,
      plain(claim.statement),
      published,
      measured,
      allowed,
      claim.verdict === 'not reproduced' ? '**not reproduced**' : claim.verdict,
      plain(claim.reason),
    ];
  });
  const header = ['id', 'place', 'statement', 'published', 'measured', 'allowed', 'verdict', 'reason'];
  const rule = ['---', '---', '---', '--:', '--:', '--:', '---', '---'];
  const lines = [header, rule, ...rows].map((row) => `| ${row.join(' | ')} |`);
  return `${summaryLine(claims)}.\n\n${lines.join('\n')}\n`;
}

/** What is wrong with a claim, as a sentence; undefined when nothing is. */
function problemOf(claim: unknown): string | undefined {
  if (typeof claim !== 'object' || claim === null) return `expected an object, found ${describe(claim)}`;
  const c = claim as Record<keyof Claim, unknown>;
  for (const field of ['id', 'place', 'statement', 'how', 'reason'] as const) {
    if (typeof c[field] !== 'string' || c[field] === '') return `"${field}" is ${describe(c[field])}, expected a text`;
  }
  if (!idPattern.test(c.id as string)) return `"id" is not like S4.gd-relu-4270.gap`;
  for (const field of ['published', 'measured', 'tolerance'] as const) {
    if (!isNumberOrNull(c[field])) return `"${field}" is ${describe(c[field])}, expected a finite number or null`;
  }
  if (!isInterval(c.interval)) return `"interval" is ${describe(c.interval)}, expected [low, high] or null`;
  if (!isFigure(c.figure)) return `"figure" is ${describe(c.figure)}, expected a path beside claims.json or null`;
  if (!isFormula(c.formula))
    return `"formula" is ${describe(c.formula)}, expected an expression and a scope of numbers`;
  if (!verdicts.includes(c.verdict as never)) return `"verdict" is ${describe(c.verdict)}, expected ${oneOf(verdicts)}`;
  if (!judgedAts.includes(c.judgedAt as never))
    return `"judgedAt" is ${describe(c.judgedAt)}, expected ${oneOf(judgedAts)}`;
  return contradictionIn(claim as Claim);
}

/** Where the fields of a claim do not agree with each other. */
function contradictionIn({ published, measured, interval, tolerance, judgedAt, verdict }: Claim): string | undefined {
  if ((judgedAt === 'not-run') !== (measured === null) || (measured === null) !== (interval === null)) {
    return `judgedAt "${judgedAt}" does not go with measured ${measured} and interval ${JSON.stringify(interval)}`;
  }
  if (measured === null || interval === null) {
    return verdict === 'not comparable' ? undefined : `the verdict is "${verdict}", but nothing was run`;
  }
  const nearest = Math.min(Math.max(measured, interval[0]), interval[1]);
  if (!isWithin(measured, nearest, 0))
    return `measured ${measured} is outside its interval ${JSON.stringify(interval)}`;
  if (verdict === 'not comparable') return undefined;
  if (tolerance === null) {
    return published === null ? undefined : `the verdict is "${verdict}", but a published value has no tolerance`;
  }
  // A law without a published number measures the distance itself.
  const holds = published === null ? measured <= tolerance : isWithin(measured, published, tolerance);
  if (holds === (verdict === 'reproduced')) return undefined;
  return `the verdict is "${verdict}", but measured ${measured} ${holds ? 'is' : 'is not'} within ${tolerance} of ${published ?? 'the law'}`;
}

function isNumberOrNull(value: unknown): boolean {
  return value === null || Number.isFinite(value);
}

function isInterval(value: unknown): boolean {
  if (value === null) return true;
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] <= value[1];
}

function isFigure(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== 'string' || value === '' || /[\p{Cc}\p{Cs}]/u.test(value)) return false;
  return !value.startsWith('/') && !value.split('/').includes('..');
}

function isFormula(value: unknown): boolean {
  if (value === undefined) return true;
  const formula = value as Partial<Claim['formula']> | null;
  return (
    typeof formula?.expression === 'string' &&
    typeof formula.scope === 'object' &&
    formula.scope !== null &&
    Object.values(formula.scope).every(Number.isFinite)
  );
}

function describe(value: unknown): string {
  return value === undefined ? 'missing' : shortJson(value as Json);
}

function oneOf(values: readonly string[]): string {
  return values.map((value) => `"${value}"`).join(', ');
}
