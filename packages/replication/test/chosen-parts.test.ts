import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { chosenParts, numbersIn } from '../src/chosen-parts.js';
import type { Experiment, Part } from '../src/experiment.js';
import { findExperiments } from '../src/find-experiments.js';

it.each([
  ['Figure 3', [3], []],
  ['Figures 2 and 3', [2, 3], []],
  ['Tables 1, 2, Figures 1-8', [1, 2, 3, 4, 5, 6, 7, 8], [1, 2]],
  ['App. H, Figures 13-19', [13, 14, 15, 16, 17, 18, 19], []],
  ['Theorem 1, Tables 1, 2, added', [], [1, 2]],
  ['Figures 9\u201312', [9, 10, 11, 12], []],
  ['Figs. 1, 2, and 4', [1, 2, 4], []],
  ['Fig. 12, Table 10', [12], [10]],
  ['Figure 6, sec. 6.4', [6], []],
  ['Figures 1 to 3, Eq. 4', [1, 2, 3], []],
  ['Table 1, n = 3', [], [1]],
  ['Footnote 3, sec. 3.2', [], []],
  ['Eqs. 6, 7, 10-12', [], []],
])('%s names the figures %j and the tables %j', (place, figures, tables) => {
  expect(numbersIn(place, 'Figure')).toEqual(figures);
  expect(numbersIn(place, 'Table')).toEqual(tables);
});

const part = (id: string, place: string) => ({ id, place }) as Part;
const experiment = {
  name: 'toy',
  parts: [
    part('section-2', 'sec. 2'),
    part('figure-3', 'Figure 3'),
    part('figures-4-5', 'Figures 4 and 5'),
    part('table-1', 'Table 1'),
    part('more-on-3', 'Figure 3, sec. 6'),
    part('figure-6', 'Figure 6'),
    part('figure-9', 'Figure 9'),
  ],
} as unknown as Experiment;

it('parts are chosen by name, figure and table together, in the order of the paper', () => {
  expect(chosenParts(experiment, {})).toBeUndefined();
  expect(chosenParts(experiment, { figures: ['3'] })).toEqual(['figure-3', 'more-on-3']);
  expect(chosenParts(experiment, { figures: ['4-6'] })).toEqual(['figures-4-5', 'figure-6']);
  expect(chosenParts(experiment, { figures: ['9', '5'], tables: ['1'], parts: ['section-2', 'table-1'] })).toEqual([
    'section-2',
    'figures-4-5',
    'table-1',
    'figure-9',
  ]);
});

it.each([
  [{ figures: ['7'] }, '--figure: toy has no Figure 7; there are Figures 3 to 6, 9'],
  [{ figures: ['5-7'] }, '--figure: toy has no Figure 7; there are Figures 3 to 6, 9'],
  [{ tables: ['2'] }, '--table: toy has no Table 2; there are Tables 1'],
  [{ figures: ['three'] }, '--figure: expected a number or a range, as 3 or 7-8; found "three"'],
  [{ figures: ['5-3'] }, '--figure: expected a number or a range, as 3 or 7-8; found "5-3"'],
  [{ figures: ['3'], parts: ['figure-2'] }, '--part: toy has no part "figure-2"; its parts are section-2, figure-3, '],
])('%j is refused by name', (chosen, message) => {
  expect(() => chosenParts(experiment, chosen)).toThrow(message);
});

const root = fileURLToPath(new URL('../../..', import.meta.url));
const papers = findExperiments(root);
const areBuilt = papers.length > 0 && papers.every(({ entry }) => existsSync(fileURLToPath(entry)));

it.skipIf(!areBuilt)(
  'every part of the papers is found by what its name says (skipped where they are not built)',
  async () => {
    const numbered = /^(figure|table)s?-(\d+)(?:-(\d+))?$/;
    let seen = 0;
    for (const paper of papers) {
      const experiment = await paper.load();
      for (const { id, place } of experiment.parts) {
        const figures = numbersIn(place, 'Figure');
        const tables = numbersIn(place, 'Table');
        expect(figures.length + tables.length > 0, `${id}: ${place}`).toBe(/Fig|Table/.test(place));
        const [, what, first, last = first] = numbered.exec(id) ?? [];
        if (what === undefined) continue;
        for (const number of [first, last]) {
          expect(chosenParts(experiment, { [`${what}s`]: [number] }), `${paper.name} ${number}`).toContain(id);
        }
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(20);
  },
);

it('an experiment without tables says so', () => {
  const untabled = { ...experiment, parts: experiment.parts.slice(0, 2) };
  expect(() => chosenParts(untabled, { tables: ['1'] })).toThrow('--table: toy has no Table 1; there are no tables');
});
