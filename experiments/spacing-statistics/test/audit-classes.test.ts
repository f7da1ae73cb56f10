import { randomStream } from '@hessian-rmt/numerics';
import { poissonLevels } from '@hessian-rmt/rmt';
import { describe, expect, it } from 'vitest';
import { audit } from '../src/audit-classes.js';
import type { FullResults } from '../src/conditions.js';
import { meanRatioOf } from '../src/level-statistics.js';

const epsilon32 = 2 ** -23;

/**
 * Spectra whose levels are known: `negative` and `positive` ones between 0.1 and 1, and zeros that rounding has put at
 * other places in float64 (at 0.5 to 1 times 1e-15) and float32 (1e-7). All levels are independent of each other.
 */
function spectrum(i: number, { negative = 20, positive = 40, zeros = 140 } = {}) {
  const random = randomStream(1, `spectrum ${i}`);
  const uniform = (count: number, name: string) => {
    const stream = random.stream(name);
    return Array.from({ length: count }, () => stream.uniform());
  };
  const levels = [
    ...uniform(negative, 'negative').map((u) => -0.1 - 0.8 * u),
    ...uniform(positive, 'positive').map((u) => 0.1 + 0.8 * u),
    1,
  ];
  const ascending = (values: readonly number[]) => Float64Array.from(values).sort();
  const around = (size: number, name: string) => uniform(zeros, name).map((u) => size * (u < 0.5 ? u - 1 : u));
  return {
    deflated: ascending(levels),
    float64: ascending([...levels, ...around(1e-15, 'float64')]),
    float32: Float32Array.from(ascending([...levels, ...around(1e-7, 'float32')])),
  };
}

function results(count: number, inFloat64: number, own: Parameters<typeof spectrum>[1] = {}): FullResults {
  const all = Array.from({ length: count }, (_, i) => spectrum(i, own));
  return {
    size: all[0].float64.length,
    float32: all.map(({ float32 }) => float32),
    float64: all.slice(0, inFloat64).map(({ float64 }) => float64),
    deflated: all.map(({ deflated }) => deflated),
    floor32: all.map((_, i) => (3 + i) * epsilon32),
    floor64: all.slice(0, inFloat64).map((_, i) => (5 + i) * Number.EPSILON),
  };
}

/** min(r, 1/r) of ascending levels, by the formula. */
const ratios = (levels: ArrayLike<number>) =>
  Array.from(levels)
    .slice(2)
    .map((level, i) => {
      const [before, after] = [levels[i + 1] - levels[i], level - levels[i + 1]];
      return Math.min(before / after, after / before);
    });

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const where = (levels: ArrayLike<number>, holds: (level: number) => boolean) => Array.from(levels).filter(holds);

