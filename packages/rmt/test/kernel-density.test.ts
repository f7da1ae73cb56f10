import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { kernelDensity } from '../src/index.js';
import { integral } from './oracles.js';

const normal = (x: number, deviation: number) =>
  Math.exp(-(x * x) / (2 * deviation ** 2)) / (deviation * Math.sqrt(2 * Math.PI));

describe('kernelDensity', () => {
  const values = randomStream(1, 'values').normals(200).sort();
  const grid = Float64Array.from({ length: 101 }, (_, i) => -5 + i / 10);

  it('is the mean of normal densities around the values', () => {
    const density = kernelDensity(values, grid, { bandwidth: 0.2 });
    for (const [i, x] of grid.entries()) {
      const expected = values.reduce((sum, value) => sum + normal(x - value, 0.2) / 200, 0);
      expect(Math.abs(density[i] - expected)).toBeLessThan(1e-15);
    }
  });

  it('weighs each value when told to, and integrates to the sum of the weights', () => {
    const nodes = Float64Array.of(-1, 0.5, 2);
    const weights = Float64Array.of(0.2, 0.5, 0.1);
    const at = (x: number) => kernelDensity(nodes, Float64Array.of(x), { bandwidth: 0.3, weights })[0];
    expect(at(0.4)).toBeCloseTo(0.2 * normal(1.4, 0.3) + 0.5 * normal(0.1, 0.3) + 0.1 * normal(1.6, 0.3), 14);
    expect(integral(at, -4, 5)).toBeCloseTo(0.8, 10);
  });

  it("takes Silverman's bandwidth 0.9 min(s, IQR/1.34) n^(-1/5)", () => {
    // 0 .. 4: standard deviation sqrt(2.5) = 1.58, quartiles 1 and 3, 2/1.34 = 1.49 is the smaller.
    const five = Float64Array.of(0, 1, 2, 3, 4);
    const bandwidth = 0.9 * (2 / 1.34) * 5 ** -0.2;
    const [one, two] = [kernelDensity(five, grid), kernelDensity(five, grid, { bandwidth })];
    for (const i of grid.keys()) expect(one[i]).toBeCloseTo(two[i], 14);
  });

  it('refuses what it cannot smooth', () => {
    expect(() => kernelDensity(Float64Array.of(2, 1), grid)).toThrow('must be in ascending order');
    expect(() => kernelDensity(values, grid, { bandwidth: 0 })).toThrow(
      'bandwidth of a density must be positive and finite, found 0',
    );
    expect(() => kernelDensity(new Float64Array(9), grid)).toThrow(
      'bandwidth of a density must be positive and finite, found 0',
    );
    const weights = new Float64Array(3);
    expect(() => kernelDensity(values, grid, { bandwidth: 1, weights })).toThrow(
      '200 values needs as many weights, found 3',
    );
    const unknown = Float64Array.of(1, Number.NaN);
    expect(() => kernelDensity(Float64Array.of(1, 2), grid, { bandwidth: 1, weights: unknown })).toThrow(
      'must be finite, found NaN at position 1',
    );
    expect(() => kernelDensity(new Float64Array(3), grid, { weights })).toThrow('needs a bandwidth');
  });
});
