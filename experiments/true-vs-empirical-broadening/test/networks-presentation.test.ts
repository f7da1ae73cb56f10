import { linearAlgebra } from '@hessian-rmt/numerics';
import { checkFigure, renderSvg } from '@hessian-rmt/plotting';
import { computeUnit, type Presentation, profileNames, type Unit, type UnitResult } from '@hessian-rmt/replication';
import { beforeAll, describe, expect, it } from 'vitest';
import experiment from '../src/index.js';

const ids = [
  'network-sizes',
  'tables-1-2',
  'negative-mass',
  'table-3',
  'section-6-2',
  'section-6-3',
  'proxies',
  'precision',
  'figures-9-12',
  'appendix-h',
  'appendix-i',
  'appendix-j',
  'appendix-k',
];
const parts = ids.map((id) => experiment.parts.find((part) => part.id === id)!);
const done = new Map<string, Promise<UnitResult>>();
const presented = new Map<string, Presentation>();

/** Computes a unit here, with those that it needs, once. */
async function compute(unit: Unit): Promise<UnitResult> {
  const key = JSON.stringify(unit);
  const kind = experiment.unitKinds.find(({ name }) => name === unit.kind)!;
  const found =
    done.get(key) ??
    linearAlgebra({ threads: 1 }).then((algebra) =>
      computeUnit(kind, unit, { seed: 1, linearAlgebra: algebra, of: compute }),
    );
  done.set(key, found);
  return found;
}

beforeAll(async () => {
  const results = new Map<string, UnitResult>();
  for (const unit of parts.flatMap((part) => part.units(part.profiles.smoke))) {
    results.set(JSON.stringify(unit), await compute(unit));
  }
  const of = (unit: Unit) => results.get(JSON.stringify(unit))!;
  for (const part of parts) presented.set(part.id, await part.present({ of }, part.profiles.smoke, 'smoke'));
}, 120_000);

/** Every number in a value, wherever. */
function numbers(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbers) : [];
}

describe.each(ids)('What %s shows at the profile smoke', (id) => {
  it('can be drawn, of finite numbers, in tables whose rows fill their columns', () => {
    const { figures = [], tables = [] } = presented.get(id)!;
    for (const figure of figures) {
      checkFigure(figure);
      expect(numbers(figure).every(Number.isFinite), figure.id).toBe(true);
      expect(renderSvg(figure)).toContain('<svg');
    }
    for (const { id: table, columns, rows } of tables) {
      expect(rows.length, table).toBeGreaterThan(0);
      for (const row of rows) expect(row, table).toHaveLength(columns.length);
      expect(numbers(rows).every(Number.isFinite), table).toBe(true);
    }
  });

  it('has claims of finite numbers, those that are run with a figure or table that is there', () => {
    const { figures = [], tables = [], claims = [] } = presented.get(id)!;
    expect(claims.length).toBeGreaterThan(0);
    const files = [...figures.map((one) => `figures/${one.id}.svg`), ...tables.map((one) => `tables/${one.id}.md`)];
    for (const claim of claims) {
      if (claim.judgedAt !== 'not-run') expect(files, claim.id).toContain(claim.figure);
      expect(numbers(claim).every(Number.isFinite), claim.id).toBe(true);
      expect(claim.reason, claim.id).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});

describe('Claims on the networks', () => {
  const claimed = () => [...presented.values()].flatMap(({ claims = [] }) => claims);

  it('have an id of their own each, and are of the published size nowhere at smoke', () => {
    const all = claimed().map(({ id }) => id);
    expect(all.length).toBeGreaterThan(150);
    expect(new Set(all).size).toBe(all.length);
    for (const { judgedAt, verdict, id } of claimed()) {
      // Parameters are counted, whatever is trained.
      if (id.includes('parameters')) expect([judgedAt, verdict], id).toEqual(['published', 'reproduced']);
      else expect(judgedAt, id).not.toBe('published');
    }
  });

  it('hold every number of Tables 1 and 2, also of rows without data', () => {
    const published = claimed()
      .filter(({ id }) => id.startsWith('G5.') && !/shrinks|parameters/.test(id))
      .map((claim) => claim.published);
    expect(published).toHaveLength(32);
    for (const value of [20.56, -6.54, 3.026, -0.014, 77.24, 281.32, 45.68, 2e-5, 0.5825, -0.0061, 184.4, -9e-4]) {
      expect(published).toContain(value);
    }
  });

  it('compare what stands in the tables', () => {
    const { tables, claims } = presented.get('tables-1-2')!;
    const [, measured] = tables!.find(({ id }) => id === 'table-2')!.rows;
    const claim = claims!.find(({ id }) => id === 'G5.c10-normal.empirical-largest')!;
    expect(claim.measured).toBe(measured[2]);
  });
});

describe('The plan of the networks', () => {
  const unitsAt = (profile: (typeof profileNames)[number]) =>
    parts.flatMap((part) => part.units(part.profiles[profile]));

  it.each(profileNames)(
    'takes at %s only weights that a training keeps, and all spectra of one training from one unit',
    (profile) => {
      const kinds = new Map(experiment.unitKinds.map((kind) => [kind.name, kind]));
      for (const unit of unitsAt(profile)) {
        const { training, epoch } = unit.config as { training?: { keep: number[]; epochs: number }; epoch?: number };
        const cost = kinds.get(unit.kind)!.cost!(unit.config);
        expect(cost.flops).toBeGreaterThan(0);
        if (!training) continue;
        expect(training.keep).toContain(epoch);
        expect(
          training.keep.every((kept, i) => kept <= training.epochs && (i === 0 || kept > training.keep[i - 1])),
        ).toBe(true);
        expect(kinds.get(unit.kind)!.needs!(unit.config, unit.repetition)).toHaveLength(1);
      }
    },
  );

  it('has the published sizes at paper', () => {
    const configs = unitsAt('paper').map(({ config }) => config as Record<string, unknown>);
    const networks = configs.flatMap(({ training }) => (training ? [(training as { network: object }).network] : []));
    expect(networks).toContainEqual({ kind: 'pre-resnet', depth: 110, widths: [16, 32, 64] });
    expect(networks).toContainEqual({ kind: 'vgg-16' });
    const steps = new Set(configs.flatMap(({ steps }) => (steps === undefined ? [] : [steps])));
    expect([...steps].sort()).toEqual([10, 100, 80]);
  });
});
