import { linearAlgebra } from '@hessian-rmt/numerics';
import { checkFigure, renderSvg } from '@hessian-rmt/plotting';
import { computeUnit, type Presentation, type Unit, type UnitResult } from '@hessian-rmt/replication';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { deflatedLevels } from '../src/batch-spectra.js';
import experiment from '../src/index.js';
import { foldedRatiosBySign, meanRatio, resolvedLevels } from '../src/level-statistics.js';

vi.mock('../src/samples.js', async (original) => (await import('./read-once.js')).readOnce(await original()));
// The digits alone, as where Fashion-MNIST is not installed: reading its 70,000 images would take most of the time.
vi.mock('../src/images-available.js', async (original) => {
  const module = await original<typeof import('../src/images-available.js')>();
  return { ...module, images: { ...module.images, fashion: undefined } };
});

const ids = ['figure-1', 'section-4', 'figure-4', 'section-6', 'audit', 'audit-training', 'controls', 'full-spectrum'];
const parts = ids.map((id) => experiment.parts.find((part) => part.id === id)!);

const done = new Map<string, Promise<UnitResult>>();

/** Computes a unit here, with those that it needs, once. */
async function compute(unit: Unit): Promise<UnitResult> {
  const key = JSON.stringify(unit);
  const found =
    done.get(key) ??
    linearAlgebra({ threads: 1 }).then((algebra) =>
      computeUnit(experiment.unitKinds.find(({ name }) => name === unit.kind)!, unit, {
        seed: 1,
        linearAlgebra: algebra,
        of: compute,
      }),
    );
  done.set(key, found);
  return found;
}

const presented = new Map<string, Presentation>();

beforeAll(async () => {
  const results = new Map<string, UnitResult>();
  for (const part of parts) {
    for (const unit of part.units(part.profiles.smoke)) results.set(JSON.stringify(unit), await compute(unit));
  }
  for (const part of parts) {
    const of = (unit: Unit) => results.get(JSON.stringify(unit))!;
    presented.set(part.id, await part.present({ of }, part.profiles.smoke, 'smoke'));
  }
});

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
  it('have an id of their own each', () => {
    const all = [...presented.values()].flatMap(({ claims = [] }) => claims.map(({ id }) => id));
    expect(all.length).toBeGreaterThan(30);
    expect(new Set(all).size).toBe(all.length);
  });

  it('that belong to the published size are judged at none smaller', () => {
    for (const [id, { claims = [] }] of presented) {
      // Parameters are counted, whatever is trained.
      for (const claim of claims) if (id !== 'section-4') expect(claim.judgedAt, claim.id).not.toBe('published');
    }
    const counts = presented.get('section-4')!.claims!.map(({ verdict, measured }) => [measured, verdict]);
    expect(counts).toEqual([
      [7850, 'reproduced'],
      [9960, 'not reproduced'],
      [20_060, 'reproduced'],
    ]);
  });
});

const unitOf = (part: string, kind: string, holds: (config: Record<string, unknown>) => boolean) => {
  const found = parts.find(({ id }) => id === part)!;
  return found.units(found.profiles.smoke).find((unit) => unit.kind === kind && holds(unit.config))!;
};

const claimOf = (part: string, id: RegExp) => presented.get(part)!.claims!.find((claim) => id.test(claim.id))!;

describe('Claims of section 6', () => {
  it('compare the means of the spectra that they name', async () => {
    const epochOf = (config: Record<string, unknown>) => (config.weights as { epoch: number }).epoch;
    const meanOf = async (split: string) => {
      const unit = unitOf('section-6', 'batch-spectra', (config) => config.split === split && epochOf(config) === 1);
      const levels = deflatedLevels(await compute(unit)).map(resolvedLevels);
      return meanRatio(levels.map(foldedRatiosBySign))!.mean;
    };
    const { measured } = claimOf('section-6', /^B8\.train-test-softmax-regression-mnist/);
    expect(measured).toBeCloseTo(Math.abs((await meanOf('train')) - (await meanOf('test'))), 12);
  });
});

describe('Figure 1', () => {
  it('shows all eigenvalues, structural zeros included', async () => {
    const unit = unitOf('figure-1', 'batch-spectra', (config) => JSON.stringify(config).includes('softmax'));
    const result = await compute(unit);
    const all = 6 * (result.numbers.parameters as number);
    const levels = deflatedLevels(result).reduce((sum, { length }) => sum + length, 0);
    const { measured } = claimOf('figure-1', /^B1\.zeros-softmax/);
    // An order measures by how much the larger is larger: here the share of zeros, than a half.
    expect(measured).toBeCloseTo(1 - levels / all - 0.5, 12);
    const [, , panel] = presented.get('figure-1')!.figures![0].panels;
    const [histogram] = panel.marks;
    if (histogram.kind !== 'histogram') throw new Error('no histogram');
    const shown = histogram.heights.reduce((sum, height) => sum + height, 0);
    // All but the tails that are left out, a thousandth and one at either end.
    expect(shown).toBeLessThanOrEqual(1 + 1e-12);
    expect(shown).toBeGreaterThan(1 - 2 * (0.001 + 2 / all) - 1e-12);
  });
});

describe('Figure 4', () => {
  it('shows densities, of nearly all spacings and ratios', () => {
    for (const { marks, title } of presented.get('figure-4')!.figures![0].panels) {
      const [histogram] = marks;
      if (histogram.kind !== 'histogram') throw new Error('no histogram');
      const { edges, heights } = histogram;
      const mass = heights.reduce((sum, height, i) => sum + height * (edges[i + 1] - edges[i]), 0);
      expect(mass, title).toBeLessThanOrEqual(1 + 1e-9);
      expect(mass, title).toBeGreaterThan(0.8);
    }
  });
});

describe('The whole-set spectrum', () => {
  it('of softmax regression, whose loss is convex, has claims on positive levels alone', () => {
    expect(presented.get('full-spectrum')!.claims!.map(({ id }) => id)).toEqual(['X3.positive']);
  });

  it('is shown by rank and stored whole, ascending', async () => {
    const unit = unitOf('full-spectrum', 'whole-set-spectrum', () => true);
    const [levels] = deflatedLevels(await compute(unit));
    const { data } = presented.get('full-spectrum')!.arrays!['full-spectrum'];
    expect([...data]).toEqual([...levels]);
    const [scree] = presented.get('full-spectrum')!.figures![0].panels[1].marks;
    if (scree.kind !== 'line') throw new Error('no line');
    expect([...scree.y].reverse()).toEqual([...resolvedLevels(levels)].filter((level) => level > 0));
  });
});

describe('Controls', () => {
  it('tell independent levels from those that repel each other, and move rounded zeros alone', () => {
    for (const id of [/^X1\.independent-levels$/, /^X1\.equal-factors$/, /^X1\.permuted$/]) {
      expect(claimOf('controls', id).verdict, `${id}`).toBe('reproduced');
    }
  });
});
