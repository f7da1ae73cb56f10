import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, type Table, writeFigure, writeTable } from '@hessian-rmt/plotting';
import type { Claim } from '../../src/claim.js';
import { judge } from '../../src/judge.js';
import { claimsMarkdown } from '../../src/ledger.js';

/** What an attacker, or a careless author, might call things. None of it may become markup. */
export const hostile = '"><img src=x onerror="document.title=1"><script>document.title=1</script>';
/** The same as the name of a folder, which holds no slash. */
export const hostileFolder = '"><img src=x onerror=alert(1)>';

const stated = { because: 'the paper says so', atPublishedSize: true };
const claims: readonly Claim[] = [
  judge.count({
    ...stated,
    id: 'T1.large.k-3',
    place: 'Figure 1',
    statement: 'three large eigenvalues',
    figure: 'figures/figure-1.svg',
    published: 3,
    samples: [3, 3, 4],
    within: 0,
  }),
  judge.value({
    ...stated,
    id: 'T1.gap',
    place: 'Figure 1',
    statement: `the gap is wide ${hostile}`,
    figure: 'figures/figure-1.svg',
    published: { expression: 'a / 2', scope: { a: 4 } },
    samples: [7],
    within: { absolute: 0.5 },
  }),
  judge.notRun({ id: 'T2.whole', place: 'Table 2', statement: 'the whole set', published: 5, why: 'no images' }),
];

/** A spectrum of ten bins and one outlier, with a label that is no maths and no markup. */
export const figure: Figure = {
  id: 'figure-1',
  title: 'Figure 1: a bulk and an outlier',
  caption: `A caption ${hostile.replaceAll('"', '')}`,
  profile: 'laptop',
  panels: [
    {
      x: { label: 'eigenvalue', domain: [0, 11] },
      y: { label: 'density' },
      marks: [
        {
          kind: 'histogram',
          label: '<b>bulk</b>',
          edges: Array.from({ length: 12 }, (_, i) => i),
          heights: [0.4, 0.3, 0.2, 0.05, 0, 0, 0, 0, 0, 0, 0.05],
        },
      ],
    },
  ],
};

export const table: Table = {
  id: 'table-1',
  title: 'Table 1: counts',
  caption: 'What was counted.',
  columns: [{ header: 'network' }, { header: 'count | all', format: '.1f' }],
  rows: [
    ['b', 10.25],
    [hostile, 9.5],
    ['c', null],
  ],
};

/** A repository with results of two experiments: `toy` at laptop, smoke and changed, and one whose name is hostile. */
export async function writeResultsFixture(root: string): Promise<void> {
  mkdirSync(join(root, 'experiments/toy/src'), { recursive: true });
  writeFileSync(join(root, 'experiments/toy/src/figure-1.ts'), '');
  writeFileSync(join(root, 'experiments/toy/paper.json'), JSON.stringify(card));
  await writeResults(root, 'toy', 'laptop', { profile: 'laptop' });
  await writeResults(root, 'toy', 'smoke', { profile: 'smoke' });
  await writeResults(root, 'toy', 'wide', { profile: 'quick', changed: { width: 20, name: hostile } });
  await writeResults(root, hostileFolder, 'quick', { profile: 'quick' });
}

export const card = {
  name: 'Toy et al.',
  order: 1,
  title: `On toys ${hostile}`,
  authors: 'T. Oy',
  year: 2020,
  at: 'arXiv 0000.00000',
  answer: `In outline, yes ${hostile}`,
  groups: { T1: 'Figure 1: a spectrum', T2: `Table 2 ${hostile}` },
};

async function writeResults(root: string, experiment: string, folder: string, manifest: object): Promise<void> {
  const directory = join(root, 'results', experiment, folder);
  mkdirSync(directory, { recursive: true });
  await writeFigure(directory, figure);
  await writeTable(directory, table);
  writeFileSync(join(directory, 'claims.json'), JSON.stringify(claims));
  writeFileSync(join(directory, 'claims.md'), claimsMarkdown(claims));
  const parts = [
    {
      id: 'figure-1',
      place: 'Figure 1',
      module: 'src/figure-1.ts',
      figures: ['figures/figure-1.svg'],
      claims: ['T1.gap'],
    },
  ];
  const datasets = [{ name: hostile, checksum: 'abc' }];
  const command = `npx hessian-rmt reproduce ${experiment}`;
  const whole = { command, seed: 1, parts, datasets, packages: { mathjs: '1.0.0' }, ...manifest };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(whole));
  const kinds = { squares: { units: 2, seconds: 3, longest: 2 } };
  writeFileSync(join(directory, 'run.json'), JSON.stringify({ seconds: 5, processor: hostile, kinds }));
}
