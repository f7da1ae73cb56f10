import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { fourierField } from '../src/fourier-field.js';
import { kernelOf } from '../src/kernels.js';

describe('kernelOf', () => {
  it('gives derivatives that are those of the value', () => {
    for (const kind of ['exponential', 'power', 'floor'] as const) {
      const kernel = kernelOf({ kind, variance: 1.7, length: 1.3 });
      for (const s of [-3, -0.4, -0.01]) {
        const h = 1e-4;
        // O(h^2) times a third derivative below 10.
        expect((kernel.value(s + h) - kernel.value(s - h)) / (2 * h)).toBeCloseTo(kernel.first(s), 7);
        expect((kernel.first(s + h) - kernel.first(s - h)) / (2 * h)).toBeCloseTo(kernel.second(s), 7);
      }
    }
  });
});

describe('fourierField', () => {
  it('has the second derivatives of its gradient', () => {
    const field = fourierField({ kind: 'power', variance: 2, length: 0.9 }, 3, 8, randomStream(1, 'field'));
    const h = 1e-5;
    const gradientAt = (x: number) => {
      const gradient = new Float64Array(3);
      field.addGradient([x, 0.2, -1], gradient);
      return gradient;
    };
    const [up, down] = [gradientAt(0.5 + h), gradientAt(0.5 - h)];
    for (let j = 0; j < 3; j++) {
      expect((up[j] - down[j]) / (2 * h)).toBeCloseTo(field.secondDerivative([0.5, 0.2, -1], 0, j), 6);
    }
  });

  it("has gradients of variance k'(0)", () => {
    for (const kind of ['exponential', 'power'] as const) {
      const config = { kind, variance: 2, length: 0.5 } as const;
      const random = randomStream(2, kind);
      const draws = 20_000;
      const squares = Array.from({ length: draws }, () => {
        const gradient = new Float64Array(2);
        fourierField(config, 2, 4, random).addGradient([1, 2], gradient);
        return gradient[0] ** 2;
      });
      const mean = squares.reduce((sum, x) => sum + x, 0) / draws;
      const error = Math.sqrt(squares.reduce((sum, x) => sum + (x - mean) ** 2, 0)) / draws;
      expect(Math.abs(mean - kernelOf(config).first(0))).toBeLessThan(5 * error);
    }
  });
});
