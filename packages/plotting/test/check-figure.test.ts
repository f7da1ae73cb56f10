import { describe, expect, it } from 'vitest';
import { checkFigure, type Mark, type Panel, renderSvg } from '../src/index.js';
import { figureOf, lineMark, panelOf } from './support.js';

const good = panelOf([lineMark([0, 1], [0, 1], 'good')]);

/** A figure whose second panel has this as its second mark. */
function withMark(mark: unknown, rest: Partial<Panel> = {}) {
  return figureOf(good, panelOf([lineMark([0, 1], [0, 1]), mark as Mark], rest));
}

const log = { label: 'y', scale: 'log' } as const;

describe('a figure that cannot be drawn is refused with figure, panel and mark:', () => {
  it.each<[string, unknown, string]>([
    [
      'a value that is not a number',
      withMark(lineMark([0, 1], [0, Number.NaN], 'law')),
      'figure "test", panel 2, mark 2 (line "law"): y[1] must be a finite number; found NaN',
    ],
    [
      'an infinite value',
      withMark({ kind: 'stem', x: [Number.POSITIVE_INFINITY], y: [0] }),
      'panel 2, mark 2 (stem): x[0] must be a finite number; found Infinity',
    ],
    [
      'null in an array, as JSON writes NaN',
      withMark(lineMark([0], [null as unknown as number])),
      'y[0] must be a finite number; found null',
    ],
    [
      'arrays of different length',
      withMark(lineMark([0, 1], [0])),
      'mark 2 (line): y must be as long as x (2); found an array of 1',
    ],
    [
      'a typed array',
      withMark({ kind: 'line', x: new Float64Array(2), y: [0, 1] }),
      'x must be an array of numbers; found a Float64Array (use Array.from)',
    ],
    [
      'too few edges',
      withMark({ kind: 'histogram', edges: [0], heights: [1, 2] }),
      'edges must be one more than the 2 heights; found an array of 1',
    ],
    [
      'edges that do not ascend',
      withMark({ kind: 'histogram', edges: [0, 1, 1], heights: [1, 2] }),
      'edges[2] must be above the edge before it (1); found 1',
    ],
    [
      'bars on a log axis at 0',
      withMark({ kind: 'histogram', edges: [0, 1], heights: [1] }, { x: log }),
      'edges must be positive on a log axis; found 0',
    ],
    [
      'bars below 0 on a log axis',
      withMark({ kind: 'histogram', edges: [0, 1], heights: [-1] }, { y: log }),
      'heights[0] must be at least 0 on a log axis; found -1',
    ],
    [
      'a band upside down',
      withMark({ kind: 'band', x: [0], low: [2], high: [1] }),
      'low[0] must be at most high (1); found 2',
    ],
    [
      'an interval upside down',
      withMark({ kind: 'points', x: [0], y: [0], intervals: [[1, 0]] }),
      'intervals[0] must be [low, high]; found [1, 0]',
    ],
    [
      'too few intervals',
      withMark({ kind: 'points', x: [0, 1], y: [0, 1], intervals: [[0, 1]] }),
      'intervals must be as many as points (2); found an array of 1',
    ],
    ['a rule at x and y', withMark({ kind: 'rule', x: 1, y: 1 }), 'mark 2 (rule) must stand at x or at y; found both'],
    [
      'a rule nowhere',
      withMark({ kind: 'rule', label: 'edge' }),
      'mark 2 (rule "edge") must stand at x or at y; found neither',
    ],
    [
      'a rule at 0 on a log axis',
      withMark({ kind: 'rule', y: 0 }, { y: log }),
      'y must be positive on a log axis; found 0',
    ],
    [
      'an unknown kind',
      withMark({ kind: 'pie' }),
      'figure "test", panel 2, mark 2: kind must be one of histogram, line, points, stem, band, rule; found "pie"',
    ],
    [
      'a misspelt option',
      withMark({ kind: 'line', x: [0], y: [0], dashed: true }),
      'mark 2 (line) has a field "dashed"; known are kind, label, color, x, y, dash',
    ],
    [
      'a colour that the palette lacks',
      withMark({ kind: 'line', x: [0], y: [0], color: 'red' }),
      'color must be a number of the palette from 0, or "muted"; found "red"',
    ],
    ['an empty label', withMark(lineMark([0], [0], '')), 'mark 2 (line ""): label must be a text, or absent; found ""'],
    [
      'a formula without an end',
      withMark(lineMark([0], [0], '$x')),
      'mark 2 (line "$x"): label: "$" without a second "$"',
    ],
    [
      'a panel of rules only',
      figureOf(good, panelOf([{ kind: 'rule', x: 1 }])),
      'figure "test", panel 2 is empty: no mark but rules has data',
    ],
    ['a panel of empty arrays', figureOf(panelOf([lineMark([], [])])), 'panel 1 is empty'],
    ['no panel', figureOf(), 'figure "test": panels must be at least one panel; found an array of 0'],
    [
      'a log axis without positive values',
      figureOf(panelOf([lineMark([0, 1], [0, -1])], { y: log })),
      'panel 1: y axis is logarithmic, but no value of a mark is positive',
    ],
    [
      'a log axis from 0',
      withMark(lineMark([1], [1]), { y: { ...log, domain: [0, 1] } }),
      'panel 2: y axis: domain must be positive on a log axis; found [0, 1]',
    ],
    [
      'a domain upside down',
      withMark(lineMark([1], [1]), { x: { label: 'x', domain: [1, 1] } }),
      'x axis: domain must be two numbers, the lower first; found [1, 1]',
    ],
    [
      'an unknown scale',
      withMark(lineMark([1], [1]), { x: { label: 'x', scale: 'sqrt' as 'log' } }),
      'scale must be one of linear, log, symlog; found "sqrt"',
    ],
    ['an id that is no file name', { ...figureOf(good), id: 'a/b' }, 'the figure: id must be letters'],
    ['something else', [], 'the figure must be an object; found an array of 0'],
  ])('%s', (_, figure, message) => {
    expect(() => checkFigure(figure)).toThrow(message);
    expect(() => renderSvg(figure as never)).toThrow(message);
  });
});

describe('a figure that can be drawn', () => {
  it('may have marks without data beside others', () => {
    expect(() => checkFigure(figureOf(panelOf([lineMark([0, 1], [0, 1]), lineMark([], [], 'none')])))).not.toThrow();
  });

  it('survives JSON', () => {
    expect(() => checkFigure(JSON.parse(JSON.stringify(figureOf(good))))).not.toThrow();
  });
});
