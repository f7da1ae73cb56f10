import type { PageClaim } from '../page-data.js';
import { h } from './dom.js';
import { type ClaimPlace, claimHash, folderHash } from './route.js';
import { tableName } from './sections.js';
import { verdictMark } from './verdict.js';

/** Where claims come from, for their links. */
export interface ClaimsOrigin {
  readonly experiment: string;
  readonly folder: string;
  readonly caption: string;
}

const columns = ['claim', 'published', 'measured', 'allowed', 'verdict'];

/** A table of claims. Roles are written out since on a phone the rows are laid out as blocks, which would lose them. */
export function claimTable(claims: readonly PageClaim[], origin: ClaimsOrigin): HTMLElement {
  const head = columns.map((name, i) =>
    h('th', { scope: 'col', role: 'columnheader', class: i > 0 && i < 4 ? 'number' : null }, name),
  );
  return h(
    'table',
    { class: 'claims', role: 'table' },
    h('caption', { class: 'unseen' }, origin.caption),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, ...head)),
    h('tbody', { role: 'rowgroup' }, ...claims.map((claim) => claimRow(claim, origin))),
  );
}

/** The id of a claim's row in the document. */
export function rowId({ experiment, folder, id }: ClaimPlace): string {
  return `claim/${experiment}/${folder}/${id}`;
}

function claimRow(claim: PageClaim, { experiment, folder }: ClaimsOrigin): HTMLElement {
  const place = { experiment, folder, id: claim.id };
  const { published, measured, allowed } = claim.cells;
  const number = (text: string, label: string) =>
    h('td', { role: 'cell', class: 'number', 'data-label': label }, text === '-' ? '–' : text);
  return h(
    'tr',
    { role: 'row', id: rowId(place), tabindex: -1 },
    h(
      'th',
      { scope: 'row', role: 'rowheader' },
      h('span', { class: 'statement' }, claim.statement),
      h(
        'span',
        { class: 'place' },
        h('a', { class: 'id', href: claimHash(place), title: 'Link to this claim' }, claim.id),
        ` ${claim.place}`,
      ),
      judgement(claim, place),
    ),
    number(published, 'published'),
    number(measured, 'measured'),
    number(allowed, 'allowed'),
    h('td', { role: 'cell', class: 'verdict-cell', 'data-label': 'verdict' }, verdictMark(claim)),
  );
}

/** Why the verdict is what it is, how it was compared, and where to look. */
function judgement(claim: PageClaim, { experiment, folder, id }: ClaimPlace): HTMLElement {
  const { formula, figure } = claim;
  const terms: (readonly [string, Node | string])[] = [
    ['Verdict', sentence(claim.reason)],
    ['Compared', sentence(claim.how)],
  ];
  if (formula) terms.push(['Published', h('code', {}, formulaText(formula))]);
  if (claim.judgedAt === 'direction')
    terms.push(['Size', 'Not the published one: only order, trend or law can be judged.']);
  const [, kind, name] = figure?.match(/^(figures|tables)\/(.+)\.[a-z]+$/) ?? [];
  const links = [
    name === undefined
      ? null
      : h(
          'a',
          { href: folderHash(experiment, folder, kind === 'tables' ? tableName(name) : name) },
          kind === 'tables' ? tableName(name) : name,
        ),
    figure === null ? null : h('a', { href: fileHref(experiment, folder, figure) }, figure),
    claim.code === null ? null : h('a', { href: claim.code }, `code: ${claim.code.replace(/^.*\//, '')}`),
  ];
  const more = h('dl', {}, ...terms.flatMap(([term, text]) => [h('dt', {}, term), h('dd', {}, text)]));
  return h(
    'div',
    { class: 'judgement' },
    h('details', {}, h('summary', { 'aria-label': `Why: ${id}` }, 'why'), more),
    ...links,
  );
}

function fileHref(experiment: string, folder: string, file: string): string {
  return `./${[experiment, folder, ...file.split('/')].map(encodeURIComponent).join('/')}`;
}

function sentence(text: string): string {
  const first = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

function formulaText({ expression, scope }: NonNullable<PageClaim['formula']>): string {
  const values = Object.entries(scope).map(([name, value]) => `${name} = ${value}`);
  return values.length > 0 ? `${expression}  at ${values.join(', ')}` : expression;
}
