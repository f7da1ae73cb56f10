import { readMarkdownText } from '@hessian-rmt/plotting';
import { csvParseRows } from 'd3-dsv';
import type { PageTable } from './page-data.js';

/**
 * A table from its two files, as plotting writes them: headings and texts from the Markdown, values from the CSV.
 *
 * @throws Error naming the table when the two do not go together
 */
export function readTable(id: string, markdown: string, csv: string): PageTable {
  const lines = markdown.split('\n');
  const rows = lines.filter((line) => line.startsWith('|')).map(cellsOf);
  const last = lines.findLastIndex((line) => line.startsWith('|'));
  const [, ...values] = csvParseRows(csv);
  const [header, rule, ...cells] = rows;
  if (rule === undefined || cells.length !== values.length || values.some((row) => row.length !== header.length)) {
    throw new Error(`table ${id}: the CSV and the Markdown do not hold the same rows and columns`);
  }
  return {
    id,
    title: readMarkdownText(lines[0].replace(/^#+ /, '')),
    caption: readMarkdownText(
      lines
        .slice(last + 1)
        .join('\n')
        .trim(),
    ),
    header,
    numeric: rule.map((dashes) => dashes.endsWith(':')),
    cells,
    values,
  };
}

/** A bar inside a cell has a backslash before it. */
function cellsOf(line: string): string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => readMarkdownText(cell.trim()));
}
