import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { decayAt, decayLaws, fitDecay, type Point } from '../src/decay-law.js';
import { imagenetRuns, printedFits } from '../src/imagenet-points.js';

const times = [5, 10, 20, 30, 50, 80, 120, 200];
const exact = { exponential: { a: 0.9, b: 0.8, c: -0.04 }, power: { a: 0.9, b: 2, c: -0.7 } };
const parameters = ['a', 'b', 'c'] as const;

describe('a law of decay', () => {
  it.each(decayLaws)('that is %s is found from points that lie on it', (law) => {
    const points = times.map((t) => ({ t, y: decayAt({ law, ...exact[law] }, t) }));
    const fit = fitDecay(points, law);
    for (const name of parameters) expect(Math.abs(fit[name] / exact[law][name] - 1)).toBeLessThan(1e-6);
    expect(fit.residualSquares).toBeLessThan(1e-16);
  });

  it.each(decayLaws)('that is %s scatters from sample to sample as much as its standard errors say', (law) => {
    const draws = 1000;
    const deviation = 0.002;
    const random = randomStream(4, law);
    const fits = Array.from({ length: draws }, (_, draw) => {
      const noise = random.stream(`draw-${draw}`).normals(times.length);
      return fitDecay(
        times.map((t, i) => ({ t, y: decayAt({ law, ...exact[law] }, t) + deviation * noise[i] })),
        law,
      );
    });
    for (const name of parameters) {
      const found = fits.map((fit) => fit[name]);
      const mean = found.reduce((sum, value) => sum + value, 0) / draws;
      const scatter = Math.sqrt(found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (draws - 1));
      const told = Math.sqrt(fits.reduce((sum, fit) => sum + fit.standardErrors![name] ** 2, 0) / draws);
      // Each has a relative error of 1 / sqrt(2 draws) or less than twice that (five degrees of freedom a draw); five
      // of these, and 4 % for what is not linear in the noise.
      expect(Math.abs(scatter / told - 1)).toBeLessThan(5 * Math.sqrt(1 / (2 * draws) + 1 / (2 * 5 * draws)) + 0.04);
      expect(Math.abs(mean - exact[law][name])).toBeLessThan((5 * told) / Math.sqrt(draws) + 0.1 * told);
    }
  });

  it('has no smaller sum of squares nearby', () => {
    const points = imagenetRuns.map(({ loss }) => loss);
    for (const law of decayLaws) {
      const fit = fitDecay(points, law);
      const squares = (of: typeof fit) => points.reduce((sum, { t, y }) => sum + (y - decayAt(of, t)) ** 2, 0);
      expect(Math.abs(squares(fit) / fit.residualSquares - 1)).toBeLessThan(1e-12);
      for (const name of parameters) {
        for (const factor of [0.999, 1.001]) {
          expect(squares({ ...fit, [name]: factor * fit[name] })).toBeGreaterThan(fit.residualSquares);
        }
      }
      const { points: n } = fit;
      expect(fit.aic).toBeCloseTo(n * Math.log(fit.residualSquares / n) + 8, 12);
    }
  });

  it("fits the authors' points as they print it, with the standard errors of their routine", () => {
    // Standard errors of SciPy's curve_fit on these points, as far as they were noted down.
    const noted = { loss: [0.005, 0.043, 0.0031], error: [0.0014, 0.0097, 0.0031] };
    const units = { loss: [0.001, 0.001, 0.0001], error: [0.0001, 0.0001, 0.0001] };
    for (const quantity of ['loss', 'error'] as const) {
      const fit = fitDecay(
        imagenetRuns.map((run) => run[quantity]),
        'exponential',
      );
      parameters.forEach((name, i) => {
        expect(Math.abs(fit[name] / printedFits[quantity][name] - 1)).toBeLessThan(1e-4);
        expect(Math.abs(fit.standardErrors![name] - noted[quantity][i])).toBeLessThanOrEqual(0.5 * units[quantity][i]);
      });
    }
  });

  it('without a best rate of decay has no standard errors', () => {
    const straight: Point[] = times.map((t) => ({ t, y: 1 - 0.001 * t }));
    expect(fitDecay(straight, 'exponential').standardErrors).toBeNull();
    const step: Point[] = times.map((t, i) => ({ t, y: i === 0 ? 2 : 1 + 1e-3 * i }));
    expect(fitDecay(step, 'exponential').standardErrors).toBeNull();
  });

  it('refuses points that cannot carry three parameters', () => {
    const at = (...ts: number[]) => ts.map((t) => ({ t, y: 1 / t }));
    expect(() => fitDecay(at(1, 2, 3), 'power')).toThrow('expected 4 points at 3 different t, found 3 at 3');
    expect(() => fitDecay(at(1, 1, 2, 2), 'power')).toThrow('found 4 at 2');
    expect(() => fitDecay(at(0, 1, 2, 3), 'power')).toThrow('expected finite y at positive t, found Infinity at 0');
  });
});
