import { mlp, parameterCount } from '@hessian-rmt/models';
import { randomStream } from '@hessian-rmt/numerics';
import type { Results, Unit } from '@hessian-rmt/replication';
import { describe, expect, it } from 'vitest';
import { figure4 } from '../src/figure-4.js';
import { figures5And6 } from '../src/figures-5-6.js';
import type { WidthSettings } from '../src/growing-width.js';

const settings = figure4.profiles.laptop as WidthSettings;

/** Ten large eigenvalues (or a share of P), and negative ones whose number grows like P (or does not). */
function planted(rightGrows: boolean, leftGrows: boolean, reached = (_: Unit) => true): Results {
  return {
    of(unit) {
      const { side, hidden } = unit.config as { side: number; hidden: number[] };
      const P = parameterCount(mlp([side * side, ...hidden, 10]));
      const numbers = { parameters: P, reached: reached(unit), steps: 5000, loss: 6e-4, accuracy: 1 };
      if (!reached(unit)) return { numbers, arrays: {} };
      const noise = randomStream(1, `${hidden}-${unit.repetition}`).normals(P, 0.1);
      const large = rightGrows ? Math.round(P / 100) : 10;
      const negative = leftGrows ? Math.round(P / 10) : 100;
      const values = Float64Array.from({ length: P }, (_, i) => {
        if (i < large) return 2 * Math.exp(-i / large + 0.1 * noise[i]);
        if (i < large + negative) return -1e-3 * Math.exp(-(5 * (i - large)) / negative + noise[i]);
        return 1e-6 * Math.exp(noise[i]);
      }).sort();
      return {
        numbers: { ...numbers, roundingFloor: 1e-12 },
        arrays: { spectrum: { shape: [P], data: values } },
      };
    },
  };
}

async function verdicts(results: Results): Promise<Record<string, string>> {
  const parts = await Promise.all([figure4, figures5And6].map((part) => part.present(results, settings, 'laptop')));
  return Object.fromEntries(parts.flatMap(({ claims }) => claims!.map(({ id, verdict }) => [id, verdict])));
}

describe('growing width', () => {
  it('reproduces the paper on spectra as it describes them: right edge by rank, left edge by ratio', async () => {
    const found = await verdicts(planted(false, true));
    for (const family of ['one-layer', 'two-layers']) {
      for (const id of ['rank-before-ratio', 'one-curve', 'exchangeable', 'count-tenth', 'count-ratio']) {
        expect(found[`S5.${id}.${family}`], id).toBe('reproduced');
      }
      for (const id of ['negative-exist', 'tiny', 'shift-by-rank', 'ratio-before-rank', 'one-curve', 'share']) {
        expect(found[`S6.${id}.${family}`], id).toBe('reproduced');
      }
    }
  });

  it('says that it is not so on spectra that do the contrary', async () => {
    const found = await verdicts(planted(true, false));
    for (const family of ['one-layer', 'two-layers']) {
      for (const id of [
        'S5.rank-before-ratio',
        'S5.one-curve',
        'S5.exchangeable',
        'S5.count-tenth',
        'S5.count-ratio',
      ]) {
        expect(found[`${id}.${family}`], id).toBe('not reproduced');
      }
      for (const id of ['S6.shift-by-rank', 'S6.ratio-before-rank', 'S6.one-curve', 'S6.exchangeable', 'S6.share']) {
        expect(found[`${id}.${family}`], id).toBe('not reproduced');
      }
    }
  });

  it('neither draws nor judges a family with a network that did not meet the stopping condition, and says so', async () => {
    const results = planted(
      false,
      true,
      ({ config, repetition }) => !(String(config.hidden) === '8,8' && repetition === 0),
    );
    const { figures, claims, tables } = await figure4.present(results, settings, 'laptop');
    const [two, one] = figures![0].panels;
    expect(two.marks).toHaveLength(2);
    expect(one.marks).toHaveLength(3);
    expect(figures![0].caption).toContain('1 of 9 networks did not meet the stopping condition');
    expect(tables![0].rows[0].join(' ')).toContain('-; 1');
    const judged = claims!.filter(({ judgedAt }) => judgedAt !== 'not-run').map(({ id }) => id);
    expect(judged.length).toBeGreaterThan(0);
    expect(judged.every((id) => id.endsWith('.one-layer'))).toBe(true);
  });

  it('stops where no sample can be misclassified, at every profile', () => {
    for (const profile of ['smoke', 'quick', 'laptop', 'paper'] as const) {
      const { samples, lossBelow } = figure4.profiles[profile] as WidthSettings;
      expect(lossBelow).toBeCloseTo(Math.LN2 / samples, 12);
    }
  });
});
