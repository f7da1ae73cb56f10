import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { distinctLevels, foldedSpacingRatios } from '../../src/index.js';

describe('distinctLevels', () => {
  it('counts equal levels once, and says how many it merged', () => {
    const { levels, merged } = distinctLevels(Float64Array.of(-1, -1, 0, 2, 2, 2));
    expect([...levels]).toEqual([-1, 0, 2]);
    expect(merged).toBe(3);
    expect(distinctLevels(new Float64Array(0))).toEqual({ levels: new Float64Array(0), merged: 0 });
    expect([...distinctLevels(Float64Array.of(-0, 0)).levels]).toEqual([-0]);
  });

  it('counts the reach from the level kept, so that a dense stretch does not collapse into one level', () => {
    const stretch = Float64Array.from({ length: 101 }, (_, i) => i / 128);
    const { levels, merged } = distinctLevels(stretch, { tolerance: 10 / 128 });
    expect([...levels]).toEqual(Array.from({ length: 10 }, (_, i) => (11 * i) / 128));
    expect(merged).toBe(91);
    // At the tolerance itself levels are one; beyond it they are two.
    expect(distinctLevels(Float64Array.of(0, 0.5), { tolerance: 0.5 }).merged).toBe(1);
    expect(distinctLevels(Float64Array.of(0, 0.5), { tolerance: 0.499 }).merged).toBe(0);
  });

  it('leaves levels that ratios can be taken of, and changes nothing the second time', () => {
    const random = randomStream(3, 'multiplets');
    const crowded = Float64Array.from({ length: 400 }, () => random.integer(100) + 1e-9 * random.uniform()).sort();
    for (const tolerance of [0, 1e-8]) {
      const once = distinctLevels(crowded, { tolerance });
      expect(foldedSpacingRatios(once.levels).every((r) => r > 0 && r <= 1)).toBe(true);
      expect(distinctLevels(once.levels, { tolerance })).toEqual({ levels: once.levels, merged: 0 });
    }
    expect(distinctLevels(crowded, { tolerance: 1e-8 }).levels.length).toBeLessThanOrEqual(100);
  });

  it('refuses unsorted levels and negative tolerances', () => {
    expect(() => distinctLevels(Float64Array.of(1, 0))).toThrow('the levels to tell apart must be in ascending order');
    for (const tolerance of [-1, Number.NaN]) {
      expect(() => distinctLevels(Float64Array.of(0), { tolerance })).toThrow(
        `must not be negative, found ${tolerance}`,
      );
    }
  });
});
