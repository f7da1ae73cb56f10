import { describe, expect, it } from 'vitest';
import { resolveAxes } from '../../src/axes/extent.js';
import { type Regions, spectralRegions } from '../../src/browser/regions.js';
import type { Mark, Panel } from '../../src/index.js';
import { panelOf } from '../support.js';

const regionsOf = (marks: readonly Mark[], x: Panel['x'] = { label: 'x' }): Regions | undefined => {
  const panel = panelOf(marks, { x });
  return spectralRegions(panel, resolveAxes(panel).x);
};
const bars = (edges: readonly number[], heights: readonly number[]): Mark => ({ kind: 'histogram', edges, heights });

describe('the regions of a spectrum', () => {
  it('have 98 % of the mass of bars in the bulk, whatever their widths', () => {
    // Masses 0.05, 0.9, 0.038, 0.012 from left to right.
    const { bulk, outliers } = regionsOf([bars([-1, 0, 2, 3, 43], [0.05, 0.45, 0.038, 0.0003])])!;
    // One percent lies left of -0.8 and, with five sixths of the last bar, right of this.
    const high = 43 - (5 / 6) * 40;
    const room = 0.04 * (high + 0.8);
    expect(bulk).toEqual([expect.closeTo(-0.8 - room, 8), expect.closeTo(high + room, 8)]);
    const beyond = 0.04 * (43 - high);
    expect(outliers).toEqual([expect.closeTo(high - beyond, 8), expect.closeTo(43 + beyond, 8)]);
  });

  it('lie on the side that reaches further', () => {
    const { outliers } = regionsOf([bars([-50, -49, 0, 1, 2, 3], [0.004, 0, 0.496, 0.496, 0.004])])!;
    expect(outliers![0]).toBeLessThan(-50);
    expect(outliers![1]).toBeLessThan(5);
  });

  it('begin beyond a gap where there is one', () => {
    const { outliers } = regionsOf([bars([0, 1, 2, 20, 21, 30, 31], [0.97, 0.024, 0, 0.003, 0, 0.003])])!;
    expect(outliers).toEqual([expect.closeTo(20 - 0.04 * 11, 8), expect.closeTo(31 + 0.04 * 11, 8)]);
  });

  it('go by weights where a spectrum is drawn as stems', () => {
    const { bulk } = regionsOf([{ kind: 'stem', x: [90, 1, 0, 2], y: [0.001, 0.5, 0.2, 0.299] }])!;
    expect(bulk).toEqual([expect.closeTo(-0.08, 8), expect.closeTo(2.08, 8)]);
  });

  it('do not exist where the bulk fills the axis, or nothing is a spectrum', () => {
    expect(regionsOf([bars([0, 1, 2, 3], [1, 1, 1])])).toBeUndefined();
    expect(regionsOf([{ kind: 'points', x: [0, 1, 100], y: [1, 1, 1] }])).toBeUndefined();
    expect(regionsOf([bars([0, 1], [0]), { kind: 'points', x: [0], y: [0] }])).toBeUndefined();
  });

  it('count bars of a logarithmic axis as wide as they are drawn, and leave out what it cannot show', () => {
    const edges = Array.from({ length: 11 }, (_, i) => 10 ** i);
    const heights = [...Array.from({ length: 9 }, (_, i) => (i === 1 ? 1000 : 0)), 1];
    const { bulk } = regionsOf([bars(edges, heights)], { label: 'x', scale: 'log' })!;
    expect(bulk[0]).toBeGreaterThan(1);
    expect(bulk[1]).toBeLessThan(1e3);
    const stems: Mark = { kind: 'stem', x: [-1, 1, 2, 1e6], y: [0.5, 0.3, 0.195, 0.005] };
    expect(regionsOf([stems], { label: 'x', scale: 'log' })!.bulk[0]).toBeGreaterThan(0);
  });
});
