import { expect, it } from 'vitest';
import { textTable } from '../src/text-table.js';

it('a text table aligns its columns, numbers to the right, and leaves no blanks at the ends of lines', () => {
  const rows = [
    ['name', 'n', 'state'],
    ['a', '10', ''],
    ['longer name', '9', 'good'],
  ];
  expect(textTable(rows, [1])).toEqual(['name          n  state', 'a            10', 'longer name   9  good']);
});

it('a text table of no rows has no lines', () => {
  expect(textTable([])).toEqual([]);
});
