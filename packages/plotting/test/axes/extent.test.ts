import { describe, expect, it } from 'vitest';
import { resolveAxes } from '../../src/axes/extent.js';
import type { Axis, Mark } from '../../src/index.js';

function domains(marks: readonly Mark[], x: Partial<Axis> = {}, y: Partial<Axis> = {}) {
  return resolveAxes({ x: { label: '', ...x }, y: { label: '', ...y }, marks });
}

describe('the domain of an axis', () => {
  it('is the extent of the marks, error bars and rules among them, with air of a 25th', () => {
    const { x, y } = domains([
      {
        kind: 'points',
        x: [0, 50],
        y: [1, 2],
        intervals: [
          [-1, 3],
          [1, 3],
        ],
      },
      { kind: 'rule', x: 100 },
    ]);
    expect(x.domain).toEqual([-4, 104]);
    expect(y.domain[0]).toBeCloseTo(-1.16);
    expect(y.domain[1]).toBeCloseTo(3.16);
  });

  it('begins at 0 under bars and stems', () => {
    expect(domains([{ kind: 'histogram', edges: [0, 1, 2], heights: [3, 5] }]).y.domain).toEqual([0, 5.2]);
    expect(domains([{ kind: 'stem', x: [0, 1], y: [3, 5] }]).y.domain).toEqual([0, 5.2]);
  });

  it('does not follow the tail of a law below half the lowest bar on a log axis', () => {
    const { y } = domains(
      [
        { kind: 'histogram', edges: [0, 1, 2, 3], heights: [0, 0.02, 8] },
        { kind: 'line', x: [0, 1, 2], y: [1e-30, 1e-3, 5] },
      ],
      {},
      { scale: 'log' },
    );
    expect(y.domain[0]).toBeGreaterThan(0.007);
    expect(y.domain[0]).toBeLessThan(0.01);
  });

  it('has a length even where all values are equal', () => {
    for (const scale of ['linear', 'log', 'symlog'] as const) {
      const [low, high] = domains([{ kind: 'points', x: [3], y: [7] }], {}, { scale }).y.domain;
      expect(low).toBeLessThan(7);
      expect(high).toBeGreaterThan(7);
    }
    expect(domains([{ kind: 'points', x: [0], y: [0] }]).y.domain).toEqual([-1, 1]);
  });

  it('is linear on symlog up to the smallest magnitude other than 0, but not below a millionth of the largest', () => {
    const mark = (y: readonly number[]): Mark => ({ kind: 'points', x: y.map((_, i) => i), y });
    expect(domains([mark([0, -0.5, 100])], {}, { scale: 'symlog' }).y.linearWithin).toBe(0.5);
    expect(domains([mark([1e-17, -0.5, 100])], {}, { scale: 'symlog' }).y.linearWithin).toBeCloseTo(1e-4);
  });
});
