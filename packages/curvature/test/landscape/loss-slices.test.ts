import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { lossPlane, lossSlice } from '../../src/index.js';

const n = 5;
const random = randomStream(1, 'slices');
const matrix = random.stream('matrix').normals(n * n);
const center = random.stream('center').normals(n);
const [first, second] = ['first', 'second'].map((name) => random.stream(name).normals(n));

const form = (a: Float64Array, b: Float64Array) => {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sum += a[i] * matrix[i * n + j] * b[j];
  return sum;
};
/** Two samples whose losses lie 2 apart around w^T A w. */
const quadratic = (weights: Float64Array) => {
  const loss = form(weights, weights);
  return { losses: Float64Array.of(loss - 1, loss + 1), accuracy: weights[0] };
};
const both = (a: Float64Array, b: Float64Array) => form(a, b) + form(b, a);

describe('slices through the loss', () => {
  it('are parabolas along a direction of a quadratic loss', async () => {
    const slice = await lossSlice(quadratic, center, first, { radius: 3, points: 7 });
    expect(slice.map(({ position }) => position)).toEqual([-3, -2, -1, 0, 1, 2, 3]);
    for (const { position: t, loss, standardError, accuracy } of slice) {
      expect(loss).toBeCloseTo(form(center, center) + t * both(center, first) + t * t * form(first, first), 11);
      expect(standardError).toBe(1); // sd of two values 2 apart is sqrt 2
      expect(accuracy).toBeCloseTo(center[0] + t * first[0], 14);
    }
  });

  it('are quadratic surfaces over a plane, the second direction innermost', async () => {
    const plane = await lossPlane(quadratic, center, [first, second], { radii: [1, 2], points: [3, 5] });
    expect(plane.positions).toEqual([Float64Array.of(-1, 0, 1), Float64Array.of(-2, -1, 0, 1, 2)]);
    plane.positions[0].forEach((s, i) => {
      plane.positions[1].forEach((t, j) => {
        const along = s * both(center, first) + s * s * form(first, first);
        const across = t * both(center, second) + t * t * form(second, second);
        const at = i * 5 + j;
        expect(plane.losses[at]).toBeCloseTo(form(center, center) + along + across + s * t * both(first, second), 11);
        expect(plane.standardErrors[at]).toBe(1);
        expect(plane.accuracies[at]).toBeCloseTo(center[0] + s * first[0] + t * second[0], 14);
      });
    });
  });

  it('leave the center as it was', async () => {
    const copy = center.slice();
    await lossSlice(quadratic, center, first, { radius: 1, points: 3 });
    expect(center).toEqual(copy);
  });

  it('refuse directions of another length and an empty range', async () => {
    await expect(lossSlice(quadratic, center, new Float64Array(2), { radius: 1 })).rejects.toThrow(
      'lossSlice: expected 5 elements in the direction, found 2',
    );
    await expect(lossSlice(quadratic, center, first, { radius: 0 })).rejects.toThrow(
      'lossSlice: expected a positive, finite radius, found 0',
    );
    await expect(lossPlane(quadratic, center, [first, new Float64Array(2)], { radii: [1, 1] })).rejects.toThrow(
      'lossPlane: expected 5 elements in the second direction, found 2',
    );
  });
});
