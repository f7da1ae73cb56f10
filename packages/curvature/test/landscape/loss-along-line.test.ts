import { describe, expect, it } from 'vitest';
import { lossAlongLine, type SampleLosses } from '../../src/index.js';

/** Sample n has the loss 1/2 |w - c_n|^2. */
const wells = [
  [0, 1],
  [2, 0],
  [1, 4],
];
const inWells = (weights: Float64Array): SampleLosses => ({
  losses: Float64Array.from(wells, (well) => well.reduce((sum, c, i) => sum + (weights[i] - c) ** 2, 0) / 2),
  accuracy: weights[0] > 0.5 ? 1 : 0,
});

describe('the loss along a line', () => {
  it('is the parabola that a quadratic loss has there, with the standard error of a mean over samples', async () => {
    const a = Float64Array.of(0, 0);
    const b = Float64Array.of(1, 2);
    const { points } = await lossAlongLine(inWells, a, b, { from: -1, to: 2, points: 7 });
    expect(points.map(({ position }) => position)).toEqual([-1, -0.5, 0, 0.5, 1, 1.5, 2]);
    for (const { position: t, loss, standardError, accuracy } of points) {
      // 1/2 |t (1, 2) - c|^2 = 5/2 t^2 - t (c_0 + 2 c_1) + |c|^2 / 2: the means over wells are 13/3 and 11/3
      expect(loss).toBeCloseTo(2.5 * t * t - (13 / 3) * t + 11 / 3, 13);
      const samples = wells.map(([x, y]) => 2.5 * t * t - t * (x + 2 * y) + (x * x + y * y) / 2);
      const mean = samples.reduce((sum, x) => sum + x) / 3;
      const variance = samples.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 2;
      expect(standardError).toBeCloseTo(Math.sqrt(variance / 3), 13);
      expect(accuracy).toBe(t > 0.5 ? 1 : 0);
    }
  });

  it('does not take an end for a place between the ends, whatever rounding does to the positions', async () => {
    // The loss falls all the way from a = -2 to b = 0; -0.3 + 3 / 10 is 2.8e-17.
    const well = (w: Float64Array): SampleLosses => ({ losses: Float64Array.of(w[0] ** 2, w[0] ** 2), accuracy: 1 });
    const options = { from: -0.3, to: 1.3, points: 17 };
    const { points, barrier } = await lossAlongLine(well, Float64Array.of(-2), Float64Array.of(0), options);
    expect([points[3].position, points[13].position]).toEqual([0, 1]);
    expect(barrier.position).toBeCloseTo(0.1, 12);
    expect(barrier.height).toBeCloseTo(1.8 ** 2 - 4, 12);
  });

  it('passes through its ends to the last bit', async () => {
    const a = Float64Array.of(0.1, -0.3);
    const b = Float64Array.of(0.7, 1.1);
    const visited: Float64Array[] = [];
    const { points, ends } = await lossAlongLine(
      (weights) => {
        visited.push(weights);
        return inWells(weights);
      },
      a,
      b,
    );
    expect(points).toHaveLength(41);
    expect(visited).toHaveLength(41);
    expect(visited.slice(0, 2)).toEqual([a, b]);
    expect(points.find(({ position }) => position === 0)).toBe(ends[0]);
    expect(points.find(({ position }) => position === 1)).toBe(ends[1]);
  });
});

describe('the barrier between two ends', () => {
  /** A double well of depth 1 in every sample, raised by an offset of the sample's own. */
  const offsets = [0, 5, -3, 40];
  const doubleWell = (heights: readonly number[]) => (weights: Float64Array) => ({
    losses: Float64Array.from(heights, (height, n) => height * (1 - weights[0] ** 2) ** 2 + offsets[n]),
    accuracy: Number.NaN,
  });
  const [left, right] = [Float64Array.of(-1), Float64Array.of(1)];

  it('is the height of the saddle, and what samples have in common takes no part in its error', async () => {
    const same = await lossAlongLine(doubleWell([1, 1, 1, 1]), left, right);
    expect(same.barrier).toEqual({ height: 1, standardError: 0, position: 0.5 });
    // Heights 0, 1, 2, 3: mean 1.5, variance 5/3.
    const { barrier } = await lossAlongLine(doubleWell([0, 1, 2, 3]), left, right);
    expect(barrier.height).toBeCloseTo(1.5, 14);
    expect(barrier.standardError).toBeCloseTo(Math.sqrt(5 / 3 / 4), 14);
  });

  it('counts from the higher end', async () => {
    const tilted = (weights: Float64Array) => {
      const { losses, accuracy } = doubleWell([1, 1])(weights);
      return { losses: losses.map((loss) => loss + 0.1 * weights[0]), accuracy };
    };
    for (const [a, b] of [
      [left, right],
      [right, left],
    ]) {
      const { barrier } = await lossAlongLine(tilted, a, b, { points: 5 });
      expect(barrier.height).toBeCloseTo(1 - 0.1, 14);
      expect(barrier.position).toBe(0.5);
    }
  });

  it('is negative where the loss lies below the higher end all the way', async () => {
    const { barrier } = await lossAlongLine(inWells, Float64Array.of(0, 0), Float64Array.of(1, 5 / 3));
    expect(barrier.height).toBeLessThan(0);
    expect(barrier.position).toBeCloseTo(0.05, 14); // next to the higher end, the first
  });

  it('is not a number where the loss is none somewhere between', async () => {
    const broken = (weights: Float64Array) => ({
      losses: Float64Array.of(Math.abs(weights[0] - 0.2) < 0.05 ? Number.NaN : 1 - weights[0] ** 2),
      accuracy: 0,
    });
    expect((await lossAlongLine(broken, left, right)).barrier.height).toBeNaN();
  });

  it('needs a point between the ends, ends of one length and a proper range', async () => {
    await expect(lossAlongLine(inWells, left, right, { from: 0, to: 1, points: 2 })).rejects.toThrow(
      'lossAlongLine: no position lies between the ends, found 0, 1',
    );
    await expect(lossAlongLine(inWells, left, new Float64Array(2))).rejects.toThrow(
      'lossAlongLine: expected 1 elements in the second end, found 2',
    );
    await expect(lossAlongLine(inWells, left, right, { from: 1, to: 0 })).rejects.toThrow('from < to, found 1 and 0');
    await expect(lossAlongLine(inWells, left, right, { points: 1 })).rejects.toThrow('points must be an integer');
  });

  it('stops between two points when it is told to, and says how far it is', async () => {
    const controller = new AbortController();
    const fractions: number[] = [];
    const walk = lossAlongLine(doubleWell([1]), left, right, {
      points: 5,
      signal: controller.signal,
      progress: (fraction) => {
        fractions.push(fraction);
        if (fractions.length === 3) controller.abort(new Error('enough'));
      },
    });
    await expect(walk).rejects.toThrow('enough');
    expect(fractions).toEqual([0.2, 0.4, 0.6]);
  });
});