describe('The audit of whole spectra', () => {
  it('counts in each class the levels that were put there', () => {
    const { classes } = audit(results(12, 10));
    // 14 epsilon, the largest error, is more than 1e-15.
    expect(14 * Number.EPSILON).toBeGreaterThan(1e-15);
    expect(classes.above.levels).toBe(61);
    expect(classes.below.levels).toBe(140);
    expect(classes.deflated.levels).toBe(61);
    expect(classes.float32.levels).toBe(201);
  });

  it('takes a level above the floor by magnitude, whatever its sign', () => {
    const given = results(12, 10);
    const small = given.float64.map((values) => {
      const moved = values.slice();
      moved[0] = -15 * Number.EPSILON;
      moved[values.length - 1] = 15 * Number.EPSILON;
      return moved.sort();
    });
    const { above, below } = audit({ ...given, float64: small }).classes;
    expect([above.levels, below.levels]).toEqual([61, 140]);
  });

  it('has as means those of the ratios of each class, signs apart in the classes without zeros', () => {
    const given = results(12, 10);
    const { classes } = audit(given);
    const apart = (levels: ArrayLike<number>) => [
      ...ratios(where(levels, (level) => level < -1e-14)),
      ...ratios(where(levels, (level) => level > 1e-14)),
    ];
    expect(classes.deflated.ratio!.mean).toBeCloseTo(mean(given.deflated.flatMap(apart)), 12);
    expect(classes.above.ratio!.mean).toBeCloseTo(mean(given.float64.flatMap(apart)), 12);
    const below = given.float64.flatMap((levels) => ratios(where(levels, (level) => Math.abs(level) < 1e-14)));
    expect(classes.below.ratio!.mean).toBeCloseTo(mean(below), 12);
    expect(classes.float32.ratio!.count).toBe(12 * 199);
    expect(classes.deflated.ratio!.count).toBe(12 * (18 + 39));
  });

  it('takes from float32 the levels that pass the cut-off: 1e-20 to count them, 1e-10 for their ratios', () => {
    const given = results(12, 10);
    const float32 = given.float32.map((values) => {
      const changed = values.slice();
      // Three of the rounded zeros come out as nothing, next to nothing, and small.
      const first = values.findIndex((value) => Math.abs(value) < 1e-6);
      changed.set([0, 1e-25, 1e-15], first);
      return changed.sort();
    });
    const { levels, ratio } = audit({ ...given, float32 }).classes.float32;
    expect(levels).toBe(199);
    const passing = float32.map((values) => where(values, (value) => Math.abs(value) > 1e-10));
    expect(passing.map(({ length }) => length)).toEqual(new Array(12).fill(198));
    expect(ratio!.mean).toBeCloseTo(mean(passing.flatMap(ratios)), 12);
  });

  it('leaves deflated levels out that float64 does not tell from zero, but takes them for no structural zeros', () => {
    const given = results(4, 2);
    const deflated = given.deflated.map((levels) => Float64Array.from([...levels, -3e-15, 1e-15, 2e-15]).sort());
    const expected = audit(given);
    const found = audit({ ...given, deflated });
    expect(found.classes.deflated).toEqual(expected.classes.deflated);
    expect(found.roundingShare).toBeCloseTo((140 - 3) / 201, 12);
  });

  it('tells which share of what passes the cut-off is structural zeros', () => {
    expect(audit(results(4, 2)).roundingShare).toBeCloseTo(140 / 201, 12);
    expect(audit(results(4, 2, { zeros: 0 })).roundingShare).toBe(0);
  });

  it('gives the error of each matrix in epsilon times its largest magnitude', () => {
    const { floor32, floor64 } = audit(results(3, 2));
    expect(floor64).toEqual([5, 6]);
    expect(floor32).toEqual([3, 4, 5]);
    const given = results(1, 1);
    const doubled = given.float64.map((values) => values.map((value) => -2 * value).reverse());
    expect(audit({ ...given, float64: doubled }).floor64).toEqual([2.5]);
  });

  it('has no mean of a class with hardly any levels', () => {
    const { classes } = audit(results(4, 1, { negative: 2, positive: 2, zeros: 140 }));
    expect(classes.above.ratio).toBeNull();
    expect(classes.deflated.ratio).toBeNull();
    expect(classes.below.ratio).not.toBeNull();
    expect(audit(results(4, 1, { zeros: 0 })).classes.below).toEqual({ levels: 0, ratio: null });
  });

  it('finds independent levels to be independent, within five standard errors of known size', () => {
    const random = randomStream(1, 'independent');
    const size = 200;
    const levels = Array.from({ length: 20 }, (_, i) =>
      poissonLevels(size, random.stream(`${i}`)).map((level) => level + 1000),
    );
    const { classes } = audit({
      size,
      float32: levels.map((values) => Float32Array.from(values)),
      float64: levels,
      deflated: levels,
      floor32: levels.map(() => 1e-4),
      floor64: levels.map(() => 1e-12),
    });
    // The variance of min(r, 1/r) is 0.0809, neighbours are correlated by 0.154.
    const bound = 5 * Math.sqrt((0.0809 * (1 + 2 * 0.154)) / (20 * (size - 2)));
    for (const name of ['above', 'deflated', 'float32'] as const) {
      expect(Math.abs(classes[name].ratio!.mean - meanRatioOf.poisson), name).toBeLessThan(bound);
    }
  });
});
