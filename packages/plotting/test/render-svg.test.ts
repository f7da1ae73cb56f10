import { describe, expect, it } from 'vitest';
import { type Figure, type Mark, renderSvg } from '../src/index.js';
import { palette } from '../src/style.js';
import * as gallery from './gallery/figures.js';
import { figureOf, lineMark, panelOf, pathsWith, plotSize, textsOf, vertices } from './support.js';

const drawings = Object.values(gallery).map((make) => renderSvg(make()));

describe('renderSvg', () => {
  it('gives the same bytes for the same figure', () => {
    Object.values(gallery).forEach((make, i) => {
      expect(renderSvg(make())).toBe(drawings[i]);
    });
  });

  it('is XML whatever characters a text has', () => {
    const text = 'a\u0000b\u001bc\ud800d\uffffe\ud83d\ude00<f>&g"';
    const figure = figureOf({ ...panelOf([{ ...lineMark([0, 1], [0, 1]), label: text }]), title: text });
    const svg = renderSvg({ ...figure, title: text, caption: text });
    expect(svg).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
    expect(svg).toContain('a\ufffdb\ufffdc\ufffdd\ufffde\u{1f600}');
    expect(svg).toContain('&lt;f&gt;&amp;g');
  });

  it('writes coordinates with two decimals at most, and no ids', () => {
    for (const svg of drawings) {
      const elements = svg.match(/<[^>]*>/g)!.join('');
      expect(elements).not.toMatch(/\d\.\d{3}/);
      expect(elements).not.toMatch(/\sid=/);
    }
  });

  it('puts the vertices of a line where the axes say', () => {
    const x = [0, 0.5, 1.7, 4];
    const y = [0.1, 0.9, 0.3, 1];
    const svg = renderSvg(figureOf(panelOf([lineMark(x, y)])));
    const { width, height } = plotSize(svg);
    const drawn = vertices(pathsWith(svg, /stroke-linejoin/)[0]);
    expect(drawn).toHaveLength(4);
    drawn.forEach(([px, py], i) => {
      expect(px).toBeCloseTo((x[i] / 4) * width, 1);
      expect(py).toBeCloseTo((1 - y[i]) * height, 1);
    });
  });

  it('draws a law through the middles of the bars that are made from it, also on a log axis', () => {
    const edges = Array.from({ length: 41 }, (_, i) => i / 10);
    const middles = edges.slice(1).map((edge) => edge - 0.05);
    const density = (x: number): number => Math.exp(-x);
    for (const scale of ['linear', 'log'] as const) {
      const domain: [number, number] = scale === 'log' ? [1e-3, 1] : [0, 1];
      const marks: Mark[] = [
        { kind: 'histogram', edges, heights: middles.map(density) },
        lineMark(middles, middles.map(density)),
      ];
      const svg = renderSvg(figureOf(panelOf(marks, { y: { label: 'y', scale, domain } })));
      const { width, height } = plotSize(svg);
      const line = vertices(pathsWith(svg, /stroke-linejoin/)[0]);
      const bars = vertices(pathsWith(svg, /fill-opacity="0.25"/)[0]);
      line.forEach(([px, py], i) => {
        expect(px).toBeCloseTo((middles[i] / 4) * width, 1);
        // Vertices of the outline: a foot, then two at the top of each bar.
        const [left, right] = [bars[1 + 2 * i], bars[2 + 2 * i]];
        expect(left[1]).toBe(right[1]);
        expect((left[0] + right[0]) / 2).toBeCloseTo(px, 1);
        expect(left[1]).toBeCloseTo(py, 5);
        const expected = scale === 'log' ? -middles[i] / Math.log(1e3) : density(middles[i]) - 1;
        expect(py).toBeCloseTo(-expected * height, 1);
      });
    }
  });

  it('leaves empty bins of a log histogram on the floor and closes the bars around them', () => {
    const marks: Mark[] = [{ kind: 'histogram', edges: [0, 1, 2, 3, 4], heights: [0.1, 0, 0, 1] }];
    const svg = renderSvg(figureOf(panelOf(marks, { y: { label: 'y', scale: 'log', domain: [0.01, 1] } })));
    const { width, height } = plotSize(svg);
    const [outline] = pathsWith(svg, /fill-opacity="0.25"/);
    const [first, second] = outline.split('Z');
    expect(vertices(first).map(([x]) => x)).toEqual([0, 0, width / 4, width / 4].map((x) => expect.closeTo(x, 1)));
    expect(vertices(first).map(([, y]) => y)).toEqual([height, height / 2, height / 2, height]);
    expect(vertices(second)[0]).toEqual([expect.closeTo(0.75 * width, 1), height]);
  });

  it('draws error bars from their lower to their upper end', () => {
    const marks: Mark[] = [{ kind: 'points', x: [1], y: [0.5], intervals: [[0.2, 0.9]] }];
    const svg = renderSvg(figureOf(panelOf(marks)));
    const { width, height } = plotSize(svg);
    const [bar] = pathsWith(svg, /stroke-width="1.1"/);
    const [from, to] = vertices(bar.split('M')[1].replace(/^/, 'M'));
    expect(from).toEqual([expect.closeTo(width / 4, 1), expect.closeTo(0.8 * height, 1)]);
    expect(to[1]).toBeCloseTo(0.1 * height, 1);
  });

  it('draws no point beyond the domain', () => {
    const marks: Mark[] = [{ kind: 'points', x: [-1, 0, 4, 5, 2], y: [0.5, 0, 1, 0.5, 1.01] }];
    const [dots] = pathsWith(renderSvg(figureOf(panelOf(marks))), /stroke-linecap="round"/);
    expect(dots.match(/h0/g)).toHaveLength(2);
  });

  it('clips lines, and brings vertices far away near without moving where the line crosses the border', () => {
    const svg = renderSvg(figureOf(panelOf([lineMark([0, 2, 4], [0.5, 0.5, 1e12])])));
    const { width, height } = plotSize(svg);
    const drawn = vertices(pathsWith(svg, /stroke-linejoin/)[0]);
    expect(Math.abs(drawn[2][1])).toBeLessThan(200 * height);
    const [[x0, y0], [x1, y1]] = drawn.slice(1);
    const crossing = x0 + ((x1 - x0) * y0) / (y0 - y1);
    expect(crossing - width / 2).toBeLessThan(width / 100);
    expect(svg).toMatch(/<svg x="-1" y="-1"[^>]*><path/);
  });

  it('breaks a line where a log axis cannot show it and says how many values are missing', () => {
    const y = { label: 'y', scale: 'log' } as const;
    const figure = (label?: string): Figure =>
      figureOf(panelOf([lineMark([0, 1, 2, 3, 4], [1, 2, 0, -3, 4], label)], { y }));
    const named = renderSvg(figure('loss'));
    expect(pathsWith(named, /stroke-linejoin/)[0].match(/M/g)).toHaveLength(2);
    expect(textsOf(named).join(' ')).toMatch(/loss \(2\s+values\s≤\s0 not shown\)/);
    expect(textsOf(renderSvg(figure())).join(' ')).toMatch(/On the logarithmic axis, 2\svalues\s≤\s0 are not shown\./);
  });

  it('says so where a mark has no values', () => {
    const svg = renderSvg(figureOf(panelOf([lineMark([0, 4], [0, 1], 'some'), lineMark([], [], 'others')])));
    expect(textsOf(svg)).toContain('others (no values)');
  });

  it('shows title, panel titles, axis labels, profile and caption', () => {
    const panel = panelOf([lineMark([0, 1], [0, 1])], { title: 'left' });
    const texts = textsOf(renderSvg({ ...figureOf(panel, { ...panel, title: 'right' }), profile: 'smoke' }));
    for (const text of ['Test', 'left', 'right', 'x', 'y', 'profile: smoke', 'A figure of a test.']) {
      expect(texts).toContain(text);
    }
  });

  it('is well-formed XML whatever the texts hold', () => {
    const svg = renderSvg({
      ...figureOf(panelOf([lineMark([0, 1], [0, 1], 'a < b & "c"')])),
      title: '1 < 2 & \u00a0 > 0',
    });
    expect(svg).toContain('1 &lt; 2 &amp; \u00a0 &gt; 0');
    expect(svg).not.toContain('&nbsp;');
  });

  it('colours labelled marks by their position, rules apart', () => {
    const marks: Mark[] = [
      { kind: 'rule', y: 0.5, label: 'level' },
      lineMark([0, 4], [0, 1], 'first'),
      lineMark([0, 4], [0, 0.5], 'second'),
      { kind: 'line', x: [0, 4], y: [0, 0.2], label: 'third', color: 5 },
    ];
    const svg = renderSvg(figureOf(panelOf(marks)));
    const colors = [...svg.matchAll(/fill="none" stroke="(#\w+)" stroke-width="1.6"/g)].map(([, color]) => color);
    expect(colors).toEqual([palette[0], palette[1], palette[5]]);
  });
});

describe('the layout', () => {
  it('puts up to three panels in a row, then wraps, with areas of equal size', () => {
    const panel = panelOf([lineMark([0, 1], [0, 1])]);
    const svg = renderSvg(figureOf(...Array.from({ length: 5 }, () => panel)));
    const places = [...svg.matchAll(/translate\(([\d.]+),([\d.]+)\)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(places).toHaveLength(5);
    expect(new Set(places.map(([, y]) => y)).size).toBe(2);
    expect(places[3][0]).toBe(places[0][0]);
    const sizes = new Set([...svg.matchAll(/d="(M0,0V[\d.]+H[\d.]+)/g)].map(([, axes]) => axes));
    expect(sizes.size).toBe(1);
  });

  it('keeps every panel within the figure', () => {
    for (const svg of drawings) {
      const [, width] = /width="(\d+)"/.exec(svg)!;
      const { width: plotWidth } = plotSize(svg);
      for (const [, x] of svg.matchAll(/translate\(([\d.]+),/g)) {
        expect(Number(x) + plotWidth).toBeLessThanOrEqual(Number(width) - 12);
      }
    }
  });
});
