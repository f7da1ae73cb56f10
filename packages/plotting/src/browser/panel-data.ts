import { format } from 'd3-format';
import type { Panel } from '../figure.js';
import { drawnMarks } from '../marks/drawn-mark.js';
import { plainText } from '../text/rich-text.js';
import { element } from './html.js';
import { seriesName } from './wording.js';

/** The data of a panel's marks: a button, and what it opens. */
export interface PanelData {
  readonly button: HTMLButtonElement;
  readonly content: HTMLElement;
}

/** The table in the page ends here; the file has all rows. */
const mostRows = 1000;

export const dataColumns = ['series', 'kind', 'x', 'x to', 'y', 'y low', 'y high'] as const;
type Cell = string | number | null;

/**
 * All data of a panel as rows of `dataColumns`, as they are stored. A bin reaches from `x` to `x to`, an interval from
 * `y low` to `y high`.
 */
export function dataRows(panel: Panel): readonly (readonly Cell[])[] {
  const marks = drawnMarks(panel);
  return marks.flatMap((drawn): readonly (readonly Cell[])[] => {
    const { mark } = drawn;
    const series = plainText(seriesName(drawn, marks));
    switch (mark.kind) {
      case 'histogram':
        return mark.heights.map((height, i) => [
          series,
          'histogram',
          mark.edges[i],
          mark.edges[i + 1],
          height,
          null,
          null,
        ]);
      case 'rule':
        return [[series, 'rule', mark.x ?? null, null, mark.y ?? null, null, null]];
      case 'band':
        return mark.x.map((x, i) => [series, 'band', x, null, null, mark.low[i], mark.high[i]]);
      default:
        return mark.x.map((x, i) => {
          const interval = mark.kind === 'points' ? mark.intervals?.[i] : undefined;
          return [series, mark.kind, x, null, mark.y[i], interval?.[0] ?? null, interval?.[1] ?? null];
        });
    }
  });
}

/** RFC 4180. */
export function csvOf(rows: readonly (readonly Cell[])[]): string {
  const quoted = (cell: Cell): string => {
    const text = cell === null ? '' : String(cell);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [dataColumns, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

export function panelData(panel: Panel, name: string): PanelData {
  const content = element('div', 'hf-data');
  content.hidden = true;
  const button = element(
    'button',
    'hf-button',
    { type: 'button', title: 'The data of this panel as a table', 'aria-expanded': 'false' },
    'Data',
  );
  button.addEventListener('click', () => {
    content.hidden = !content.hidden;
    button.setAttribute('aria-expanded', String(!content.hidden));
    if (!content.hidden && content.childElementCount === 0) content.append(...opened(panel, name));
  });
  return { button, content };
}

function opened(panel: Panel, name: string): readonly Node[] {
  const rows = dataRows(panel);
  const note = rows.length > mostRows ? `The first ${format(',')(mostRows)} of ${format(',')(rows.length)} rows. ` : '';
  const save = element('button', 'hf-button', { type: 'button' }, 'Download as CSV');
  save.addEventListener('click', () => download(`${name.replace(/[^A-Za-z0-9]+/g, '-')}.csv`, csvOf(rows)));
  const axis = (which: 'x' | 'y'): string => `${which}: ${plainText(panel[which].label)}`;
  const table = element(
    'table',
    '',
    {},
    element('caption', '', {}, `${axis('x')}; ${axis('y')}`),
    element('thead', '', {}, rowOf('th', dataColumns)),
    element('tbody', '', {}, ...rows.slice(0, mostRows).map((row) => rowOf('td', row))),
  );
  const scroller = element(
    'div',
    'hf-table',
    { tabindex: '0', role: 'region', 'aria-label': `Data of ${name}` },
    table,
  );
  return [element('p', '', {}, note, save), scroller];
}

function rowOf(cell: 'th' | 'td', values: readonly Cell[]): HTMLElement {
  const attributes: Record<string, string> = cell === 'th' ? { scope: 'col' } : {};
  const cells = values.map((value) => element(cell, '', attributes, value === null ? '' : String(value)));
  return element('tr', '', {}, ...cells);
}

function download(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  element('a', '', { href: url, download: fileName }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
