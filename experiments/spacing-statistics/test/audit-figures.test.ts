import { checkFigure } from '@hessian-rmt/plotting';
import { describe, expect, it } from 'vitest';
import { audit } from '../src/audit-classes.js';
import { magnitudeFigure } from '../src/audit-figures.js';
import { auditProfiles } from '../src/audit-settings.js';
import type { AuditedCondition } from '../src/audited.js';
import type { FullResults } from '../src/conditions.js';
import { images } from '../src/images-available.js';

/** Six batches of 40 levels, two of them analysed; batch b has levels about 10^-b, and 10 structural zeros. */
function audited(inFloat64: number): AuditedCondition {
  const batches = [0, 1, 2, 3, 4, 5];
  const levels = (b: number) => Float64Array.from({ length: 30 }, (_, i) => 10 ** -b * (1.1 + i / 100));
  const whole = (b: number) =>
    Float64Array.from([...Array.from({ length: 10 }, (_, i) => 1e-17 * (i + 1)), ...levels(b)]);
  // In float64 are the last of the first two, or those and the next ones.
  const first = Math.max(0, 2 - inFloat64);
  const full: FullResults = {
    size: 40,
    float32: batches.map((b) => Float32Array.from(whole(b))),
    float64: batches.slice(first, first + inFloat64).map(whole),
    deflated: batches.map(levels),
    floor32: batches.map(() => 1e-7),
    floor64: batches.slice(first, first + inFloat64).map(() => 1e-15),
  };
  const network = 'softmax regression';
  const condition = {
    network,
    images: images.digits,
    inputs: 196,
    epochs: 1,
    keep: [1],
    epoch: 1,
    split: 'test',
    batch: 64,
  } as const;
  return { condition, full, audit: audit(full) };
}

/** The decade in which most levels of a panel's histogram stand. */
function decadesOf(one: AuditedCondition): number[][] {
  const figure = magnitudeFigure('audit', [one], auditProfiles.laptop);
  checkFigure(figure);
  return figure.panels.map(({ marks }) =>
    marks.map((mark) => {
      if (mark.kind !== 'histogram') throw new Error('no histogram');
      expect(mark.heights.reduce((sum, height) => sum + height, 0)).toBeGreaterThanOrEqual(30);
      return Math.floor(Math.log10(mark.edges[mark.heights.indexOf(Math.max(...mark.heights))]) + 1e-9);
    }),
  );
}

describe('The figure of magnitudes', () => {
  it('shows one and the same batch in float64, float32 and deflated, however many are in float64', () => {
    // Panels float64 and float32, in each the whole spectrum and the deflated one.
    expect(decadesOf(audited(1))).toEqual([
      [-1, -1],
      [-1, -1],
    ]);
    for (const inFloat64 of [2, 4, 6]) {
      expect(decadesOf(audited(inFloat64)), `${inFloat64}`).toEqual([
        [0, 0],
        [0, 0],
      ]);
    }
  });
});
