import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeTable } from '@hessian-rmt/plotting';
import { expect, it } from 'vitest';
import { readTable } from '../../src/page/read-table.js';
import { temporaryFolder } from '../temporary.js';

it('reads back what plotting writes: texts as printed, values in full', async () => {
  const folder = temporaryFolder();
  await writeTable(folder, {
    id: 't',
    title: 'A | B',
    caption: 'One.\nTwo.',
    columns: [{ header: 'a | b' }, { header: 'n', format: '.2f' }, { header: 'yes' }],
    rows: [
      ['x | y, "z"', 1 / 3, true],
      ['two\nlines', null, false],
    ],
  });
  const text = (extension: string) => readFileSync(join(folder, `tables/t.${extension}`), 'utf8');
  expect(readTable('t', text('md'), text('csv'))).toEqual({
    id: 't',
    title: 'A | B',
    caption: 'One.\nTwo.',
    header: ['a | b', 'n', 'yes'],
    numeric: [false, true, false],
    cells: [
      ['x | y, "z"', '0.33', 'yes'],
      ['two\nlines', '', 'no'],
    ],
    values: [
      ['x | y, "z"', String(1 / 3), 'true'],
      ['two\nlines', '', 'false'],
    ],
  });
});

it('refuses files that are not of one table', () => {
  expect(() => readTable('t', '## T\n\n| a |\n| --- |\n| 1 |\n', 'a\r\n1\r\n2\r\n')).toThrow(
    /table t: the CSV and the Markdown/,
  );
  expect(() => readTable('t', 'nothing', '')).toThrow(/table t/);
});
