import type { Claim } from '../claim.js';
import { claimCells } from '../ledger.js';
import { plural } from '../measurement.js';
import { type ClaimGroup, groupClaims, isAddition, rowOf } from './claim-groups.js';
import type { FoundHeading } from './found-headings.js';
import type { PaperLedger } from './ledgers.js';
import { type LikeClaims, likeClaims, whyNotCompared } from './like-claims.js';
import { anchorOf, linkPath, markdownTable, plain } from './markdown.js';
import { countsOf } from './readme-table.js';

/** A paper's ledger with the headings under which its README explains what was found. */
export interface ReportedPaper extends PaperLedger {
  readonly found: readonly FoundHeading[];
}

/**
 * What replicated, what did not and why, as Markdown: a screen for each paper, then its failures and what could not be
 * compared, with like claims put together. Every number is the ledgers'; the answer in words is the card's; explanations are linked.
 *
 * @param base  path from the report's folder to the root of the repository, as `../`
 */
export function replicationReport(papers: readonly ReportedPaper[], { base = '../' } = {}): string {
  const folders = [...new Set(papers.map(({ folder }) => `\`${folder}\``))].join(', ');
  const lines = [
    '# Replication report',
    '',
    'Made by `npm run readme`: numbers from the ledgers in `results/`, the answer in words from `paper.json` of each experiment.',
    `The results are those of the profile ${folders}. A published number is judged at the published size only, an order, a trend`,
    'or a law at any; *not comparable* means that the paper’s size, or a number in it, is missing. Like claims are counted',
    'together, with the one that is farthest off. Every claim with its reason: the ledgers, and the page `results/index.html`.',
    '',
    totalsTable(papers),
    '',
    ...papers.flatMap((paper) => paperSection(paper, base)),
    ...additionsSection(papers, base),
  ];
  return `${lines.join('\n').trim()}\n`;
}

function totalsTable(papers: readonly ReportedPaper[]): string {
  const rows = papers.map(({ card, claims }) => {
    const own = claims.filter((claim) => !isAddition(rowOf(claim)));
    return [`[${plain(card.name)}](#${anchorOf(headingOf(card))})`, ...numbers(own)];
  });
  const all = papers.flatMap(({ claims }) => claims);
  const additions = all.filter((claim) => isAddition(rowOf(claim)));
  const added =
    additions.length > 0 ? [[`[${additionsHeading}](#${anchorOf(additionsHeading)})`, ...numbers(additions)]] : [];
  const header = ['', 'claims', 'reproduced', 'not reproduced', 'not comparable'];
  return markdownTable([header, ...rows, ...added, ['all', ...numbers(all)]], [1, 2, 3, 4]);
}

function numbers(claims: readonly Claim[]): string[] {
  return [claims.length, ...countsOf(claims)].map((count) => String(count || ''));
}

function headingOf({ name, title }: ReportedPaper['card']): string {
  return `${name}: ${title}`;
}

function paperSection({ card, folder, claims, found }: ReportedPaper, base: string): string[] {
  const groups = groupClaims(claims, card.groups).filter(({ row }) => !isAddition(row));
  const own = groups.flatMap((group) => group.claims);
  const results = `${base}${linkPath(`results/${card.experiment}/${folder}`)}`;
  const links = [
    `[ledger](${results}/claims.md)`,
    `[how it was done](${base}${linkPath(`experiments/${card.experiment}/README.md`)})`,
    ...found.slice(0, 1).map((heading) => foundLink(card.experiment, heading, base)),
  ];
  return [
    `## ${plain(headingOf(card))}`,
    '',
    `${plain(card.authors)}, ${card.year}, ${plain(card.at)} (${links.join(', ')}).`,
    '',
    ...(card.answer === undefined ? [] : [plain(card.answer), '']),
    counted(own, groups),
    '',
    groupsTable(groups),
    '',
    ...explanations(card.experiment, found, base),
    ...listed('### What was not reproduced', likeClaims(own.filter(isFailed)), results, failedLine),
    ...listed('### What could not be compared', likeClaims(own.filter(isOpen)), results, openLine),
  ];
}

