import { describe, expect, it } from 'vitest';
import { checkFigure, curves, edgeByRank, edgeByRatio, type Mark, screePlot } from '../../src/index.js';
import { figureOf } from '../support.js';

type Points = Extract<Mark, { kind: 'points' }>;

describe('screePlot', () => {
  it('shows the largest eigenvalues by rank, the largest first', () => {
    const panel = screePlot(Float64Array.of(3, -1, 10, 5), { top: 3 });
    const [points] = panel.marks as Points[];
    expect(points.x).toEqual([1, 2, 3]);
    expect(points.y).toEqual([10, 5, 3]);
    expect(panel.y.scale).toBe('log');
  });

  it('draws a cut-off across and a marker between two ranks', () => {
    const panel = screePlot([4, 3, 2], {
      cutoff: { at: 0.1, label: 'floor' },
      markers: [{ after: 2, label: 'gap' }],
      y: { scale: 'linear' },
    });
    expect(panel.marks.slice(0, 2)).toEqual([
      { kind: 'rule', y: 0.1, label: 'floor' },
      { kind: 'rule', x: 2.5, label: 'gap' },
    ]);
    expect(panel.y.scale).toBe('linear');
    expect(() => checkFigure(figureOf(panel))).not.toThrow();
  });
});

describe('edges', () => {
  const series = [
    { label: 'small', values: [1, -3, 2, -1] },
    { label: 'large', values: [5, -4, 0], size: 8 },
  ];

  it('are ordered from the smallest at the left and from the largest at the right edge', () => {
    const left = edgeByRank(series, { edge: 'left', top: 2 }).marks as Points[];
    expect(left.map(({ y }) => y)).toEqual([
      [-3, -1],
      [-4, 0],
    ]);
    expect(left[0].x).toEqual([1, 2]);
    const right = edgeByRank(series, { edge: 'right' }).marks as Points[];
    expect(right.map(({ y }) => y)).toEqual([
      [2, 1, -1, -3],
      [5, 0, -4],
    ]);
  });

  it('by ratio have rank over the size of the matrix', () => {
    const marks = edgeByRatio(series, { edge: 'left' }).marks as Points[];
    expect(marks.map(({ x }) => x)).toEqual([
      [0.25, 0.5, 0.75, 1],
      [1 / 8, 2 / 8, 3 / 8],
    ]);
    const half = edgeByRatio(series, { edge: 'left', upTo: 0.5 }).marks as Points[];
    expect(half.map(({ x }) => x.length)).toEqual([2, 3]);
  });

  it('of the same density fall on one curve by ratio and not by rank', () => {
    const quantiles = (n: number): number[] => Array.from({ length: n }, (_, i) => (i + 0.5) / n);
    const sizes = [100, 400].map((n) => ({ label: `${n}`, values: quantiles(n) }));
    const at = (marks: Points[], x: number): number[] => marks.map((mark) => mark.y[mark.x.indexOf(x)]);
    const [small, large] = at(edgeByRatio(sizes, { edge: 'left' }).marks as Points[], 0.25);
    expect(Math.abs(small - large)).toBeLessThan(1 / 100);
    const [first, second] = at(edgeByRank(sizes, { edge: 'left' }).marks as Points[], 25);
    expect(Math.abs(first - second)).toBeGreaterThan(0.15);
  });

  it('refuse a matrix smaller than its number of eigenvalues', () => {
    expect(() => edgeByRatio([{ label: 'a', values: [1, 2], size: 1 }], { edge: 'left' })).toThrow(
      'edge "a": a matrix of size 1 cannot have 2 eigenvalues',
    );
  });
});

describe('curves', () => {
  const axes = { x: { label: 'epoch' }, y: { label: 'loss' } };

  it('are lines with their bands below them, in the same colour', () => {
    const panel = curves(
      [
        { label: 'a', x: [0, 1], y: Float64Array.of(2, 3) },
        { label: 'b', x: [0, 1], y: [1, 2], low: [0, 1], high: [2, 3], dash: true, dots: true },
      ],
      axes,
    );
    expect(panel.marks).toEqual([
      { kind: 'band', color: 1, x: [0, 1], low: [0, 1], high: [2, 3] },
      { kind: 'line', color: 0, label: 'a', x: [0, 1], y: [2, 3] },
      { kind: 'line', color: 1, label: 'b', x: [0, 1], y: [1, 2], dash: true },
      { kind: 'points', color: 1, x: [0, 1], y: [1, 2], size: 4 },
    ]);
    expect(() => checkFigure(figureOf(panel))).not.toThrow();
  });

  it('refuse half a band', () => {
    expect(() => curves([{ label: 'a', x: [0], y: [1], low: [0] }], axes)).toThrow('curve 1 ("a") must have both');
  });
});
