import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { gaussianProcessHessian, hessianCovariance } from '../../src/index.js';

/** Mixed differences d^2/dw_i dw_j d^2/dw'_k dw'_l of a kernel of two points at w = w' = `at`, error O(h^2). */
function fourthDifference(
  kernel: (w: readonly number[], v: readonly number[]) => number,
  at: readonly number[],
  [i, j, k, l]: readonly number[],
  h: number,
): number {
  let sum = 0;
  for (let signs = 0; signs < 16; signs++) {
    const [a, b, c, d] = [0, 1, 2, 3].map((bit) => ((signs >> bit) & 1 ? 1 : -1));
    const [w, v] = [[...at], [...at]];
    w[i] += a * h;
    w[j] += b * h;
    v[k] += c * h;
    v[l] += d * h;
    sum += a * b * c * d * kernel(w, v);
  }
  return sum / (2 * h) ** 4;
}

const dot = (w: readonly number[], v: readonly number[]) => w.reduce((sum, x, i) => sum + x * v[i], 0);

describe('hessianCovariance', () => {
  const halfSquare = (w: readonly number[], v: readonly number[]) => -dot(diff(w, v), diff(w, v)) / 2;
  const diff = (w: readonly number[], v: readonly number[]) => w.map((x, i) => x - v[i]);
  const same = (i: number, j: number) => (i === j ? 1 : 0);
  const indices = [
    [0, 0, 0, 0],
    [0, 0, 1, 1],
    [0, 1, 0, 1],
    [0, 1, 1, 0],
    [0, 1, 0, 0],
    [0, 1, 2, 2],
    [0, 0, 1, 2],
  ];

  it('is what four derivatives of a stationary kernel leave, whose shift is k"(0) and not k\'(0)^2', () => {
    // k(s) = 3 exp(s/2): k' = 1.5, k'' = 0.75; k(s) = 2 (1 - s)^-1: k' = 2, k'' = 4.
    const kernels = [
      { k: (s: number) => 3 * Math.exp(s / 2), first: 1.5, second: 0.75, third: 0.375 },
      { k: (s: number) => 2 / (1 - s), first: 2, second: 4, third: 12 },
    ];
    for (const { k, first, second, third } of kernels) {
      const { elements, shift } = hessianCovariance({ first, second });
      expect([elements, shift]).toEqual([second, second]);
      for (const [a, b, c, d] of indices) {
        const expected =
          elements * (same(a, c) * same(b, d) + same(a, d) * same(b, c)) + shift * same(a, b) * same(c, d);
        const found = fourthDifference((w, v) => k(halfSquare(w, v)), [0.3, -1, 0.2], [a, b, c, d], 0.01);
        // Four central differences, each h^2/6 times two more derivatives: at most 15 k'''. Rounding is 1e-16/h^4.
        expect(Math.abs(found - expected), `${a}${b}${c}${d}`).toBeLessThan(0.01 ** 2 * 15 * third);
      }
    }
  });

  it('on the sphere is what covariant derivatives of the spin glass leave, whose shift is p^2', () => {
    // Geodesic coordinates at the pole: w = (x, sqrt(1 - |x|^2)) has second derivatives like them at the pole.
    const p = 3;
    const lift = (x: readonly number[]) => [...x, Math.sqrt(1 - dot(x, x))];
    const kernel = (x: readonly number[], y: readonly number[]) => dot(lift(x), lift(y)) ** p;
    const { elements, shift } = hessianCovariance({ first: p, second: p * (p - 1) }, { on: 'sphere' });
    expect([elements, shift]).toEqual([6, 9]);
    for (const [a, b, c, d] of indices) {
      const expected = elements * (same(a, c) * same(b, d) + same(a, d) * same(b, c)) + shift * same(a, b) * same(c, d);
      expect(Math.abs(fourthDifference(kernel, [0, 0, 0], [a, b, c, d], 0.01) - expected)).toBeLessThan(0.02);
    }
  });

  it('given the value leaves no shift in a spin glass, nor in a stationary kernel of one length', () => {
    expect(hessianCovariance({ value: 1, first: 3, second: 6 }, { on: 'sphere', given: 'value' }).shift).toBe(0);
    // k(s) = 2 exp(s/4): one wavelength has variance k'(0)^2/k(0) = k''(0).
    expect(hessianCovariance({ value: 2, first: 0.5, second: 0.125 }, { given: 'value' }).shift).toBe(0);
    // k(s) = 1/(1 - s): 1, 1, 2.
    expect(hessianCovariance({ value: 1, first: 1, second: 2 }, { given: 'value' }).shift).toBe(1);
  });

  it('refuses what no kernel has', () => {
    expect(() => hessianCovariance({ first: 0, second: 1 })).toThrow("k'(0) of a kernel must be positive");
    expect(() => hessianCovariance({ first: 1, second: 0 })).toThrow("k''(0) of a kernel must be positive");
    expect(() => hessianCovariance({ first: 1, second: 1 }, { given: 'value' })).toThrow('k(0) is needed, found none');
    expect(() => hessianCovariance({ value: 1, first: 1, second: 0.1 }, { given: 'value' })).toThrow('found 1');
  });
});

