import { linearAlgebra } from '@hessian-rmt/numerics';
import { checkFigure, renderSvg } from '@hessian-rmt/plotting';
import { computeUnit, type Presentation, profileNames, type Unit, type UnitResult } from '@hessian-rmt/replication';
import { beforeAll, describe, expect, it } from 'vitest';
import experiment from '../src/index.js';

const ids = [
  'lemma-1',
  'lemma-2',
  'theorem-1',
  'true-hessian',
  'theorem-1-on-tables',
  'fitted-weights',
  'sections-5-1-5-2',
  'equation-11',
  'appendix-f',
  'theorem-3',
];
const parts = ids.map((id) => experiment.parts.find((part) => part.id === id)!);
const presented = new Map<string, Presentation>();

beforeAll(async () => {
  const algebra = await linearAlgebra({ threads: 1 });
  const results = new Map<string, UnitResult>();
  for (const unit of parts.flatMap((part) => part.units(part.profiles.smoke))) {
    const key = JSON.stringify(unit);
    if (results.has(key)) continue;
    const kind = experiment.unitKinds.find(({ name }) => name === unit.kind)!;
    results.set(key, await computeUnit(kind, unit, { seed: 1, linearAlgebra: algebra }));
  }
  const of = (unit: Unit) => results.get(JSON.stringify(unit))!;
  for (const part of parts) presented.set(part.id, await part.present({ of }, part.profiles.smoke, 'smoke'));
}, 60_000);

/** Every number in a value, wherever. */
function numbers(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbers) : [];
}

describe.each(ids)('What %s shows at the profile smoke', (id) => {
  it('has figures that can be drawn, of finite numbers', () => {
    for (const figure of presented.get(id)!.figures ?? []) {
      checkFigure(figure);
      expect(numbers(figure).every(Number.isFinite), figure.id).toBe(true);
      expect(renderSvg(figure)).toContain('<svg');
      for (const { marks } of figure.panels) expect(marks.length).toBeGreaterThan(0);
    }
  });

  it('has tables whose rows fill their columns', () => {
    for (const { id: table, columns, rows } of presented.get(id)!.tables ?? []) {
      expect(rows.length, table).toBeGreaterThan(0);
      for (const row of rows) expect(row, table).toHaveLength(columns.length);
      expect(numbers(rows).every(Number.isFinite), table).toBe(true);
    }
  });

  it('has claims of finite numbers, each with a figure or table that is there', () => {
    const { figures = [], tables = [], claims = [] } = presented.get(id)!;
    expect(claims.length).toBeGreaterThan(0);
    const files = [...figures.map((one) => `figures/${one.id}.svg`), ...tables.map((one) => `tables/${one.id}.md`)];
    for (const claim of claims) {
      expect(files, claim.id).toContain(claim.figure);
      expect(numbers(claim).every(Number.isFinite), claim.id).toBe(true);
      expect(claim.statement, claim.id).not.toMatch(/NaN|undefined|Infinity/);
      expect(claim.reason, claim.id).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});

describe('Claims', () => {
  const claimed = () => [...presented.values()].flatMap(({ claims = [] }) => claims);

  it('have an id of their own each', () => {
    const all = claimed().map(({ id }) => id);
    expect(all.length).toBeGreaterThan(80);
    expect(new Set(all).size).toBe(all.length);
  });

  it('that are theorems of linear algebra hold at any size', () => {
    const theorems = claimed().filter(({ id }) =>
      /^(G3\.(first-m|gauss|beyond)|G14\.(inside|bound-.*)|G13\..*|G4\.(cost|smoothing-.*|bias-.*)|G9\..*)$/.test(id),
    );
    expect(theorems.length).toBeGreaterThan(18);
    for (const { id, verdict, reason } of theorems) expect(verdict, `${id}: ${reason}`).toBe('reproduced');
  });

  it('say that a convex loss has no negative eigenvalue, where Theorem 1 has one', () => {
    const claim = claimed().find(({ id }) => id === 'X2.theorem-1-smallest-convex')!;
    expect(claim.measured).toBeCloseTo(0, 14);
    expect(claim.verdict).toBe('not reproduced');
  });
});

describe('The plan', () => {
  it.each(profileNames)('has units of known kinds alone at %s, each of a size that it can compute', (profile) => {
    const kinds = new Map(experiment.unitKinds.map((kind) => [kind.name, kind]));
    for (const unit of parts.flatMap((part) => part.units(part.profiles[profile]))) {
      const cost = kinds.get(unit.kind)?.cost?.(unit.config);
      expect(cost?.flops, unit.kind).toBeGreaterThanOrEqual(0);
      expect((cost?.flops ?? 0) / 5e10 + (cost?.seconds ?? 0), JSON.stringify(unit.config)).toBeLessThan(
        profile === 'paper' ? 3600 : 60,
      );
    }
  });
});
