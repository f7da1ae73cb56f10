import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { betaHermiteEigenvalues, kolmogorovSmirnov, tracyWidom } from '../../src/index.js';
import { airy } from '../../src/tracy-widom/airy.js';
import { gaussLegendre } from '../../src/tracy-widom/gauss-legendre.js';
import { independentBound, integral } from '../oracles.js';

const betas = [1, 2, 4] as const;

/**
 * log F_2 = -int_s^inf (x - s) q^2 dx and int_s^inf q dx by the Hastings-McLeod solution of q'' = s q + 2 q^3, q ~ Ai, run down
 * from s = 12 by the rule of Runge & Kutta; not far below zero, for there it is unstable.
 */
function painleve(to: number): { readonly logF2: number; readonly integralOfQ: number } {
  const from = 12;
  const steps = 20_000;
  const h = (to - from) / steps;
  const difference = (airy(from + 1e-3) - airy(from - 1e-3)) / 2e-3;
  const slope = difference - (1e-6 / 6) * (airy(from) + from * difference);
  // q, q', int q, int q^2, int (x - s) q^2: the last falls by int q^2 as s grows.
  let y = [airy(from), slope, 0, 0, 0];
  const change = (s: number, [q, p, , squares]: number[]) => [p, s * q + 2 * q ** 3, -q, -q * q, -squares];
  const along = (state: number[], by: number, rate: number[]) => state.map((value, i) => value + by * rate[i]);
  for (let i = 0; i < steps; i++) {
    const s = from + i * h;
    const k1 = change(s, y);
    const k2 = change(s + h / 2, along(y, h / 2, k1));
    const k3 = change(s + h / 2, along(y, h / 2, k2));
    const k4 = change(s + h, along(y, h, k3));
    y = y.map((value, j) => value + (h / 6) * (k1[j] + 2 * k2[j] + 2 * k3[j] + k4[j]));
  }
  return { logF2: -y[4], integralOfQ: y[2] };
}