describe('gaussianProcessHessian', () => {
  it('has the covariance that it was given', () => {
    const covariance = { elements: 0.5, shift: 3 };
    const random = randomStream(1, 'covariance');
    const draws = 20_000;
    let [offDiagonal, diagonal, cross] = [0, 0, 0];
    for (let draw = 0; draw < draws; draw++) {
      const h = gaussianProcessHessian({ size: 3, covariance }, random);
      expect(h[1]).toBe(h[3]);
      offDiagonal += h[1] ** 2 / draws;
      diagonal += h[0] ** 2 / draws;
      cross += (h[0] * h[4]) / draws;
    }
    // A mean of squares of normals of variance v has deviation v sqrt(2/draws); of products, less.
    const error = 5 * Math.sqrt(2 / draws);
    expect(Math.abs(offDiagonal - 0.5)).toBeLessThan(0.5 * error);
    expect(Math.abs(diagonal - 4)).toBeLessThan(4 * error);
    expect(Math.abs(cross - 3)).toBeLessThan(4 * error);
  });

  it('gives the same stream the same spectrum, scaled and shifted, under any covariance', async () => {
    const algebra = await linearAlgebra();
    const size = 60;
    const spectrum = (elements: number, shift: number) =>
      algebra.symmetricEigenvalues(
        gaussianProcessHessian({ size, covariance: { elements, shift } }, randomStream(2, 'spectra')),
        size,
      );
    const goe = await spectrum(1 / size, 0);
    const other = await spectrum(7, 12);
    const scale = (other[size - 1] - other[0]) / (goe[size - 1] - goe[0]);
    expect(scale).toBeCloseTo(Math.sqrt(7 * size), 10);
    const shift = other[0] - scale * goe[0];
    const residual = other.map((x, i) => x - scale * goe[i] - shift);
    expect(Math.max(...residual.map(Math.abs))).toBeLessThan(size * Number.EPSILON * scale * 4);
  });

  it('pads with zeros and adds the spikes to the diagonal', () => {
    const parameters = { size: 3, covariance: { elements: 1, shift: 1 } };
    const plain = gaussianProcessHessian(parameters, randomStream(3));
    const padded = gaussianProcessHessian({ ...parameters, zeroDirections: 2, spikes: [5] }, randomStream(3));
    expect(padded.length).toBe(25);
    for (let i = 0; i < 5; i++) {
      for (let j = 0; j < 5; j++) {
        const expected = i < 3 && j < 3 ? plain[3 * i + j] + (i === 0 && j === 0 ? 5 : 0) : 0;
        expect(padded[5 * i + j]).toBeCloseTo(expected, 14);
      }
    }
  });

  it('refuses bad sizes and variances', () => {
    const covariance = { elements: 1, shift: 0 };
    const drawn = (parameters: Parameters<typeof gaussianProcessHessian>[0]) => () =>
      gaussianProcessHessian(parameters, randomStream(4));
    expect(drawn({ size: 0, covariance })).toThrow('integer of at least 1, found 0');
    expect(drawn({ size: 2, covariance, zeroDirections: -1 })).toThrow('integer of at least 0, found -1');
    expect(drawn({ size: 2, covariance: { elements: 0, shift: 0 } })).toThrow('must be positive and finite, found 0');
    expect(drawn({ size: 2, covariance: { elements: 1, shift: -1 } })).toThrow('not negative, found -1');
    expect(drawn({ size: 1, covariance, spikes: [1, 2] })).toThrow('room for as many');
  });
});
