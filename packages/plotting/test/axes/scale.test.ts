import { describe, expect, it } from 'vitest';
import { inverseSymlog, makeScale, symlog } from '../../src/axes/scale.js';

describe('a symlog scale', () => {
  const c = 0.01;

  it('is linear within +-c and puts decades beyond at equal distances, mirrored about 0', () => {
    expect(symlog(c / 2, c)).toBeCloseTo(0.5);
    expect(symlog(1e3, c) - symlog(1e2, c)).toBeCloseTo(Math.log(10));
    expect(symlog(1e-1, c) - symlog(c, c)).toBeCloseTo(Math.log(10));
    for (const x of [1e-4, 0.01, 3, 1e5]) expect(symlog(-x, c)).toBe(-symlog(x, c));
  });

  it('has no step and no kink at c', () => {
    const h = 1e-7;
    expect(symlog(c + h, c)).toBeCloseTo(symlog(c - h, c), 4);
    const slope = (x: number): number => (symlog(x + h, c) - symlog(x, c)) / h;
    expect(slope(c + h) / slope(c - 2 * h)).toBeCloseTo(1, 4);
  });

  it('is undone by its inverse', () => {
    for (const x of [-1e4, -0.5, -0.004, 0, 0.01, 7]) expect(inverseSymlog(symlog(x, c), c)).toBeCloseTo(x, 9);
  });
});

describe('a scale', () => {
  it('puts the ends of its domain on the ends of its range', () => {
    for (const kind of ['linear', 'log', 'symlog'] as const) {
      const scale = makeScale({ kind, domain: [0.5, 300], linearWithin: 1 }, [200, 0]);
      expect(scale.at(0.5)).toBeCloseTo(200);
      expect(scale.at(300)).toBeCloseTo(0);
    }
  });

  it('has no place for values <= 0 when it is logarithmic', () => {
    const scale = makeScale({ kind: 'log', domain: [0.1, 10], linearWithin: 1 }, [0, 100]);
    expect(scale.at(1)).toBeCloseTo(50);
    expect(scale.at(0)).toBeNaN();
    expect(scale.at(-1)).toBeNaN();
  });
});
