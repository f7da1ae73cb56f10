import { describe, expect, it } from 'vitest';
import { legendPanels, visibleMarks } from '../../src/browser/series.js';
import { numberText, seriesName, spoken, wordingOf } from '../../src/browser/wording.js';
import type { Mark } from '../../src/index.js';
import { drawnMarks } from '../../src/marks/drawn-mark.js';
import { panelOf } from '../support.js';

describe('a number in a reading', () => {
  it.each([
    [0, '0'],
    [-3, '\u22123'],
    [1234567, '1,234,567'],
    [0.5, '0.5'],
    [0.123456789, '0.123457'],
    [-1234.5678, '\u22121,234.57'],
    [0.00012345678, '1.23457×10^{\u22124}'],
    [-6.02e23, '\u22126.02×10^{23}'],
  ])('%d is written %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });
});

describe('a reading in words', () => {
  const panel = panelOf([{ kind: 'points', x: [1], y: [2] }], {
    x: { label: '$\\lambda_{max}$' },
    y: { label: '', ticks: [{ at: 2, label: 'two' }] },
  });

  it('names the axes, and ticks that have names', () => {
    const wording = wordingOf({ mark: 0, pixel: [0, 0], x: 1e-9, y: 2 }, 'series', panel);
    expect(wording.lines).toEqual([
      { name: '$\\lambda_{max}$', value: '1×10^{\u22129}' },
      { name: 'y', value: 'two' },
    ]);
    expect(spoken(wording)).toBe('series: λmax 1e\u22129; y two');
  });
});

describe('series', () => {
  const line = (color: number, label?: string): Mark => ({
    kind: 'line',
    x: [0],
    y: [0],
    color,
    ...(label === undefined ? {} : { label }),
  });
  const band: Mark = { kind: 'band', x: [0], low: [0], high: [1], color: 1 };
  const marks = drawnMarks(panelOf([band, line(0, 'a'), line(1, 'b'), line(1), { kind: 'rule', x: 1 }]));

  it('take along what has their colour and no label, but no rule', () => {
    expect(visibleMarks(marks, marks, new Set([2]))).toEqual([false, true, false, false, true]);
    expect(visibleMarks(marks, marks, new Set([1]))).toEqual([true, false, true, true, true]);
  });

  it('keep what belongs to two of them until both are off', () => {
    const shared = drawnMarks(panelOf([line(0, 'a'), line(0, 'b'), line(0)]));
    expect(visibleMarks(shared, shared, new Set([0]))).toEqual([false, true, true]);
    expect(visibleMarks(shared, shared, new Set([0, 1]))).toEqual([false, false, false]);
  });

  it('of a panel without a legend follow the legend before it, by colour', () => {
    const first = panelOf([line(0, 'a'), line(1, 'b')]);
    const second = panelOf([line(1), line(0)]);
    const third = panelOf([line(0, 'a')], { legend: 'none' });
    expect(legendPanels([second, first, second, third])).toEqual([undefined, 1, 1, 1]);
    expect(visibleMarks(drawnMarks(second), drawnMarks(first), new Set([0]))).toEqual([true, false]);
    expect(visibleMarks(drawnMarks(third), drawnMarks(first), new Set([0]))).toEqual([false]);
  });

  it('name the marks that belong to them', () => {
    expect(marks.map((drawn) => seriesName(drawn, marks))).toEqual(['b (band)', 'a', 'b', 'b', 'rule']);
  });
});
