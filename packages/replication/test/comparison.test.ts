import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNpy } from '@hessian-rmt/numerics';
import type { Figure, Mark } from '@hessian-rmt/plotting';
import { describe, expect, it } from 'vitest';
import type { Claim } from '../src/claim.js';
import { compareArrays } from '../src/comparison/compare-arrays.js';
import { compareClaims } from '../src/comparison/compare-claims.js';
import { compareFigures } from '../src/comparison/compare-figures.js';
import { compareManifests } from '../src/comparison/compare-manifests.js';
import { compareNumbers } from '../src/comparison/compare-numbers.js';
import { compareTables } from '../src/comparison/compare-tables.js';
import { pairUp } from '../src/comparison/pair-up.js';
import { settingDifferences } from '../src/comparison/setting-differences.js';
import type { StoredManifest } from '../src/stored-manifest.js';
import { temporaryFolder } from './temporary.js';

const claim = (id: string, measured: number, more: Partial<Claim> = {}): Claim => ({
  id,
  place: 'Table 1',
  statement: 'it is ten',
  published: 10,
  measured,
  interval: [measured - 1, measured + 1],
  tolerance: 0.5,
  how: 'by counting',
  judgedAt: 'published',
  verdict: Math.abs(measured - 10) <= 0.5 ? 'reproduced' : 'not reproduced',
  reason: `measured ${measured}`,
  figure: null,
  ...more,
});

describe('numbers', () => {
  it('differ by the largest absolute and the largest relative difference, which may be of two numbers', () => {
    expect(compareNumbers([1, 100, 5], [1.5, 101, 5], 0)).toEqual({ count: 2, absolute: 1, relative: 0.5 / 1.5 });
  });

  it('are the same within the tolerance, relative to the larger; 0 and -0 are the same without one', () => {
    expect(compareNumbers([100, -0], [101, 0], 0.01)).toBeUndefined();
    expect(compareNumbers([100], [101], 0.0099)).toMatchObject({ count: 1 });
  });

  it('of which one is zero differ by everything, whatever their size', () => {
    expect(compareNumbers([0], [1e-300], 0.5)).toEqual({ count: 1, absolute: 1e-300, relative: 1 });
  });

  it('that are NaN in both are the same, and NaN differs from every number', () => {
    expect(compareNumbers([Number.NaN, 1], [Number.NaN, 1], 0)).toBeUndefined();
    expect(compareNumbers([Number.NaN], [1], 0)).toMatchObject({ count: 1 });
  });
});

describe('members of two lists', () => {
  it('are paired by name, then those that are left in their order', () => {
    const { pairs, onlyBefore, onlyAfter } = pairUp(['a', 'r = 1', 'b'], ['b', 'r = 2', 'a', 'c'], (name) => name);
    expect(pairs).toEqual([
      ['a', 'a'],
      ['r = 1', 'r = 2'],
      ['b', 'b'],
    ]);
    expect([onlyBefore, onlyAfter]).toEqual([[], ['c']]);
  });
});

describe('claims', () => {
  it('that moved come with verdicts first, then by the size of the shift', () => {
    const before = [claim('T1.a', 10), claim('T1.b', 20), claim('T1.c', 10.4), claim('T1.d', 3), claim('T1.gone', 1)];
    const after = [claim('T1.a', 10.2), claim('T1.b', 40), claim('T1.c', 10.6), claim('T1.d', 3), claim('T1.new', 1)];
    const compared = compareClaims(before, after, 0);
    expect(compared.moved.map(({ id, moved }) => [id, moved])).toEqual([
      ['T1.c', 'verdict'],
      ['T1.b', 'measured'],
      ['T1.a', 'measured'],
    ]);
    expect(compared.moved[1]).toMatchObject({ difference: 20, withinBoth: false });
    expect(compared.moved[2].difference).toBeCloseTo(0.2, 12);
    expect(compared.moved[2].withinBoth).toBe(true);
    expect([compared.onlyBefore, compared.onlyAfter]).toEqual([['T1.gone'], ['T1.new']]);
  });

  it('within the tolerance have not moved; another verdict always has', () => {
    const compared = compareClaims(
      [claim('T1.a', 10), claim('T1.b', 10.5)],
      [claim('T1.a', 10.001), claim('T1.b', 10.6)],
      0.5,
    );
    expect(compared.moved.map(({ id }) => id)).toEqual(['T1.b']);
  });

  it('of which only the interval or the published value changed say so', () => {
    const before = [claim('T1.a', 10), claim('T1.b', 10)];
    const after = [claim('T1.a', 10, { interval: [8, 11] }), claim('T1.b', 10, { published: 10.1 })];
    expect(compareClaims(before, after, 0).moved.map(({ moved }) => moved)).toEqual(['interval', 'stated']);
  });

  it('that were not run have neither a difference nor an interval', () => {
    const notRun = claim('T1.a', 1, { measured: null, interval: null, judgedAt: 'not-run', verdict: 'not comparable' });
    expect(compareClaims([notRun], [claim('T1.a', 10)], 0).moved).toMatchObject([
      { moved: 'verdict', difference: null, withinBoth: null },
    ]);
    expect(compareClaims([notRun], [notRun], 0).moved).toEqual([]);
  });
});

