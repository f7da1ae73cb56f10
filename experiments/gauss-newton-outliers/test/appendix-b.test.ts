import type { Results, Unit } from '@hessian-rmt/replication';
import { marchenkoPastur } from '@hessian-rmt/rmt';
import { describe, expect, it } from 'vitest';
import { appendixB } from '../src/appendix-b.js';

/** Spectra that stand for nothing: only the tolerances are looked at. */
const blank: Results = {
  of(unit: Unit) {
    const { parameters, draws } = unit.config as { parameters: number; draws: number };
    const data = Float64Array.from({ length: draws * parameters }, (_, i) => 0.1 + (i % parameters) / parameters);
    return { numbers: { roundingFloor: 1e-12 }, arrays: { spectra: { shape: [draws, parameters], data } } };
  },
};

describe('Appendix B', () => {
  it('tells an outlier from the edge: every tolerance is below half the distance between the two', async () => {
    for (const profile of ['smoke', 'quick', 'laptop', 'paper'] as const) {
      const settings = appendixB.profiles[profile] as { parameters: number; samples: number };
      const gamma = settings.parameters / settings.samples;
      const edge = (1 + Math.sqrt(gamma)) ** 2;
      const { claims } = await appendixB.present(blank, settings, profile);
      const spiked = claims!.filter(({ id }) => /^S10\.(spike|several)-/.test(id));
      expect(spiked.length).toBeGreaterThan(3);
      for (const { id, tolerance } of spiked) {
        const spike = Number(id.split('-')[1]);
        const outlier = spike * (1 + gamma / (spike - 1));
        expect(tolerance, `${profile} ${id}`).toBeLessThan(Math.abs(outlier - edge) / 2);
      }
    }
  });

  it('would notice a wrong ratio: at the sizes of laptop the law of gamma = 0.45 lies outside the bound', async () => {
    const { claims } = await appendixB.present(blank, appendixB.profiles.laptop, 'laptop');
    const bound = claims!.find(({ id }) => id === 'S10.marchenko-pastur-tall')!.tolerance!;
    const [right, wrong] = [0.5, 0.45].map((ratio) => marchenkoPastur({ ratio }));
    const grid = Array.from({ length: 1000 }, (_, i) => (3 * i) / 1000);
    const distance = Math.max(...grid.map((x) => Math.abs(right.cumulative(x) - wrong.cumulative(x))));
    expect(bound).toBeLessThan(distance / 2);
  });
});
