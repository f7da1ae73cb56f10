import type { PageLinks, PageTable } from '../page-data.js';
import { fileLink, h } from './dom.js';
import { sectionId, tableName } from './sections.js';

/** A table whose columns sort by a click on their head: up, down, and as it was. */
export function tableSection(table: PageTable, links: PageLinks): HTMLElement {
  const { id, title, caption, header, numeric, cells } = table;
  const body = h('tbody');
  const rows = cells.map((row) =>
    h(
      'tr',
      {},
      ...row.map((text, i) =>
        h(i === 0 ? 'th' : 'td', { scope: i === 0 ? 'row' : null, class: numeric[i] ? 'number' : null }, text),
      ),
    ),
  );
  body.append(...rows);
  const heads = header.map((text, column) => {
    const sort = h('button', { type: 'button', title: 'Sort by this column' }, text);
    const head = h('th', { scope: 'col', class: numeric[column] ? 'number' : null }, sort);
    sort.addEventListener('click', () => {
      const next = { none: 'ascending', ascending: 'descending', descending: 'none' } as const;
      const order = next[(head.getAttribute('aria-sort') ?? 'none') as keyof typeof next];
      for (const other of heads) other.removeAttribute('aria-sort');
      if (order !== 'none') head.setAttribute('aria-sort', order);
      body.append(...orderOf(table, column, order).map((i) => rows[i]));
    });
    return head;
  });
  return h(
    'section',
    { class: 'table', id: sectionId(tableName(id)) },
    h('h3', { tabindex: -1 }, title),
    h(
      'div',
      { class: 'scrolls', tabindex: 0, role: 'region', 'aria-label': title },
      h('table', {}, h('caption', { class: 'unseen' }, title), h('thead', {}, h('tr', {}, ...heads)), body),
    ),
    caption ? h('p', { class: 'caption' }, caption) : null,
    h(
      'p',
      { class: 'files' },
      ...links.files.map(([kind, href]) => fileLink(kind, href, `${kind} file of ${tableName(id)}`)),
      links.code === null ? null : fileLink(`code: ${links.code.replace(/^.*\//, '')}`, links.code),
    ),
  );
}

/** Numbers by size, texts by letters; empty cells come last either way. */
function orderOf({ values }: PageTable, column: number, order: 'none' | 'ascending' | 'descending'): readonly number[] {
  const indices = values.map((_, i) => i);
  if (order === 'none') return indices;
  const sign = order === 'ascending' ? 1 : -1;
  const all = values.map((row) => row[column]);
  const areNumbers = all.every((text) => text === '' || Number.isFinite(Number(text)));
  return indices.sort((a, b) => {
    const [one, other] = [all[a], all[b]];
    if (one === '' || other === '') return Number(one === '') - Number(other === '') || a - b;
    const difference = areNumbers ? Number(one) - Number(other) : one.localeCompare(other, 'en', { numeric: true });
    return sign * difference || a - b;
  });
}