describe('figures', () => {
  const figure = (marks: readonly Mark[], more: Partial<Figure['panels'][number]> = {}): Figure => ({
    id: 'figure-1',
    title: 'T',
    caption: 'C',
    panels: [{ title: 'left', x: { label: 'x' }, y: { label: 'y' }, marks, ...more }],
  });
  const line = (x: readonly number[], y: readonly number[], label = 'law'): Mark => ({ kind: 'line', x, y, label });

  it('are the same whatever profile is written in them', () => {
    const drawn = figure([line([0, 1], [0, 1])]);
    expect(compareFigures({ ...drawn, profile: 'quick' }, { ...drawn, profile: 'laptop' }, 0)).toBeUndefined();
  });

  it('tell the panel, the series, how many points moved, and how far along each axis', () => {
    const before = figure([line([0, 5, 10], [0, 20, 40]), line([0], [0], 'still')]);
    const after = figure([line([0, 6, 10], [0, 22, 40]), line([0], [0], 'still')]);
    const { series } = compareFigures(before, after, 0)!;
    expect(series).toHaveLength(1);
    expect(series[0]).toMatchObject({ panel: 'panel "left"', series: '"law"', points: [3, 3], moved: 1 });
    expect(series[0].x).toBeCloseTo(0.1, 12);
    expect(series[0].y).toBeCloseTo(0.05, 12);
  });

  it('measure shifts on a logarithmic axis in its decades', () => {
    const logarithmic = { y: { label: 'y', scale: 'log' } as const };
    const before = figure([line([0, 1, 2], [1e-4, 1e-2, 1])], logarithmic);
    const after = figure([line([0, 1, 2], [1e-4, 1e-1, 1])], logarithmic);
    expect(compareFigures(before, after, 0)!.series[0].y).toBeCloseTo(0.25, 12);
  });

  it('let pass what moved by no more than the tolerance of the axis', () => {
    const before = figure([line([0, 1], [1e-17, 1])]);
    const after = figure([line([0, 1], [3e-17, 1])]);
    expect(compareFigures(before, after, 1e-12)).toBeUndefined();
    expect(compareFigures(before, after, 0)!.series[0].moved).toBe(1);
  });

  it('of other numbers of points are not compared point by point', () => {
    const compared = compareFigures(figure([line([0, 1], [0, 1])]), figure([line([0, 1, 2], [0, 1, 2])]), 0)!;
    expect(compared.series).toEqual([{ panel: 'panel "left"', series: '"law"', points: [2, 3], moved: 0, x: 0, y: 0 }]);
  });

  it('notice error bars, histograms, bands and rules', () => {
    const marks = (shift: number): Mark[] => [
      { kind: 'points', x: [0], y: [0], intervals: [[-1, 1 + shift]] },
      { kind: 'histogram', edges: [0, 1, 2], heights: [1, 2 + shift] },
      { kind: 'band', x: [0, 1], low: [0, 0], high: [1, 1 + shift] },
      { kind: 'rule', x: 1 + shift },
    ];
    const { series } = compareFigures(figure(marks(0)), figure(marks(0.5)), 0)!;
    expect(series.map((one) => one.series).sort()).toEqual(['band 3', 'histogram 2', 'points 1', 'rule 4']);
  });

  it('pair a series whose label holds a number that moved, and name what only one of them has', () => {
    const before = figure([line([0], [1], 'r = 0.51'), { kind: 'stem', x: [0], y: [1], label: 'stems' }]);
    const after = figure([line([0], [1], 'r = 0.52')], { legend: 'none' });
    expect(compareFigures({ ...before, caption: 'other' }, after, 0)).toEqual({
      figure: 'figure-1',
      series: [],
      onlyBefore: ['"stems" in panel "left"'],
      onlyAfter: [],
      other: ['caption', 'style', 'labels'],
    });
  });
});

