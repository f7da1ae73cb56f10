import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import type { Results } from '@hessian-rmt/replication';
import { beforeAll, describe, expect, it } from 'vitest';
import { cellOf, indexOf, pointsOf, type Search, searchesOf, unitsOf } from '../src/critical-point-cells.js';
import { criticalPoints } from '../src/critical-points.js';
import { unitContext } from './unit-context.js';

const cell = cellOf({ size: 4, samples: 16, activation: 'identity', runs: 6, batches: 2 });
let searches: Search[];

beforeAll(async () => {
  const algebra = await linearAlgebra({ threads: 1 });
  const found = new Map<number, Awaited<ReturnType<typeof criticalPoints.run>>>();
  for (const { config, repetition } of unitsOf(cell)) {
    const context = unitContext(randomStream(1, 'test', `${repetition}`), algebra);
    found.set(repetition, await criticalPoints.run(config, context));
  }
  const results: Results = { of: ({ repetition }) => found.get(repetition)! };
  searches = searchesOf(results, cell);
});

describe('critical points of linear networks', () => {
  it('are found in both batches, with a spectrum each', () => {
    expect(searches).toHaveLength(12);
    expect(searches.filter(({ accepted }) => accepted).length).toBeGreaterThan(6);
    for (const { accepted, eigenvalues, halfSquaredGradient } of searches) {
      expect(eigenvalues).toHaveLength(accepted ? 32 : 0);
      if (accepted) expect(halfSquaredGradient).toBeLessThanOrEqual(1e-6);
    }
    expect(searches[0].energy).not.toBe(searches[6].energy);
  });

  it('have flat directions, half of which count as negative unless the threshold follows the gradient', () => {
    const accepted = searches.filter(({ accepted }) => accepted);
    const counts = (ofGradient: number) => accepted.map((search) => 32 * indexOf(search, { ofGradient }));
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    // n^2 = 16 flat directions: the rounding floor takes several of them for negative, a multiple of |grad L| none.
    expect(sum(counts(0)) - sum(counts(10))).toBeGreaterThan(2 * accepted.length);
  });
});

describe('pointsOf', () => {
  const search: Search = {
    accepted: true,
    energy: 0.3,
    startEnergy: 0.5,
    halfSquaredGradient: 5e-7,
    iterations: 9,
    evaluations: 10,
    trace: new Float64Array(22),
    curvatureShare: 1e-3,
    eigenvalues: Float64Array.of(-0.5, -2e-3, -2e-4, -1e-16, 0, 1, 10),
    roundingFloor: 1e-15,
  };

  it('counts below minus the largest of the thresholds', () => {
    expect(indexOf(search)).toBe(3 / 7);
    expect(indexOf(search, { ofLargest: 1e-4 })).toBe(2 / 7);
    // |grad L| = 1e-3.
    expect(indexOf(search, { ofGradient: 1 })).toBe(2 / 7);
    expect(indexOf(search, { ofLargest: 1e-2, ofGradient: 1 })).toBe(1 / 7);
  });

  it('leaves out what was not accepted and what the gradient hardly sees', () => {
    expect(pointsOf([search, { ...search, accepted: false }])).toEqual([{ energy: 0.3, index: 3 / 7 }]);
    expect(pointsOf([search], { curvatureShare: 1e-2 })).toEqual([]);
  });
});
