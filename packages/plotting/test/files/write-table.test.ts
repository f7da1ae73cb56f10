import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { markdownParagraph, markdownText, readMarkdownText } from '../../src/files/markdown-text.js';
import { encodeCsv, encodeMarkdown } from '../../src/files/write-table.js';
import { type Table, writeTable } from '../../src/index.js';

const table: Table = {
  id: 'table-1',
  title: 'Table 1: eigenvalues above the gap',
  caption: 'Medians over ten seeds.',
  columns: [{ header: 'network' }, { header: '$k$' }, { header: 'ratio', format: '.3g' }, { header: 'agrees' }],
  rows: [
    ['ReLU, "wide"', 2, 1 / 3, true],
    ['tanh|2\nlayers', 10, -1234.5678, false],
    [null, null, 2e-10, null],
  ],
};

/** Reads RFC 4180 with a state machine, unlike the writer. */
function parseCsv(text: string): string[][] {
  const lines: string[][] = [['']];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const line = lines.at(-1)!;
    const character = text[i];
    if (quoted && character === '"' && text[i + 1] === '"') {
      line[line.length - 1] += '"';
      i++;
    } else if (character === '"') quoted = !quoted;
    else if (!quoted && character === ',') line.push('');
    else if (!quoted && character === '\r' && text[i + 1] === '\n') {
      lines.push(['']);
      i++;
    } else line[line.length - 1] += character;
  }
  return lines.slice(0, -1);
}

describe('the CSV of a table', () => {
  it('gives back every cell, numbers to the last bit', () => {
    const lines = parseCsv(encodeCsv(table));
    expect(lines[0]).toEqual(['network', '$k$', 'ratio', 'agrees']);
    expect(lines.slice(1).map((line) => line[0])).toEqual(['ReLU, "wide"', 'tanh|2\nlayers', '']);
    expect(lines.slice(1).map((line) => Number(line[2]))).toEqual([1 / 3, -1234.5678, 2e-10]);
    expect(lines.slice(1).map((line) => line[3])).toEqual(['true', 'false', '']);
  });

  it('quotes only what needs it, and ends lines as RFC 4180 says', () => {
    expect(encodeCsv(table).split('\r\n')[1]).toBe('"ReLU, ""wide""",2,0.3333333333333333,true');
  });
});

describe('the Markdown of a table', () => {
  it('is an aligned GitHub table under its title, with the caption below', () => {
    expect(encodeMarkdown(table)).toBe(
      [
        '## Table 1: eigenvalues above the gap',
        '',
        '| network           | $k$ |    ratio | agrees |',
        '| ----------------- | --: | -------: | ------ |',
        '| ReLU, "wide"      |   2 |    0.333 | yes    |',
        '| tanh\\|2<br>layers |  10 | −1.23e+3 | no     |',
        '|                   |     | 2.00e-10 |        |',
        '',
        'Medians over ten seeds.',
        '',
      ].join('\n'),
    );
  });

  it('shows integers whole and other numbers to four digits where a column has no format', () => {
    const plain = { ...table, columns: [{ header: 'a' }, { header: 'b' }], rows: [[4270, 0.123456]] };
    expect(encodeMarkdown(plain)).toContain('| 4270 | 0.1235 |');
  });
});

describe('a text in the Markdown', () => {
  const hostile = [
    '<img src=x onerror="alert(1)">',
    '</td><script>alert(1)</script><!--',
    '[here](javascript:alert(1))',
    '![here](https://example.org/spy.png)',
    '[here][there]',
    '[there]: javascript:alert(1)',
    '<javascript:alert(1)>',
    '`code` *stars* ~~struck~~ | bar \\| \\<b> \\\\<b> \\',
    '# heading',
    '- item',
    '| a |',
    '<br> one\ntwo\u2028three',
  ];

  it.each(hostile)('is no markup: %s', (text) => {
    const written = encodeMarkdown({
      ...table,
      title: text,
      caption: text,
      columns: [{ header: text }],
      rows: [[text]],
    });
    const lines = written.split('\n');
    expect(lines).toHaveLength(8);
    const unescaped = written.replaceAll(/\\[!-/:-@[-`{-~]/g, '').replaceAll('<br>', '');
    expect(unescaped).not.toMatch(/<[a-z/!]|\]\(|\]\[|\]:|`|\*\S|~~/i);
    expect(lines[4].replaceAll('\\\\', '').match(/(?<!\\)\|/g)).toHaveLength(2);
    expect(lines[6]).not.toMatch(/^[#>+=|-]/);
  });

  it.each([...hostile, 'plain', '$\\|g\\| < 3$', '1* (2*)'])('is read back as it was: %s', (text) => {
    const line = text.replaceAll('\u2028', '\n');
    expect(readMarkdownText(markdownText(text))).toBe(line);
    expect(readMarkdownText(markdownParagraph(text))).toBe(line);
  });

  it('keeps maths, intervals and stars behind numbers as they are', () => {
    for (const text of ['$k < 3$, $\\lambda_1$', '[0.3, 0.79]', '9* 9* (12*)', 'a_b'])
      expect(markdownText(text)).toBe(text);
  });
});

describe('writeTable', () => {
  it('writes both files and returns their paths', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tables-'));
    try {
      const [csv, md] = await writeTable(folder, table);
      expect([csv, md]).toEqual([join(folder, 'tables', 'table-1.csv'), join(folder, 'tables', 'table-1.md')]);
      expect(await readFile(csv, 'utf8')).toBe(encodeCsv(table));
      expect(await readFile(md, 'utf8')).toBe(encodeMarkdown(table));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each<[string, Table, string]>([
    [
      'rows of another length',
      { ...table, rows: [['a', 1]] },
      'table "table-1", row 1 must have 4 cells, one a column; found 2',
    ],
    [
      'numbers that are none',
      { ...table, rows: [['a', Number.NaN, 1, true]] },
      'row 1, column "$k$" must be a finite number, a text, a truth value or null; found NaN',
    ],
    [
      'unknown formats',
      { ...table, columns: [{ header: 'a', format: '%d' }] },
      'column "a": format must be one of d3-format, as .3g; found "%d"',
    ],
    ['no columns', { ...table, columns: [] }, 'table "table-1" has no columns'],
    ['an id that is no file name', { ...table, id: '../x' }, 'the table: id must be'],
  ])('refuses %s', async (_, bad, message) => {
    await expect(writeTable(tmpdir(), bad)).rejects.toThrow(message);
  });
});