describe('tables', () => {
  it('tell how many cells differ, and the one that differs most', () => {
    const before = 'name,value,text\r\na,1,x\r\n"b, c",2,y\r\n';
    const after = 'name,value,text\r\na,1.1,x\r\n"b, c",4,z\r\n';
    expect(compareTables('t', before, after, 0)).toEqual({
      table: 't',
      cells: 3,
      relative: 0.5,
      at: { row: 'b, c', column: 'value', before: '2', after: '4' },
      rows: [2, 2],
      columnsOnlyBefore: [],
      columnsOnlyAfter: [],
    });
    expect(compareTables('t', before, before, 0)).toBeUndefined();
  });

  it('are compared by header and, of other lengths, by the first cell of their rows', () => {
    const before = 'name,old,value\r\na,0,1\r\nb,0,2\r\n';
    const after = 'name,value,new\r\nb,2,0\r\nc,3,0\r\nd,4,0\r\n';
    expect(compareTables('t', before, after, 0)).toMatchObject({
      cells: 0,
      at: null,
      rows: [2, 3],
      columnsOnlyBefore: ['old'],
      columnsOnlyAfter: ['new'],
    });
  });

  it('let numbers pass within the tolerance, but no text and no empty cell', () => {
    expect(compareTables('t', 'v\r\n1\r\n', 'v\r\n1.0000001\r\n', 1e-6)).toBeUndefined();
    expect(compareTables('t', 'v,w\r\n1,a\r\n', 'v,w\r\n,b\r\n', 1)).toMatchObject({ cells: 2, relative: 0 });
  });
});

it('arrays tell how many elements differ and by how much, or that their shapes do', async () => {
  const folder = temporaryFolder();
  const file = async (name: string, values: number[]) => {
    await writeNpy(join(folder, name), { shape: [values.length], data: Float64Array.from(values) });
    return join(folder, name);
  };
  const [a, b, c] = [await file('a', [1, 2, 4]), await file('b', [1, 2.5, 5]), await file('c', [1])];
  expect(await compareArrays('x', a, a, 0)).toBeUndefined();
  expect(await compareArrays('x', a, b, 0)).toMatchObject({ elements: 2, absolute: 1, relative: 0.2 });
  expect(await compareArrays('x', a, c, 0)).toMatchObject({ elements: null, shapes: [[3], [1]] });
  writeFileSync(join(folder, 'd'), 'no array');
  await expect(compareArrays('x', a, join(folder, 'd'), 0)).rejects.toThrow(join(folder, 'd'));
});

it('settings that differ are named by their path, lists as one value unless they hold settings themselves', () => {
  const before = { n: 1, training: { epochs: 3, rate: 1 }, sizes: [1, 2], runs: [{ n: 1 }, { n: 2 }], old: true };
  const after = { n: 1, training: { epochs: 4, rate: 1 }, sizes: [1, 3], runs: [{ n: 1 }, { n: 5 }], new: null };
  expect(settingDifferences(before, after)).toEqual([
    { path: 'training.epochs', before: 3, after: 4 },
    { path: 'sizes', before: [1, 2], after: [1, 3] },
    { path: 'runs.1.n', before: 2, after: 5 },
    { path: 'old', before: true, after: 'absent' },
    { path: 'new', before: 'absent', after: null },
  ]);
  expect(settingDifferences(before, structuredClone(before))).toEqual([]);
});

describe('inputs of two runs', () => {
  const manifest: StoredManifest = {
    experiment: 'toy',
    profile: 'quick',
    seed: 1,
    parts: [{ id: 'table-1', settings: { n: 3 }, units: ['k'] }],
    units: [{ key: 'k', kind: 'squares', config: {}, repetition: 0, threads: 1, sources: 's', arrays: {} }],
    sources: 'all',
    packages: { koffi: '1' },
    node: '20',
    linearAlgebra: 'OpenBLAS 1',
    backends: [],
    datasets: [],
    files: {},
  };
  const changed = (after: Partial<StoredManifest>, processors: readonly string[] = ['A', 'A']) =>
    compareManifests(
      { manifest, record: { processor: processors[0] } },
      { manifest: { ...manifest, ...after }, record: { processor: processors[1] } },
    ).map(({ input, text }) => `${input}: ${text}`);

  it('that are the same cause nothing', () => {
    expect(changed({})).toEqual([]);
  });

  it('are listed with the likeliest cause of other numbers first', () => {
    const units = [{ ...manifest.units[0], sources: 'other' }];
    const parts = [{ ...manifest.parts[0], settings: { n: 4 } }];
    expect(changed({ seed: 2, parts, units, sources: 'other', packages: { koffi: '2' } }, ['A', 'B'])).toEqual([
      'seed: 1 became 2',
      'settings: table-1: n 3 became 4',
      'code that computes: the sources of squares changed',
      'processor: A became B',
      'packages: without koffi 1; with koffi 2',
    ]);
  });

  it('are other drawing code when only the sources of the whole changed', () => {
    expect(changed({ sources: 'other' })).toEqual([
      'code that draws: the sources of the experiment changed, but of no kind of unit that both ran',
    ]);
  });
});