/** The counts in a sentence: shares among what could be judged, and which rows hold as a whole. */
function counted(claims: readonly Claim[], groups: readonly ClaimGroup[]): string {
  const [reproduced, failed, open] = countsOf(claims);
  const judged = reproduced + failed;
  const share = judged === 0 ? '' : ` (${Math.round((100 * reproduced) / judged)} %)`;
  const whole = groups.filter(({ claims: members }) => members.some(isHeld) && !members.some(isFailed));
  const none = groups.filter(({ claims: members }) => !members.some(isHeld) && members.some(isFailed));
  return [
    `Of ${plural(judged, 'claim')} that could be judged, ${reproduced} were reproduced${share}; ${open} could not be compared.`,
    whole.length > 0 ? `Nothing failed in ${rowsText(whole)}.` : '',
    none.length > 0 ? `Nothing was reproduced of ${rowsText(none)}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function rowsText(groups: readonly ClaimGroup[]): string {
  return groups.map(({ row }) => row).join(', ');
}

function groupsTable(groups: readonly ClaimGroup[]): string {
  const rows = groups.map(({ row, title, claims }) => [
    row,
    plain(title),
    ...countsOf(claims).map((count) => String(count || '')),
  ]);
  return markdownTable([['', 'claims', 'reproduced', 'not reproduced', 'not comparable'], ...rows], [2, 3, 4]);
}

function explanations(experiment: string, found: readonly FoundHeading[], base: string): string[] {
  const [, ...parts] = found;
  if (parts.length === 0) return [];
  return [`Explanations: ${parts.map((heading) => foundLink(experiment, heading, base)).join('; ')}.`, ''];
}

function foundLink(experiment: string, { text }: FoundHeading, base: string): string {
  return `[${plain(text.charAt(0).toLowerCase() + text.slice(1))}](${base}${linkPath(`experiments/${experiment}/README.md`)}#${anchorOf(text)})`;
}

function listed(
  heading: string,
  alike: readonly LikeClaims[],
  results: string,
  line: (like: LikeClaims, results: string) => string,
): string[] {
  if (alike.length === 0) return [];
  return [heading, '', ...withoutRepeats(alike).map((like) => `- ${line(like, results)}`), ''];
}

function failedLine(like: LikeClaims, results: string): string {
  return `${judgedLine(like, results)}${otherNumbers(like)}`;
}

function openLine(like: LikeClaims, results: string): string {
  const { telling } = like;
  return `${countText(like)}${shown(telling, results)}: ${plain(whyNotCompared(telling) ?? telling.reason)}.`;
}

function judgedLine(like: LikeClaims, results: string): string {
  return `${countText(like)}${shown(like.telling, results)}: ${plain(like.telling.reason)}.`;
}

/** `**S4**, 36 claims, as ` */
function countText({ row, claims }: LikeClaims): string {
  return `**${row}**${claims.length > 1 ? `, ${claims.length} claims, as` : ''} `;
}

/** The statement, with a link to the figure that shows it. */
function shown({ statement, figure }: Claim, results: string): string {
  const text = plain(statement);
  return figure === null ? text : `[${text}](${results}/${linkPath(figure)})`;
}

/** The measured values of like claims in one line, as far as a line holds them. */
function otherNumbers({ claims, telling }: LikeClaims): string {
  const others = claims.filter(
    (claim) => claim.id !== telling.id && claim.measured !== null && claim.published !== null,
  );
  if (others.length === 0) return '';
  const texts = others.slice(0, 4).map((claim) => {
    const { published, measured } = claimCells(claim);
    return `${measured.replace(/ \(.*/, '')} (published ${published})`;
  });
  return ` Others: ${texts.join(', ')}${others.length > 4 ? ', …' : ''}.`;
}

/** What a run differs in stands in brackets behind a reason, at length; in a list it is said once. */
function withoutRepeats(alike: readonly LikeClaims[]): readonly LikeClaims[] {
  const said = new Set<string>();
  return alike.map((like) => {
    const { telling } = like;
    const difference = differenceIn(telling.reason);
    if (difference === '') return like;
    if (!said.has(difference)) {
      said.add(difference);
      return like;
    }
    return { ...like, telling: { ...telling, reason: telling.reason.slice(0, -difference.length).trimEnd() } };
  });
}

/** The last bracket of a reason, when it stands at its end and is long; empty otherwise. */
function differenceIn(reason: string): string {
  if (!reason.endsWith(')')) return '';
  let depth = 0;
  for (let at = reason.length - 1; at > 0; at--) {
    if (reason[at] === ')') depth++;
    if (reason[at] === '(' && --depth === 0) return reason.length - at > 40 ? reason.slice(at) : '';
  }
  return '';
}

const additionsHeading = 'What was added';

/** Rows that no paper has. X4, every published number in a ledger with an interval, is the ledgers themselves. */
function additionsSection(papers: readonly ReportedPaper[], base: string): string[] {
  const all = papers.flatMap(({ claims }) => claims);
  const groups = papers
    .flatMap((paper) =>
      groupClaims(paper.claims, paper.card.groups)
        .filter(({ row }) => isAddition(row))
        .map((group) => ({ ...group, paper })),
    )
    .sort((one, other) => Number(one.row.slice(1)) - Number(other.row.slice(1)));
  if (groups.length === 0) return [];
  const withNumber = all.filter(({ published }) => published !== null);
  const withInterval = all.filter(({ interval }) => interval !== null);
  return [
    `## ${additionsHeading}`,
    '',
    'Questions that the papers leave open, asked of the same matrices.',
    '',
    ...groups.flatMap(({ row, title, claims, paper }) => {
      const { experiment } = paper.card;
      const results = `${base}${linkPath(`results/${experiment}/${paper.folder}`)}`;
      const [reproduced, failed, open] = countsOf(claims);
      return [
        `### ${row}: ${plain(title.replace(/^Added here: /, ''))}`,
        '',
        `With ${plain(paper.card.name)} ([ledger](${results}/claims.md)${paper.found
          .slice(0, 1)
          .map((heading) => `, ${foundLink(experiment, heading, base)}`)
          .join(
            '',
          )}): ${reproduced} of ${reproduced + failed} judged claims hold${open > 0 ? `, ${open} were not judged` : ''}.`,
        '',
        ...listed('Holds:', likeClaims(claims.filter(isHeld)), results, judgedLine),
        ...listed('Does not hold:', likeClaims(claims.filter(isFailed)), results, failedLine),
        ...listed('Not judged:', likeClaims(claims.filter(isOpen)), results, openLine),
      ];
    }),
    '### X4: every published number in a ledger',
    '',
    `${all.length} claims, ${withNumber.length} of them with a published number or formula; ${withInterval.length} were measured, each with its`,
    'interval, a tolerance with its reason where a comparison is made, and a verdict that comes out of it.',
    '',
  ];
}

const isHeld = ({ verdict }: Claim) => verdict === 'reproduced';
const isFailed = ({ verdict }: Claim) => verdict === 'not reproduced';
const isOpen = ({ verdict }: Claim) => verdict === 'not comparable';
