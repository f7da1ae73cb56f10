import { describe, expect, it } from 'vitest';
import { granziolSchedule, rateAfter } from '../../src/index.js';

describe('learning rate schedules', () => {
  it('are Eq. 11 of Granziol et al. in three pieces', () => {
    const equation11 = (t: number, T: number, alpha: number, r: number) => {
      if (t / T <= 0.5) return alpha;
      if (t / T <= 0.9) return alpha * (1 - ((1 - r) * (t / T - 0.5)) / 0.4);
      return alpha * r;
    };
    for (const T of [225, 300, 1000]) {
      for (let t = 0; t <= T; t++) {
        expect(rateAfter(t, 0.1, granziolSchedule(T))).toBeCloseTo(equation11(t, T, 0.1, 0.01), 14);
      }
    }
  });

  it('fall from 0.003 to 0.00003 between epochs 150 and 270, as Baskerville et al. have it', () => {
    const schedule = { kind: 'linear', from: 150, to: 270, ratio: 0.01 } as const;
    expect(rateAfter(150, 0.003, schedule)).toBe(0.003);
    expect(rateAfter(210, 0.003, schedule)).toBeCloseTo((0.003 + 0.00003) / 2, 16);
    expect(rateAfter(270, 0.003, schedule)).toBeCloseTo(0.00003, 18);
    expect(rateAfter(300, 0.003, schedule)).toBeCloseTo(0.00003, 18);
    expect(granziolSchedule(300)).toEqual(schedule);
  });

  it('fall in steps', () => {
    const schedule = { kind: 'step', epochs: [10, 20], factor: 0.1 } as const;
    expect([9, 10, 19, 20].map((t) => rateAfter(t, 2, schedule))).toEqual([2, 0.2, 0.2, 2 * 0.1 ** 2]);
    expect(rateAfter(1e6, 2, { kind: 'constant' })).toBe(2);
  });
});
