import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '@hessian-rmt/numerics';
import { format } from 'd3-format';
import { checkId } from '../check-figure.js';
import type { Table, TableColumn } from '../figure.js';
import { markdownParagraph, markdownText } from './markdown-text.js';

type Cell = Table['rows'][number][number];

/**
 * Writes `tables/ID.csv` and `tables/ID.md` under the directory.
 *
 * The CSV follows RFC 4180 (a header line, CRLF, quotes where needed) and keeps every digit of the numbers. The Markdown is
 * a GitHub table with aligned columns, numbers in the formats of the columns, and the caption below.
 *
 * @returns the paths of both files, each written whole or not at all
 * @throws Error naming table, row and column for rows of another length than the columns, numbers that are not finite and
 * formats that d3-format does not know
 */
export async function writeTable(directory: string, table: Table): Promise<readonly string[]> {
  checkTable(table);
  const folder = join(directory, 'tables');
  const files = [
    { path: join(folder, `${table.id}.csv`), text: encodeCsv(table) },
    { path: join(folder, `${table.id}.md`), text: encodeMarkdown(table) },
  ];
  await mkdir(folder, { recursive: true });
  for (const { path, text } of files) await writeAtomically(path, [Buffer.from(text)]);
  return files.map(({ path }) => path);
}

function checkTable({ id, columns, rows }: Table): void {
  checkId(id, 'the table');
  const place = `table "${id}"`;
  if (columns.length === 0) throw new Error(`${place} has no columns`);
  for (const { header, format: specifier } of columns) {
    if (specifier === undefined) continue;
    try {
      format(specifier);
    } catch {
      throw new Error(`${place}, column "${header}": format must be one of d3-format, as .3g; found "${specifier}"`);
    }
  }
  rows.forEach((row, i) => {
    if (row.length !== columns.length) {
      throw new Error(`${place}, row ${i + 1} must have ${columns.length} cells, one a column; found ${row.length}`);
    }
    row.forEach((cell, j) => {
      if (typeof cell === 'number' ? Number.isFinite(cell) : isText(cell)) return;
      throw new Error(
        `${place}, row ${i + 1}, column "${columns[j].header}" must be a finite number, a text, a truth value or null; ` +
          `found ${cell}`,
      );
    });
  });
}

function isText(cell: unknown): boolean {
  return cell === null || typeof cell === 'string' || typeof cell === 'boolean';
}

/** The table as CSV. */
export function encodeCsv({ columns, rows }: Table): string {
  const lines = [columns.map(({ header }) => header), ...rows];
  return lines.map((line) => `${line.map(csvField).join(',')}\r\n`).join('');
}

function csvField(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The table as GitHub Markdown under a heading, its caption below. */
export function encodeMarkdown({ title, caption, columns, rows }: Table): string {
  const cells = [
    columns.map(({ header }) => markdownText(header)),
    ...rows.map((row) => row.map(markdownCell(columns))),
  ];
  const widths = columns.map((_, j) => Math.max(3, ...cells.map((line) => lengthOf(line[j]))));
  const right = columns.map((_, j) => rows.some((row) => typeof row[j] === 'number'));
  const write = (line: readonly string[]): string => {
    const padded = line.map((cell, j) => {
      const blanks = ' '.repeat(widths[j] - lengthOf(cell));
      return right[j] ? blanks + cell : cell + blanks;
    });
    return `| ${padded.join(' | ')} |\n`;
  };
  const rule = widths.map((width, j) => (right[j] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  const body = [cells[0], rule, ...cells.slice(1)].map(write).join('');
  return `## ${markdownText(title)}\n\n${body}\n${markdownParagraph(caption)}\n`;
}

function markdownCell(columns: readonly TableColumn[]): (cell: Cell, column: number) => string {
  return (cell, column) => {
    if (cell === null) return '';
    if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
    if (typeof cell === 'string') return markdownText(cell);
    const { format: specifier } = columns[column];
    if (specifier !== undefined) return format(specifier)(cell);
    return Number.isInteger(cell) ? format('d')(cell) : format('.4~g')(cell);
  };
}

/** In characters, not in UTF-16 units. */
function lengthOf(text: string): number {
  return [...text].length;
}
