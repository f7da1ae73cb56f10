import { describe, expect, it } from 'vitest';
import { nearStretches } from '../../src/marks/clip-line.js';

/** The box reaches from -1000 to 1010 on both axes. */
const stretches = (...vertices: [number, number][]): [number, number][][] =>
  nearStretches(vertices, 10, 10).map(({ x, y }) => x.map((value, i) => [value, y[i]]));

describe('a line far beyond its area', () => {
  it('is left as it is within the box', () => {
    const vertices: [number, number][] = [
      [-1000, 0],
      [3, 1010],
      [5, 5],
    ];
    expect(stretches(...vertices)).toEqual([vertices]);
    expect(stretches([4, 4])).toEqual([[[4, 4]]]);
  });

  it('ends on the border of the box, on the straight line that it is', () => {
    expect(stretches([0, 0], [1e6, 1e6])).toEqual([
      [
        [0, 0],
        [1010, 1010],
      ],
    ]);
    const [[from, to]] = stretches([-1e9, -1e9 + 5], [1e9, 1e9 + 5]);
    for (const [x, y] of [from, to]) expect(y - x).toBeCloseTo(5, 5);
    expect(from[0]).toBeCloseTo(-1000, 5);
    expect(to[1]).toBeCloseTo(1010, 5);
  });

  it('comes in pieces where it leaves the box and comes back, or has no place', () => {
    const pieces = stretches([0, 0], [2000, 0], [2000, 100], [0, 100]);
    expect(pieces).toEqual([
      [
        [0, 0],
        [1010, 0],
      ],
      [
        [1010, 100],
        [0, 100],
      ],
    ]);
    expect(stretches([0, 0], [1, Number.NaN], [2, 2])).toEqual([[[0, 0]], [[2, 2]]]);
  });

  it('is gone where it passes by', () => {
    expect(stretches([2000, 0], [0, 5000])).toEqual([]);
    expect(stretches([2000, 0])).toEqual([]);
  });
});
