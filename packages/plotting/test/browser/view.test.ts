import { describe, expect, it } from 'vitest';
import { makeScale, type ResolvedAxis } from '../../src/axes/scale.js';
import {
  boundsOf,
  fittingY,
  homeAxes,
  initialView,
  otherKind,
  shownPanel,
  type View,
  zoomed,
} from '../../src/browser/view.js';
import { renderSvg } from '../../src/index.js';
import * as gallery from '../gallery/figures.js';
import { figureOf, lineMark, panelOf, pathsWith } from '../support.js';

const points = panelOf([{ kind: 'points', label: 'a', x: [-1, 0, 100], y: [1, 10, 1000] }], {
  x: { label: 'x' },
  y: { label: 'y' },
});

describe('the view of a panel', () => {
  it('begins as the figure is: the same picture, but for title and legend', () => {
    for (const make of Object.values(gallery)) {
      const figure = make();
      const bare = { ...figure, panels: figure.panels.map(({ title: _, ...panel }) => ({ ...panel, legend: 'none' })) };
      const shown = figure.panels.map((panel) =>
        shownPanel(
          panel,
          initialView(panel),
          panel.marks.map(() => true),
        ),
      );
      expect(renderSvg({ ...figure, panels: shown })).toBe(renderSvg(bare as typeof figure));
    }
  });

  it('keeps the colours and the axes of the marks that are left when others are switched off', () => {
    const panel = panelOf([lineMark([0, 1], [0, 1], 'a'), lineMark([0, 9], [0, 9], 'b')], {
      x: { label: 'x' },
      y: { label: 'y' },
    });
    const draw = (visible: boolean[]): string[] =>
      pathsWith(renderSvg(figureOf(shownPanel(panel, initialView(panel), visible))), /stroke-linejoin/);
    const [a, b] = draw([true, true]);
    expect(draw([true, false])).toEqual([a]);
    expect(draw([false, true])).toEqual([b]);
    const only = shownPanel(panel, initialView(panel), [false, true]);
    expect(only.marks.map(({ color }) => color)).toEqual([1]);
  });

  it('offers a logarithmic axis where all is positive, a symmetric one where not, and none for names', () => {
    expect(otherKind(points, 'x')).toBe('symlog');
    expect(otherKind(points, 'y')).toBe('log');
    expect(otherKind({ ...points, y: { label: 'y', scale: 'log' } }, 'y')).toBe('linear');
    expect(otherKind({ ...points, y: { label: 'y', ticks: [{ at: 1, label: 'one' }] } }, 'y')).toBeUndefined();
    // A bar that begins at 0 has no place on a logarithmic axis.
    const bars = panelOf([{ kind: 'histogram', edges: [0, 1, 2], heights: [0, 1] }]);
    expect(otherKind(bars, 'x')).toBe('symlog');
    expect(otherKind(bars, 'y')).toBe('log');
  });

  it('shows on a switched scale what a stated domain showed, where it has a place there', () => {
    const cut = panelOf(points.marks, { x: { label: 'x', domain: [1, 50] } });
    const view: View = { x: { kind: 'log' }, y: { kind: 'linear' } };
    expect(homeAxes(cut, view).x.domain).toEqual([1, 50]);
    const from = (low: number): readonly [number, number] =>
      homeAxes({ ...cut, x: { label: 'x', domain: [low, 50] } }, view).x.domain;
    expect(from(-1)[0]).toBeGreaterThan(0);
  });

  it('is bounded by all data where the figure cuts some off', () => {
    const cut = panelOf(points.marks, { x: { label: 'x', domain: [0, 50] }, y: { label: 'y', domain: [-5, 5] } });
    const { x, y } = boundsOf(cut, initialView(cut));
    expect(x.domain[0]).toBeLessThan(-1);
    expect(x.domain[1]).toBeGreaterThan(100);
    expect(y.domain).toEqual([-38.96, 1039.96].map((end) => expect.closeTo(end, 6)));
  });

  it('fits the y axis to what lies within a part of the x axis', () => {
    const [low, high] = fittingY(points, initialView(points), [-2, 1])!;
    expect(low).toBeLessThan(1);
    expect(high).toBeGreaterThan(10);
    expect(high).toBeLessThan(11);
    expect(fittingY(points, initialView(points), [2, 3])).toBeUndefined();
    const bars = panelOf([{ kind: 'histogram', edges: [0, 1, 2, 3], heights: [5, 0, 1] }]);
    const view = initialView(bars);
    expect(fittingY(bars, view, [1.5, 3])).toEqual([0, 1.04]);
    expect(fittingY(bars, view, [1.2, 1.8])).toBeUndefined();
  });
});

describe('a zoom', () => {
  const axes: readonly ResolvedAxis[] = [
    { kind: 'linear', domain: [-3, 7], linearWithin: 1 },
    { kind: 'log', domain: [1e-6, 1e3], linearWithin: 1 },
    { kind: 'symlog', domain: [-1e3, 1e5], linearWithin: 0.1 },
  ];

  it('shows what lies between two pixels, on every scale', () => {
    for (const axis of axes) {
      const scale = makeScale(axis, [0, 400]);
      for (const pixel of [0, 37, 200, 399]) expect(scale.at(scale.valueAt(pixel))).toBeCloseTo(pixel, 8);
      const domain = zoomed(scale, [300, 100], axis)!;
      const after = makeScale({ ...axis, domain }, [0, 400]);
      expect(after.at(scale.valueAt(100))).toBeCloseTo(0, 6);
      expect(after.at(scale.valueAt(200))).toBeCloseTo(200, 6);
      expect(after.at(scale.valueAt(300))).toBeCloseTo(400, 6);
    }
  });

  it('ends at the bounds on one side and where nothing is left to tell apart on the other', () => {
    for (const axis of axes) {
      const scale = makeScale(axis, [0, 400]);
      zoomed(scale, [-500, 900], axis)!.forEach((end, i) => {
        expect(end).toBeCloseTo(axis.domain[i], 10);
      });
      expect(zoomed(scale, [200, 200.0001], axis)).toBeUndefined();
      expect(zoomed(scale, [500, 900], axis)).toBeUndefined();
    }
  });
});
