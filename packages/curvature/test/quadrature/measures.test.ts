import { describe, expect, it } from 'vitest';
import {
  bulkSkewness,
  kernelWidthGhorbani,
  kernelWidthPapyan,
  largestWeights,
  massUpTo,
  moment,
  negativeMass,
  type Quadrature,
  smoothedDensity,
} from '../../src/index.js';

const rule = (...points: readonly (readonly [number, number])[]): Quadrature => ({
  nodes: Float64Array.from(points, ([node]) => node),
  weights: Float64Array.from(points, ([, weight]) => weight),
});

describe('a smoothed density', () => {
  const quadrature = rule([-1, 0.25], [0.5, 0.5], [2, 0.25]);
  const mean = (k: number, { points, density }: { points: Float64Array; density: Float64Array }) =>
    points.reduce((sum, x, i) => sum + x ** k * density[i], 0) * (points[1] - points[0]);

  it('has mass 1, the same mean, and a second moment that is larger by the squared width', () => {
    const width = 0.3;
    const smoothed = smoothedDensity(quadrature, { width, from: -5, to: 6, count: 4000 });
    expect(mean(0, smoothed)).toBeCloseTo(1, 10);
    expect(mean(1, smoothed)).toBeCloseTo(moment(quadrature, 1), 10);
    expect(mean(2, smoothed)).toBeCloseTo(moment(quadrature, 2) + width ** 2, 10);
  });

  it('has a peak of a normal density at a node that stands alone, and ends 4 widths beyond the nodes', () => {
    const smoothed = smoothedDensity(quadrature, { width: 0.01, count: 3081 });
    expect(smoothed.points[0]).toBeCloseTo(-1.04, 12);
    expect(smoothed.points[3080]).toBeCloseTo(2.04, 12);
    const peak = smoothed.density.reduce((a, b) => Math.max(a, b));
    expect(peak).toBeCloseTo(0.5 / (0.01 * Math.sqrt(2 * Math.PI)), 8);
  });

  it('takes its width from the rules of two papers', () => {
    expect(kernelWidthGhorbani(quadrature)).toBe(Math.sqrt(3e-5));
    expect(kernelWidthGhorbani(rule([0, 0.5], [0.1, 0.5]))).toBe(Math.sqrt(1e-5));
    const width = kernelWidthPapyan(quadrature, 31, 3);
    // Two kernels 3 / 30 apart meet half way at a third of their height.
    expect(Math.exp(-((0.05 / width) ** 2) / 2)).toBeCloseTo(1 / 3, 12);
  });

  it('refuses widths and ranges that make no sense', () => {
    expect(() => smoothedDensity(quadrature, { width: 0 })).toThrow('positive width, found 0');
    expect(() => smoothedDensity(quadrature, { width: 1, from: 2, to: 1 })).toThrow('from < to');
    expect(() => smoothedDensity(quadrature, { width: 1, count: 1 })).toThrow('2 points or more');
    expect(() => kernelWidthPapyan(quadrature, 10, 1)).toThrow('kappa > 1');
  });
});

describe('the negative mass', () => {
  it('leaves out the Ritz value of smallest magnitude and its like, as Table 3 of Granziol et al. 2020 does', () => {
    // CIFAR-10 Normal: weight 0.09 in all, -0.01 of weight 0.085 counts beside 0.007.
    const normal = rule([-1.3, 0.005], [-0.01, 0.085], [0.007, 0.88], [0.02, 0.03]);
    expect(negativeMass(normal)).toMatchObject({ count: 2, allCount: 2, nodes: 4 });
    expect(negativeMass(normal).mass).toBeCloseTo(0.09, 12);
    // CIFAR-100 Overfit: 0.032, without the -0.026 of weight 0.65.
    const overfit = rule([-7, 0.002], [-1, 0.03], [-0.026, 0.65], [0.05, 0.318]);
    expect(negativeMass(overfit).mass).toBeCloseTo(0.032, 12);
    expect(negativeMass(overfit)).toMatchObject({ count: 2, allCount: 3 });
    expect(negativeMass(overfit).allMass).toBeCloseTo(0.682, 12);
  });

  it('does not count a degenerate mass that is split to both sides of the origin', () => {
    expect(negativeMass(rule([-0.0011, 0.5], [0.001, 0.5]))).toMatchObject({ count: 0, mass: 0, allCount: 1 });
    expect(negativeMass(rule([-0.0011, 0.5], [0.001, 0.5]), 1)).toMatchObject({ count: 1, mass: 0.5 });
    expect(() => negativeMass(rule([1, 1]), 0.5)).toThrow('1 or more, found 0.5');
  });
});

describe('a discrete measure', () => {
  const quadrature = rule([-2, 0.1], [0, 0.6], [1, 0.2], [3, 0.1]);

  it('has moments, a distribution function and largest weights', () => {
    expect(moment(quadrature, 0)).toBeCloseTo(1, 14);
    expect(moment(quadrature, 2)).toBeCloseTo(0.4 + 0.2 + 0.9, 14);
    expect([-3, -2, 0.5, 3].map((x) => massUpTo(quadrature, x))).toEqual([0, 0.1, 0.7, expect.closeTo(1, 14)]);
    expect(largestWeights(quadrature, 2)).toEqual([
      { node: 0, weight: 0.6 },
      { node: 1, weight: 0.2 },
    ]);
  });

  it('has no skewness where it has no width, or nothing in it', () => {
    const single = rule([-5, 0.2], [0.8052382753576206, 0.7704320342785893], [9, 0.03]);
    expect(bulkSkewness(single, { from: 0, to: 1 })).toMatchObject({
      byMass: Number.NaN,
      byNodes: Number.NaN,
      nodes: 1,
    });
    expect(bulkSkewness(rule([0.1, 0.1], [0.1, 0.2], [0.1, 0.3]))).toMatchObject({
      byMass: Number.NaN,
      byNodes: Number.NaN,
    });
    expect(bulkSkewness(single, { from: 1, to: 2 })).toEqual({
      byMass: Number.NaN,
      byNodes: Number.NaN,
      mass: 0,
      nodes: 0,
    });
  });

  it('is skewed to the side of its longer tail, within the bulk that is asked for', () => {
    // Exact: a mass p at 1 and 1 - p at 0 has skewness (1 - 2 p) / sqrt(p (1 - p)).
    const two = rule([0, 0.8], [1, 0.2]);
    expect(bulkSkewness(two)).toEqual({
      byMass: expect.closeTo(1.5, 12),
      byNodes: expect.closeTo(0, 12),
      mass: 1,
      nodes: 2,
    });
    const bulk = bulkSkewness(quadrature, { from: -3, to: 2, spike: 1e-9 });
    expect(bulk).toMatchObject({ nodes: 2, mass: expect.closeTo(0.3, 12) });
    expect(bulk.byMass).toBeCloseTo((1 - 4 / 3) / Math.sqrt(2 / 9), 12);
  });
});
