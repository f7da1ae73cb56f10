import type { PageFolder, PageIndex, PagePaper } from '../page-data.js';
import { button, h, plural } from './dom.js';
import { claimsHash, type Filters, folderHash, noFilters, type Route } from './route.js';
import { Scoreboard } from './scoreboard.js';
import { countsMarks, countsText, verdicts } from './verdict.js';
import type { View } from './view.js';

const formId = 'filters';

/** The first view: how each paper fared, and every claim. */
export function claimsView(index: PageIndex, route: Route & { view: 'claims' }): View {
  const scoreboard = new Scoreboard(index);
  const asked = knownFilters(index, route.filters);
  const found = h('p', { class: 'found', 'aria-live': 'polite', role: 'status' });
  const update = (filters: Filters): void => {
    const { shown, of } = scoreboard.show(filters);
    found.textContent =
      shown.length === 0
        ? `No claim of ${of.toLocaleString('en')} is like that.`
        : `${plural(shown.length, 'claim')}${shown.length < of ? ` of ${of.toLocaleString('en')}` : ''}: ${countsText(shown)}.`;
  };
  const form = filterForm(index, asked, (filters) => {
    history.replaceState(null, '', claimsHash(filters) === '#' ? '#claims' : claimsHash(filters));
    update(filters);
  });
  update(asked);
  const element = h(
    'div',
    {},
    h('h1', {}, 'What replicated'),
    h(
      'p',
      { class: 'lede' },
      'Each published statement beside what was measured here. A published number is judged at the published size only; ',
      'an order, a trend or a law at any. Not comparable: the paper’s size, or a number in it, is missing.',
    ),
    papersTable(index),
    h('h2', { id: 'claims' }, 'Claims'),
    form,
    h(
      'div',
      { class: 'found-line' },
      found,
      h('button', { type: 'reset', form: formId }, 'Clear filters'),
      button('Open all', () => scoreboard.openAll(true)),
      button('Close all', () => scoreboard.openAll(false)),
    ),
    scoreboard.element,
  );
  return {
    element,
    title: 'what replicated',
    shown() {
      if (route.claim === null) return false;
      if (scoreboard.reveal(route.claim)) return true;
      found.textContent = `There is no claim ${route.claim.id} in ${route.claim.experiment}, ${route.claim.folder}.`;
      return false;
    },
    destroy() {},
  };
}

/** An address may be older than the page: papers and folders that are not here do not narrow anything. */
function knownFilters({ papers }: PageIndex, filters: Filters): Filters {
  const isPaper = papers.some(({ experiment }) => experiment === filters.paper);
  const isFolder = papers.some(({ folders }) => folders.some(({ folder }) => folder === filters.folder));
  return {
    ...filters,
    paper: isPaper ? filters.paper : noFilters.paper,
    folder: isFolder || filters.folder === '*' ? filters.folder : noFilters.folder,
  };
}

function papersTable({ papers }: PageIndex): HTMLElement {
  const rows = papers.map((paper) => {
    const { claims, folder } = mainOf(paper);
    return h(
      'tr',
      {},
      h(
        'th',
        { scope: 'row' },
        h('a', { href: folderHash(paper.experiment, folder) }, paper.name),
        h('span', { class: 'folder' }, folder),
      ),
      h('td', { class: 'number' }, String(claims.length)),
      h('td', {}, countsMarks(claims)),
    );
  });
  const legend = verdicts.flatMap(({ verdict, sign, style }) => [
    h('span', { class: `verdict ${style}` }, h('span', { class: 'sign' }, sign), ` ${verdict}`),
    ' ',
  ]);
  return h(
    'table',
    { class: 'papers' },
    h('caption', { class: 'unseen' }, 'Claims of each paper by verdict'),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, 'paper'),
        h('th', { scope: 'col', class: 'number' }, 'claims'),
        h('th', { scope: 'col' }, ...legend),
      ),
    ),
    h('tbody', {}, ...rows),
  );
}

function mainOf({ folders, main }: PagePaper): PageFolder {
  return folders.find(({ folder }) => folder === main)!;
}

function filterForm({ papers }: PageIndex, initial: Filters, onChange: (filters: Filters) => void): HTMLFormElement {
  const names = [...new Set(papers.flatMap(({ folders }) => folders.map(({ folder }) => folder)))];
  const paper = chooser('paper', initial.paper, [
    ['', 'all papers'],
    ...papers.map(({ experiment, name }) => [experiment, name] as const),
  ]);
  const folder = chooser('folder', initial.folder, [
    ['', 'largest whole run'],
    ...names.map((name) => [name, name] as const),
    ['*', 'all'],
  ]);
  const text = h('input', { id: 'filter-text', type: 'search', placeholder: 'gap, S4.gd-relu, Wigner …' });
  text.value = initial.text;
  const boxes = verdicts.map(({ verdict, sign, style }) => {
    const value = verdict.replace(' ', '-');
    const box = h('input', { type: 'checkbox', value, name: 'verdict' });
    box.checked = initial.verdicts.includes(value);
    const label = h(
      'label',
      { class: `verdict ${style}` },
      box,
      h('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
      ` ${verdict}`,
    );
    return { box, label };
  });
  const form = h(
    'form',
    { id: formId, class: 'filters', role: 'search', 'aria-label': 'Filter the claims' },
    h('div', {}, h('label', { for: 'filter-paper' }, 'Paper'), paper),
    h('div', {}, h('label', { for: 'filter-folder' }, 'Profile'), folder),
    h('fieldset', {}, h('legend', {}, 'Verdict'), ...boxes.map(({ label }) => label)),
    h('div', { class: 'grows' }, h('label', { for: 'filter-text' }, 'Text'), text),
  );
  const changed = () =>
    onChange({
      paper: paper.value,
      folder: folder.value,
      text: text.value,
      verdicts: boxes.filter(({ box }) => box.checked).map(({ box }) => box.value),
    });
  let timer: ReturnType<typeof setTimeout> | undefined;
  form.addEventListener('change', changed);
  text.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(changed, 120);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    paper.value = noFilters.paper;
    folder.value = noFilters.folder;
    text.value = noFilters.text;
    for (const { box } of boxes) box.checked = false;
    changed();
  });
  return form;
}

function chooser(name: string, chosen: string, options: readonly (readonly [string, string])[]): HTMLSelectElement {
  const select = h('select', { id: `filter-${name}` }, ...options.map(([value, text]) => h('option', { value }, text)));
  select.value = options.some(([value]) => value === chosen) ? chosen : '';
  return select;
}
