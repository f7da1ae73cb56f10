import { describe, expect, it } from 'vitest';
import { printedFigures, printedRows } from '../src/printed.js';

describe('The printed numbers', () => {
  it('have three weights a row of Table 3 that sum to 0.979 to 0.996, as the list of claims says', () => {
    const sums = printedRows.flatMap(({ empirical, augmented }) =>
      [empirical, augmented].map(({ heaviest }) => heaviest.reduce((sum, { weight }) => sum + weight, 0)),
    );
    expect(sums).toHaveLength(8);
    expect(Math.min(...sums)).toBeCloseTo(0.979, 12);
    expect(Math.max(...sums)).toBeCloseTo(0.996, 12);
  });

  it('shrink from the empirical to the augmented Hessian at both ends, in all four rows', () => {
    for (const { empirical, augmented } of printedRows) {
      expect(augmented.largest).toBeLessThan(empirical.largest);
      expect(augmented.smallest).toBeGreaterThan(empirical.smallest);
    }
  });

  it('cover Figures 1 to 8, and 13 to 33 but for the two that repeat Figure 19', () => {
    const first = printedRows.flatMap(({ empirical, augmented }) => [empirical.figure, augmented.figure]);
    expect(first.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const rest = Object.values(printedFigures).flatMap((figures) => figures.map(({ figure }) => figure));
    const expected = Array.from({ length: 21 }, (_, i) => 13 + i).filter((figure) => figure !== 20 && figure !== 29);
    expect(rest.sort((a, b) => a - b)).toEqual(expected);
  });
});
