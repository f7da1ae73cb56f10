import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { type Mark, renderSvg } from '../../src/index.js';
import { figureOf, lineMark, panelOf, pathsWith, plotSize, textsOf, vertices } from '../support.js';

interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** White grounds inside the axes: of the legend (opacity 0.85) or of the labels of rules (0.8). */
function grounds(svg: string, opacity: string): Rectangle[] {
  const rectangle =
    /<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="([\d.]+)" fill="#ffffff" fill-opacity="([\d.]+)"/g;
  return [...svg.matchAll(rectangle)]
    .filter((match) => match[5] === opacity)
    .map(([, ...numbers]) => {
      const [x, y, width, height] = numbers.map(Number);
      return { x, y, width, height };
    });
}

function meets(a: Rectangle, [x, y]: readonly [number, number]): boolean {
  return x > a.x && x < a.x + a.width && y > a.y && y < a.y + a.height;
}

describe('the legend', () => {
  it('stands in the upper right corner when that is empty', () => {
    const svg = renderSvg(figureOf(panelOf([lineMark([0, 4], [0, 0.3], 'low')])));
    const [{ x, y, width }] = grounds(svg, '0.85');
    expect(y).toBe(6);
    expect(x + width).toBeCloseTo(plotSize(svg).width - 6, 1);
  });

  it('moves to another corner when data stand there, and above the panel when they stand everywhere', () => {
    const right = renderSvg(figureOf(panelOf([lineMark([2.5, 4, 4], [1, 1, 0.4], 'right')])));
    expect(grounds(right, '0.85')[0].x).toBe(6);
    const x = Array.from({ length: 200 }, (_, i) => i / 50);
    const full = renderSvg(
      figureOf(
        panelOf([
          lineMark(
            x,
            x.map((_, i) => i % 2),
            'zigzag',
          ),
        ]),
      ),
    );
    expect(grounds(full, '0.85')).toHaveLength(0);
    expect(textsOf(full)).toContain('zigzag');
  });

  it('covers no vertex of any line when it chooses its place, for forty random walks', () => {
    const random = randomStream(1, 'legend');
    let inside = 0;
    for (let trial = 0; trial < 40; trial++) {
      const x = Array.from({ length: 150 }, (_, i) => (4 * i) / 149);
      let level = random.uniform();
      const y = x.map(() => {
        level = Math.min(1, Math.max(0, level + 0.08 * random.normal()));
        return level;
      });
      const svg = renderSvg(figureOf(panelOf([lineMark(x, y, 'a random walk')])));
      const boxes = grounds(svg, '0.85');
      inside += boxes.length;
      for (const box of boxes) {
        for (const path of pathsWith(svg, /stroke-linejoin/)) {
          for (const vertex of vertices(path)) expect(meets(box, vertex)).toBe(false);
        }
      }
    }
    expect(inside).toBeGreaterThan(20);
  });

  it('stands where the panel says', () => {
    const marks = [lineMark([0, 4], [0, 1], 'diagonal')];
    const at = (legend: 'bottom-left' | 'none' | 'above'): string => renderSvg(figureOf(panelOf(marks, { legend })));
    const [{ x, y, height }] = grounds(at('bottom-left'), '0.85');
    expect(x).toBe(6);
    expect(y + height).toBeCloseTo(plotSize(at('bottom-left')).height - 6, 1);
    expect(textsOf(at('none'))).not.toContain('diagonal');
    expect(grounds(at('above'), '0.85')).toHaveLength(0);
    expect(textsOf(at('above'))).toContain('diagonal');
  });
});

describe('labels of rules', () => {
  const rules = (values: readonly number[]): Mark[] => values.map((x) => ({ kind: 'rule', x, label: `edge at ${x}` }));

  it('stand beside their rules, inside the axes and clear of each other, also where rules are close', () => {
    const values = [0.02, 1, 1.05, 1.1, 2, 3.98];
    const level: Mark = { kind: 'rule', y: 0.5, label: 'level' };
    const svg = renderSvg(figureOf(panelOf([lineMark([0, 4], [0, 0.1]), ...rules(values), level])));
    const { width, height } = plotSize(svg);
    const boxes = grounds(svg, '0.8');
    expect(boxes).toHaveLength(7);
    boxes.forEach((a, i) => {
      expect(a.x).toBeGreaterThanOrEqual(0);
      expect(a.y).toBeGreaterThanOrEqual(0);
      expect(a.x + a.width).toBeLessThanOrEqual(width);
      expect(a.y + a.height).toBeLessThanOrEqual(height);
      if (i < 6) {
        const rule = (values[i] / 4) * width;
        const distance = Math.max(a.x - rule, rule - a.x - a.width);
        expect(distance).toBeCloseTo(2, 1);
      }
      for (const b of boxes.slice(i + 1)) {
        const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(apart).toBe(true);
      }
    });
  });

  it('are left out with their rules beyond the domain', () => {
    const svg = renderSvg(figureOf(panelOf([lineMark([0, 4], [0, 1]), ...rules([7])])));
    expect(textsOf(svg)).not.toContain('edge at 7');
    expect(pathsWith(svg, /stroke-dasharray/)).toHaveLength(0);
  });
});
