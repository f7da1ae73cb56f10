import { describe, expect, it } from 'vitest';
import { makeScale } from '../../src/axes/scale.js';
import { nearestReading, type Reading, readingsOf } from '../../src/browser/reading.js';
import type { Mark } from '../../src/index.js';
import type { PlotArea } from '../../src/marks/draw-marks.js';

/** 100 pixels wide and high; a pixel is a unit of x, and y runs from 100 at the top to 0. */
const plot: PlotArea = {
  width: 100,
  height: 100,
  x: makeScale({ kind: 'linear', domain: [0, 100], linearWithin: 1 }, [0, 100]),
  y: makeScale({ kind: 'linear', domain: [0, 100], linearWithin: 1 }, [100, 0]),
};
const logPlot: PlotArea = { ...plot, y: makeScale({ kind: 'log', domain: [1, 100], linearWithin: 1 }, [100, 0]) };

const bars: Mark = { kind: 'histogram', edges: [0, 20, 40, 100], heights: [10, 50, 0] };
const line: Mark = { kind: 'line', x: [0, 100], y: [0, 100] };
const dots: Mark = {
  kind: 'points',
  x: [30, 50, 150],
  y: [52, 50, 50],
  intervals: [
    [50, 54],
    [50, 50],
    [50, 50],
  ],
};

const at = (marks: readonly Mark[], x: number, y: number, area = plot): Reading | undefined =>
  nearestReading(marks, area, [x, 100 - y]);

describe('the nearest reading', () => {
  it('is the bin under the pointer, also above its bar and where it is empty', () => {
    expect(at([bars], 25, 30)).toMatchObject({ index: 1, x: [20, 40], y: 50, pixel: [30, 50] });
    expect(at([bars], 10, 90)).toMatchObject({ x: [0, 20], y: 10 });
    expect(at([bars], 70, 20)).toMatchObject({ x: [40, 100], y: 0, pixel: [70, 100] });
  });

  it('is what lies over a bar where that is near, and else the bar', () => {
    expect(at([bars, dots], 30, 47)).toMatchObject({ mark: 1, x: 30, y: 52, interval: [50, 54] });
    expect(at([bars, dots], 30, 20)).toMatchObject({ mark: 0, y: 50 });
  });

  it('is on the line between vertices that are far away, and a vertex that is near', () => {
    const between = at([line], 60, 40)!;
    expect(between).toMatchObject({ between: true, x: expect.closeTo(50, 8), y: expect.closeTo(50, 8) });
    expect(between.index).toBeUndefined();
    expect(at([line], 97, 99)).toMatchObject({ index: 1, x: 100, y: 100 });
  });

  it('takes the value between vertices where the line is drawn: straight on the axes, whatever their scales', () => {
    const decades: Mark = { kind: 'line', x: [0, 100], y: [1, 100] };
    expect(at([decades], 50, 50, logPlot)).toMatchObject({ x: expect.closeTo(50, 8), y: expect.closeTo(10, 8) });
  });

  it('has the rims of a band, the head of a stem, and the value of a rule', () => {
    const band: Mark = { kind: 'band', x: [0, 50, 100], low: [10, 20, 30], high: [40, 50, 60] };
    expect(at([band], 55, 30)).toMatchObject({ index: 1, x: 50, y: [20, 50] });
    const y = [expect.closeTo(25, 8), expect.closeTo(55, 8)];
    expect(at([band], 75, 30)).toMatchObject({ x: 75, y, pixel: [75, expect.closeTo(60, 8)], between: true });
    const stems: Mark = { kind: 'stem', x: [10, 50], y: [90, 60] };
    expect(at([stems], 47, 10)).toMatchObject({ index: 1, x: 50, y: 60, pixel: [50, 40] });
    const rule: Mark = { kind: 'rule', y: 70 };
    const reading = at([rule], 33, 72)!;
    expect(reading).toMatchObject({ y: 70, pixel: [33, expect.closeTo(30, 8)] });
    expect(reading.x).toBeUndefined();
  });

  it('is never of what the axes do not show', () => {
    expect(at([dots], 100, 50)).toMatchObject({ x: 50 });
    const hidden: Mark = { kind: 'points', x: [10, 90], y: [0, 10] };
    expect(at([hidden], 10, 0, logPlot)).toMatchObject({ x: 90 });
    expect(at([{ kind: 'points', x: [200], y: [0] }], 50, 50)).toBeUndefined();
  });
});

describe('the readings of a mark', () => {
  it('are in sight, from left to right, without empty bins', () => {
    expect(readingsOf(bars, 0, plot).map(({ index }) => index)).toEqual([0, 1]);
    const back: Mark = { kind: 'line', x: [80, 20, 120, 50], y: [1, 2, 3, 4] };
    expect(readingsOf(back, 2, plot).map(({ index, mark }) => [index, mark])).toEqual([
      [1, 2],
      [3, 2],
      [0, 2],
    ]);
  });

  it('give a bar that sticks out of the area the middle of what is seen', () => {
    const wide: Mark = { kind: 'histogram', edges: [-100, 50, 200], heights: [500, 10] };
    expect(readingsOf(wide, 0, plot).map(({ pixel }) => pixel)).toEqual([
      [25, 0],
      [75, 90],
    ]);
  });
});