describe('tracyWidom', () => {
  it('has the published means, variances and values', () => {
    // Bornemann 2010, table 10 for beta = 1 and 2; his beta = 4 is stretched by 2^(1/6).
    const published = {
      1: [-1.206533574582, 1.607781034581],
      2: [-1.7710868074116, 0.8131947928329],
      4: [-2.306884893241 / 2 ** (1 / 6), 0.5177237207726 / 2 ** (1 / 3)],
    };
    for (const beta of betas) {
      const law = tracyWidom({ beta });
      const mean = law.moment(1);
      expect(Math.abs(law.moment(0) - 1)).toBeLessThan(1e-13);
      expect(Math.abs(mean - published[beta][0])).toBeLessThan(1e-11);
      expect(Math.abs(law.moment(2) - mean ** 2 - published[beta][1])).toBeLessThan(1e-11);
    }
    expect(tracyWidom({ beta: 2 }).cumulative(-2)).toBeCloseTo(0.413224142505123, 14);
  });

  it('agrees with the Hastings-McLeod solution of Painleve II to 1e-9', () => {
    for (const s of [-3, -2, -1, 0, 1, 2.5]) {
      const { logF2, integralOfQ } = painleve(s);
      const root = Math.exp(logF2 / 2);
      expect(Math.abs(tracyWidom({ beta: 2 }).cumulative(s) - root ** 2)).toBeLessThan(1e-9);
      expect(Math.abs(tracyWidom({ beta: 1 }).cumulative(s) - root * Math.exp(-integralOfQ / 2))).toBeLessThan(1e-9);
      const four = tracyWidom({ beta: 4 }).cumulative(s / 2 ** (2 / 3));
      expect(Math.abs(four - root * Math.cosh(integralOfQ / 2))).toBeLessThan(1e-9);
    }
  });

  it.each(betas)('has a density that integrates to its cumulative, and quantiles that undo it, at beta %d', (beta) => {
    const law = tracyWidom({ beta });
    for (let x = -6; x <= 4; x += 0.25) {
      expect(Math.abs(law.cumulative(x) - integral(law.density, -11, x))).toBeLessThan(1e-12);
      if (law.density(x) > 1e-3) expect(Math.abs(law.quantile(law.cumulative(x)) - x)).toBeLessThan(1e-10);
    }
    for (const k of [1, 2, 3, 4]) {
      // A density rounded by 1e-14 wherever there is one.
      const rounding = integral((x) => 1e-14 * Math.abs(x) ** k, -11, 14);
      const moment = integral((x) => x ** k * law.density(x), -11, 14);
      expect(Math.abs(law.moment(k) - moment)).toBeLessThan(rounding);
    }
    expect([0, 1].map(law.quantile)).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect([-50, 50].map(law.cumulative)).toEqual([0, 1]);
    expect([-50, 50].map(law.density)).toEqual([0, 0]);
    const draws = law.sample(20_000, randomStream(1, `tw ${beta}`)).sort();
    expect(kolmogorovSmirnov(draws, law)).toBeLessThan(independentBound(20_000));
  });

  it('has the known tails to the right, to the order s^(-3/2) that they are known to', () => {
    const [one, two] = [tracyWidom({ beta: 1 }), tracyWidom({ beta: 2 })];
    for (const s of [3, 4, 5]) {
      const power = s ** 1.5;
      const tailOfOne = Math.exp((-2 / 3) * power) / (4 * Math.sqrt(Math.PI * power));
      const tailOfTwo = Math.exp((-4 / 3) * power) / (16 * Math.PI * power);
      expect(Math.abs((1 - one.cumulative(s)) / tailOfOne - 1)).toBeLessThan(2 / power);
      expect(Math.abs((1 - two.cumulative(s)) / tailOfTwo - 1)).toBeLessThan(2 / power);
    }
  });

  it.each(betas)(
    'is followed by the largest eigenvalue of tridiagonal beta-Hermite matrices, at beta %d',
    async (beta) => {
      const algebra = await linearAlgebra();
      const [size, draws] = [200, 400];
      const stream = randomStream(3, `hermite ${beta}`);
      const largest = new Float64Array(draws);
      for (let draw = 0; draw < draws; draw++) {
        const values = await betaHermiteEigenvalues({ size, beta }, stream, algebra);
        // The edge with its first correction in 1/n: 2 sqrt(1 + (1/beta - 1/2)/n).
        largest[draw] = (values[size - 1] - 2 * Math.sqrt(1 + (1 / beta - 0.5) / size)) * size ** (2 / 3);
      }
      expect(kolmogorovSmirnov(largest.sort(), tracyWidom({ beta }))).toBeLessThan(independentBound(draws));
    },
  );

  it('refuses other values of beta', () => {
    expect(() => tracyWidom({ beta: 3 as 4 })).toThrow('beta of the Tracy-Widom law must be 1, 2 or 4, found 3');
  });
});

describe('airy', () => {
  it('has the known values', () => {
    // Abramowitz & Stegun 1964, tables 10.11 to 10.13, and Ai(0) = 3^(-2/3)/Gamma(2/3).
    const known = [
      [0, 0.355028053887817],
      [1, 0.135292416312881],
      [-5, 0.350761009024114],
      [-10, 0.0402412384864432],
      [-12, -0.0665551750543731],
    ];
    for (const [x, value] of known) expect(Math.abs(airy(x) - value)).toBeLessThan(2e-15);
    expect(airy(17)).toBe(0);
  });

  it("satisfies y'' = x y", () => {
    const h = 1e-3;
    for (let x = -11.5; x < 6; x += 0.37) {
      const second = (airy(x + h) - 2 * airy(x) + airy(x - h)) / h ** 2;
      expect(Math.abs(second - x * airy(x))).toBeLessThan(1e-4);
    }
  });
});

describe('gaussLegendre', () => {
  it('integrates polynomials of degree up to 2 n - 1 exactly', () => {
    const { nodes, weights } = gaussLegendre(9);
    for (let k = 0; k < 18; k++) {
      const sum = nodes.reduce((total, x, i) => total + weights[i] * x ** k, 0);
      expect(Math.abs(sum - (k % 2 === 0 ? 2 / (k + 1) : 0))).toBeLessThan(1e-14);
    }
  });
});
