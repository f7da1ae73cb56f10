import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { projectRoot } from '../../src/find-experiments.js';
import { judge } from '../../src/judge.js';
import { foundHeadings } from '../../src/report/found-headings.js';
import { likeClaims, whyNotCompared } from '../../src/report/like-claims.js';
import { anchorOf } from '../../src/report/markdown.js';
import { readPaperCards } from '../../src/report/paper-card.js';
import { withClaimsTable } from '../../src/report/readme-table.js';
import { replicationReport } from '../../src/report/replication-report.js';
import { Project } from '../project.js';
import { temporaryFolder } from '../temporary.js';

const published = { place: 'Table 1', because: 'the paper says so', atPublishedSize: true };
const small = { place: 'Table 1', because: 'the paper says so', atPublishedSize: false };
const difference = 'widths 4, 8, 16 and no more images than this machine holds';
const count = (id: string, value: number, measured: number) =>
  judge.count({ ...published, id, statement: `there are ${value}`, published: value, samples: [measured], within: 1 });
const order = (id: string, by: number) =>
  judge.order({
    ...small,
    difference,
    id,
    statement: 'a is larger',
    larger: { name: 'a', samples: [1 + by] },
    smaller: { name: 'b', samples: [1] },
  });
const unlike = judge.value({
  ...small,
  difference,
  id: 'S5.size',
  statement: 'it is 7',
  published: 7,
  samples: [3],
  within: { absolute: 1 },
});
const claims = [
  count('S4.k-2', 2, 2),
  count('S4.k-5', 5, 9),
  count('S4.k-10', 10, 30),
  order('S4.order', -1),
  unlike,
  order('S5.order-1', -1),
  order('S6.order', 1),
  count('X1.added', 3, 3),
];
const card = {
  experiment: 'toy',
  name: 'Toy | et al.',
  order: 1,
  title: 'On toys',
  authors: 'T. Oy',
  year: 2020,
  at: 'arXiv 0000.00000',
  answer: 'In part: counts hold | rows do not.',
  groups: { S4: 'Table 1: counts', S5: 'Section 5', S6: 'Section 6', X1: 'Added here: more counts' },
};
const found = [
  { text: 'What was found', level: 2 },
  { text: 'Widths, & why', level: 3 },
];
const paper = { card, folder: 'laptop', claims, found };

describe('claims that are alike', () => {
  it('are those of one row whose comparison differs in numbers alone, told by the one that is farthest off', () => {
    const groups = likeClaims(claims.filter(({ verdict }) => verdict === 'not reproduced'));
    expect(groups.map(({ telling, claims: members }) => [telling.id, members.length])).toEqual([
      ['S4.k-10', 2],
      ['S4.order', 1],
      ['S5.order-1', 1],
    ]);
  });

  it('say why they were not compared without what was measured all the same', () => {
    expect(whyNotCompared(unlike)).toBe(`not the published run: ${difference}`);
    expect(whyNotCompared(count('S4.k-2', 2, 2))).toBe(undefined);
  });
});

describe('the replication report', () => {
  const report = replicationReport([paper]);

  it('counts claims by paper and row, additions apart', () => {
    expect(report).toContain('| [Toy \\| et al.](#toy--et-al-on-toys) | 7 | 2 | 4 | 1 |');
    expect(report).toContain('| [What was added](#what-was-added) | 1 | 1 |  |  |');
    expect(report).toContain('| all | 8 | 3 | 4 | 1 |');
    expect(report).toContain('| S4 | Table 1: counts | 1 | 3 |  |');
    expect(report).toContain('Of 6 claims that could be judged, 2 were reproduced (33 %); 1 could not be compared.');
    expect(report).toContain('Nothing failed in S6. Nothing was reproduced of S5.');
  });

  it('begins with the answer of the card, where it has one', () => {
    expect(report).toContain('In part: counts hold \\| rows do not.\n\nOf 6 claims that could be judged');
    const { answer: _, ...withoutAnswer } = card;
    expect(replicationReport([{ ...paper, card: withoutAnswer }])).not.toContain('In part');
  });

  it('tells failures with their numbers, and what a run differs in once', () => {
    expect(report).toContain(
      '- **S4**, 2 claims, as there are 10: measured 30, published 10, allowed ±1. Others: 9 (published 5).',
    );
    const section = report.slice(report.indexOf('### What was not reproduced'), report.indexOf('### What could not'));
    expect(section.split(difference)).toHaveLength(2);
    expect(report).toContain(`- **S5** it is 7: not the published run: ${difference}.`);
  });

  it('links to what was found', () => {
    expect(report).toContain('[what was found](../experiments/toy/README.md#what-was-found)');
    expect(report).toContain('Explanations: [widths, & why](../experiments/toy/README.md#widths--why).');
  });

  it('tells what additions showed, and what X4 is', () => {
    expect(report).toContain('### X1: more counts');
    expect(report).toContain('1 of 1 judged claims hold.');
    expect(report).toContain('8 claims, 5 of them with a published number or formula; 8 were measured');
  });
});

