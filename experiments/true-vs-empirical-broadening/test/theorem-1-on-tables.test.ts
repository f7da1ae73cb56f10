import { checkFigure } from '@hessian-rmt/plotting';
import type { Presentation } from '@hessian-rmt/replication';
import { describe, expect, it } from 'vitest';
import { broadened } from '../src/broadened.js';
import { theorem1OnTables } from '../src/theorem-1-on-tables.js';

const { figures, tables, claims } = (await theorem1OnTables.present(
  { of: () => expect.fail('needs no unit') },
  theorem1OnTables.profiles.smoke,
  'smoke',
)) as Presentation;

/** All pairs of true extremes and s = sqrt(q) sigma, on a grid, that Theorem 1 takes to these empirical extremes. */
function* solutions(largest: number, smallest: number) {
  for (let i = 1; i <= 1000; i++) {
    const s = (Math.abs(smallest) / 2) * (i / 1000);
    const spike = (value: number) => (Math.abs(value) + Math.sqrt(value * value - 4 * s * s)) / 2;
    const top = spike(largest);
    if (i < 1000) yield { s, top, bottom: -spike(smallest) };
    else for (let j = 0; j <= 100; j++) yield { s, top, bottom: (-s * j) / 100 };
  }
}

describe('Theorem 1 on Tables 1 and 2', () => {
  it('allows what a search over all true extremes and all sigma finds', () => {
    expect(tables![0].rows).toHaveLength(4);
    for (const row of tables![0].rows) {
      const [, q, augmentedQ, largest, , leastLargest, smallest, , leastSmallest] = row as number[];
      let [nearestTop, nearestBottom] = [Infinity, Infinity];
      for (const { s, top, bottom } of solutions(largest, smallest)) {
        expect(broadened(top, s * s, 'largest')).toBeCloseTo(largest, 9);
        expect(broadened(bottom, s * s, 'smallest')).toBeCloseTo(smallest, 9);
        const variance = (s * s * augmentedQ) / q;
        nearestTop = Math.min(nearestTop, broadened(top, variance, 'largest'));
        nearestBottom = Math.min(nearestBottom, -broadened(bottom, variance, 'smallest'));
      }
      expect(leastLargest).toBeCloseTo(nearestTop, 9);
      expect(-leastSmallest).toBeCloseTo(nearestBottom, 9);
    }
  });

  it('is drawn, and judged for both ends of four runs', () => {
    figures!.forEach(checkFigure);
    expect(claims!.map(({ id }) => id)).toHaveLength(8);
  });
});
