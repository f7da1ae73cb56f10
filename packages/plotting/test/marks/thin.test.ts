import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { renderSvg } from '../../src/index.js';
import { thinLine, thinPoints } from '../../src/marks/thin.js';
import { screePlot } from '../../src/panels/scree-plot.js';
import { figureOf, panelOf } from '../support.js';

const random = randomStream(5, 'thin');

describe('thinPoints', () => {
  it('keeps a point within half a pixel of every point', () => {
    const x = Array.from({ length: 3000 }, () => 30 * random.uniform());
    const y = Array.from({ length: 3000 }, () => 30 * random.uniform());
    const kept = thinPoints(x, y);
    expect(kept.length).toBeLessThan(2200);
    for (let i = 0; i < x.length; i++) {
      const nearest = Math.min(...kept.map((k) => Math.max(Math.abs(x[k] - x[i]), Math.abs(y[k] - y[i]))));
      expect(nearest).toBeLessThanOrEqual(0.5);
    }
  });

  it('drops nothing that stands apart', () => {
    expect(thinPoints([0, 1, 2, 100], [0, 0, 5, 3])).toEqual([0, 1, 2, 3]);
  });
});

describe('thinLine', () => {
  const x = Array.from({ length: 20000 }, (_, i) => i / 100);
  const y = x.map(() => 100 * random.uniform());
  const kept = thinLine(x, y);

  it('keeps both ends and the extremes of every half pixel', () => {
    expect(kept.length).toBeLessThanOrEqual(4 * 401);
    expect(kept[0]).toBe(0);
    expect(kept.at(-1)).toBe(x.length - 1);
    for (let column = 0; column < 400; column++) {
      const inColumn = (i: number): boolean => Math.floor(2 * x[i]) === column;
      const all = x
        .map((_, i) => i)
        .filter(inColumn)
        .map((i) => y[i]);
      const drawn = kept.filter(inColumn).map((i) => y[i]);
      expect(Math.max(...drawn)).toBe(Math.max(...all));
      expect(Math.min(...drawn)).toBe(Math.min(...all));
    }
  });

  it('keeps the order of the vertices', () => {
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
  });

  it('keeps every vertex of a line that turns back', () => {
    expect(thinLine([0, 0.1, 0.05], [1, 2, 3])).toEqual([0, 1, 2]);
  });
});

describe('a drawing of many points', () => {
  it('stays below 100 kB for a scree plot of 10,000 eigenvalues and below 300 kB for a scatter plot of 10,000 points', () => {
    const eigenvalues = random.normals(10000).map(Math.abs);
    expect(renderSvg(figureOf(screePlot(eigenvalues))).length).toBeLessThan(100_000);
    const scatter = panelOf([
      {
        kind: 'points',
        x: Array.from({ length: 10000 }, () => 4 * random.uniform()),
        y: Array.from({ length: 10000 }, () => random.uniform()),
      },
    ]);
    expect(renderSvg(figureOf(scatter)).length).toBeLessThan(300_000);
  });
});
