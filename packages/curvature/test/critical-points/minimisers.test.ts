import { describe, expect, it } from 'vitest';
import { barzilaiBorwein } from '../../src/critical-points/barzilai-borwein.js';
import { gradientDescent } from '../../src/critical-points/gradient-descent.js';
import { lbfgs } from '../../src/critical-points/lbfgs.js';
import type { SmoothFunction } from '../../src/critical-points/smooth-function.js';

/** Rosenbrock's valley in any even dimension: one minimum, at (1, ..., 1), value 0. */
const rosenbrock: SmoothFunction = (x, gradient) => {
  let value = 0;
  for (let i = 0; i < x.length; i += 2) {
    const across = x[i + 1] - x[i] ** 2;
    value += 100 * across ** 2 + (1 - x[i]) ** 2;
    gradient[i] = -400 * x[i] * across - 2 * (1 - x[i]);
    gradient[i + 1] = 200 * across;
  }
  return value;
};

/** 1/2 sum c_i (x_i - i)^2. */
const quadratic =
  (curvatures: readonly number[]): SmoothFunction =>
  (x, gradient) => {
    let value = 0;
    for (let i = 0; i < x.length; i++) {
      gradient[i] = curvatures[i] * (x[i] - i);
      value += 0.5 * gradient[i] * (x[i] - i);
    }
    return value;
  };

describe('lbfgs', () => {
  it("finds the end of Rosenbrock's valley to rounding", () => {
    const start = new Float64Array(20).map((_, i) => (i % 2 === 0 ? -1.2 : 1));
    const { point, value, end, iterations } = lbfgs(rosenbrock, start, { gradientTolerance: 1e-10 });
    expect(end).toBe('gradient');
    expect(value).toBeLessThan(1e-20);
    for (const x of point) expect(x).toBeCloseTo(1, 9);
    expect(iterations).toBeLessThan(200);
  });

  it('needs few steps on a quadratic of few different curvatures', () => {
    const curvatures = [1, 1, 10, 10, 1000, 1000, 1000];
    const { point, iterations } = lbfgs(quadratic(curvatures), new Float64Array(7), { gradientTolerance: 1e-9 });
    point.forEach((x, i) => {
      expect(x).toBeCloseTo(i, 8);
    });
    expect(iterations).toBeLessThan(25);
  });

  it('leaves the start untouched and ends where it starts when that is flat', () => {
    const start = Float64Array.of(0, 1, 2);
    const descent = lbfgs(quadratic([1, 2, 3]), start);
    expect(descent).toMatchObject({ end: 'gradient', iterations: 0, evaluations: 1, value: 0 });
    expect([...start]).toEqual([0, 1, 2]);
  });

  it('walks back from where the function is not finite', () => {
    const barrier: SmoothFunction = (x, gradient) => {
      gradient[0] = 1 - 1 / x[0];
      return x[0] > 0 ? x[0] - Math.log(x[0]) : Number.NaN;
    };
    const { point, end } = lbfgs(barrier, Float64Array.of(30), { gradientTolerance: 1e-9 });
    expect(end).toBe('gradient');
    expect(point[0]).toBeCloseTo(1, 8);
  });
});

describe('gradientDescent', () => {
  it('goes down at every step and reaches the minimum of a quadratic', () => {
    const values: number[] = [];
    const { point, end, value } = gradientDescent(quadratic([1, 3, 20]), Float64Array.of(5, 5, 5), {
      gradientTolerance: 1e-9,
      onIteration: (_, seen) => values.push(seen),
    });
    expect(end).toBe('gradient');
    expect(value).toBeLessThan(1e-17);
    point.forEach((x, i) => {
      expect(x).toBeCloseTo(i, 8);
    });
    for (let i = 1; i < values.length; i++) expect(values[i]).toBeLessThanOrEqual(values[i - 1]);
  });

  it('stops at the value asked for, or when its iterations are used up, and says which', () => {
    const stopped = gradientDescent(quadratic([1, 3]), Float64Array.of(9, 9), { stopAt: 10 });
    expect(stopped.end).toBe('value');
    expect(stopped.value).toBeLessThanOrEqual(10);
    expect(gradientDescent(rosenbrock, Float64Array.of(-1.2, 1), { maxIterations: 5 })).toMatchObject({
      end: 'iterations',
      iterations: 5,
    });
  });

  it('says so when no step goes down', () => {
    // The gradient lies: it points downhill.
    const liar: SmoothFunction = (x, gradient) => {
      gradient[0] = -2 * x[0];
      return x[0] ** 2;
    };
    expect(gradientDescent(liar, Float64Array.of(3)).end).toBe('stalled');
  });

  it('refuses a start without a finite value', () => {
    expect(() => gradientDescent(() => Number.NaN, new Float64Array(2))).toThrow(/value at the start is NaN/);
    expect(() => lbfgs(() => Number.POSITIVE_INFINITY, new Float64Array(2))).toThrow(/value at the start is Infinity/);
  });
});

describe('barzilaiBorwein', () => {
  it('reaches the minimum of an ill-conditioned quadratic in far fewer steps than gradient descent', () => {
    const f = quadratic([1, 10, 100, 1000]);
    const start = Float64Array.of(7, 7, 7, 7);
    const fast = barzilaiBorwein(f, start, { gradientTolerance: 1e-8 });
    const slow = gradientDescent(f, start, { gradientTolerance: 1e-8, maxIterations: 100_000 });
    expect(fast.end).toBe('gradient');
    fast.point.forEach((x, i) => {
      expect(x).toBeCloseTo(i, 7);
    });
    expect(fast.iterations).toBeLessThan(slow.iterations / 3);
  });

  it("finds the end of Rosenbrock's valley", () => {
    const { end, value } = barzilaiBorwein(rosenbrock, Float64Array.of(-1.2, 1), { gradientTolerance: 1e-9 });
    expect(end).toBe('gradient');
    expect(value).toBeLessThan(1e-16);
  });
});