test('the headings under which something was found end with their section', () => {
  const root = temporaryFolder();
  mkdirSync(join(root, 'experiments/toy'), { recursive: true });
  const readme =
    '# toy\n## Use\n## What was noticed\n```sh\n## not a heading\n```\n### One\n### Two\n## Changed\n### Three\n';
  writeFileSync(join(root, 'experiments/toy/README.md'), readme);
  expect(foundHeadings(root, 'toy').map(({ text }) => text)).toEqual(['What was noticed', 'One', 'Two']);
  expect(foundHeadings(root, 'none')).toEqual([]);
});

test('a README without the marks of the table is refused', () => {
  expect(() => withClaimsTable('# toy', [paper])).toThrow('expected the marks <!-- claims --> and <!-- /claims -->');
  const table = withClaimsTable('<!-- claims -->\nold\n<!-- /claims -->\nend', [paper]);
  expect(table).toMatch(/^<!-- claims -->\n\| paper \|.*\n.*\n\| Toy \\\| et al\. \| Table 1: counts \| 1 \| 3 \|/);
  expect(table).toMatch(/<!-- \/claims -->\nend$/);
});

describe('paper.json', () => {
  it.each([
    ['{', /paper\.json: not JSON/],
    ['{"name": 1}', /paper\.json: "name": expected a text, found 1/],
    [
      '{"name": "a", "title": "b", "authors": "c", "at": "d", "order": 1, "year": 1}',
      /"groups": expected a text for each row/,
    ],
    [
      '{"name": "a", "title": "b", "authors": "c", "at": "d", "order": 1, "year": 1, "groups": {"S1": "e"}, "answer": 1}',
      /"answer": expected a text or nothing, found 1/,
    ],
  ])('%s is refused by name', (text, message) => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'experiments/toy'), { recursive: true });
    writeFileSync(join(root, 'experiments/toy/paper.json'), text);
    expect(() => readPaperCards(root)).toThrow(message);
  });

  it('says of the four papers what their experiments say, and has a line for every row of their ledgers', async () => {
    const root = projectRoot();
    for (const own of readPaperCards(root)) {
      const { paper: stated } = (await import(join(root, 'experiments', own.experiment, 'src/index.ts'))).default;
      expect(own).toMatchObject(stated);
      const ledger = join(root, 'results', own.experiment, 'laptop/claims.json');
      if (!existsSync(ledger)) continue;
      const rows = new Set(JSON.parse(readFileSync(ledger, 'utf8')).map(({ id }: { id: string }) => id.split('.')[0]));
      expect(Object.keys(own.groups).sort()).toEqual([...rows].sort());
    }
  });
});

test('every heading that the committed report links to is there', () => {
  const file = join(projectRoot(), 'docs/replication-report.md');
  const dead: string[] = [];
  for (const [, target, anchor] of readFileSync(file, 'utf8').matchAll(/\]\(([^)#\s]*)#([^)\s]+)\)/g)) {
    const text = readFileSync(target === '' ? file : join(dirname(file), target), 'utf8');
    const anchors = [...text.matchAll(/^#+ +(.+?)\s*$/gm)].map(([, heading]) => anchorOf(heading));
    if (!anchors.includes(anchor)) dead.push(`${target}#${anchor}`);
  }
  expect(dead).toEqual([]);
});

describe('hessian-rmt report', () => {
  it('writes the page and the Markdown, checks them, and says what is not current', async () => {
    const project = new Project([]);
    writeFileSync(join(project.root, 'README.md'), '<!-- claims -->\n<!-- /claims -->\n');
    project.store('toy', 'laptop', claims);
    const files = ['--markdown', 'report.md', '--readme', 'README.md'];
    expect(await project.run('report', ...files, '--check')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/not what the ledgers in results.*laptop say: report\.md, README\.md/),
    });
    expect(existsSync(join(project.root, 'results/index.html'))).toBe(false);
    const written = await project.run('report', ...files);
    expect(written.stdout).toBe('results/index.html written\nreport.md written\nREADME.md written\n');
    expect(await project.run('report', ...files, '--check')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await project.run('report')).stdout).toBe('results/index.html is current\n');
    expect(readFileSync(join(project.root, 'report.md'), 'utf8')).toMatch(/^# Replication report/);
    project.remove();
  });

  it.each([
    [['--check'], 2, /--check: expected --markdown or --readme with it, found neither/],
    [['--markdown', 'a.md'], 1, /no results in results.*laptop; npx hessian-rmt reproduce --profile laptop makes them/],
    [['--profile', 'big'], 2, /--profile: expected smoke, quick, laptop or paper, found "big"/],
  ])('refuses %j', async (args, code, message) => {
    const project = new Project([]);
    const outcome = await project.run('report', ...args);
    expect(outcome).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) });
    project.remove();
  });
});
