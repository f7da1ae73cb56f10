import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { energyAt, fitLaw, theoryExponent } from '../src/fitted-law.js';
import { fitIndexLaw, type IndexedPoint, lackOfFit } from '../src/index-law.js';
import { stepsToTolerance } from '../src/steps-to-tolerance.js';

describe('theoryExponent', () => {
  it('is 3/2 at the critical energy and far below it over the range that networks of n = 16 can be fitted in', () => {
    // The law is 0.8 % off at an excess of 0.01, and alpha = 1e-5 is at half of that.
    expect(Math.abs(theoryExponent(1 / 2, 1e-5)! - 1.5)).toBeLessThan(0.02);
    expect(theoryExponent(1 / 2, 0.15)).toBeLessThan(0.8);
  });

  it('is undefined where there is no critical energy', () => {
    expect(theoryExponent(1, 0.1)).toBeUndefined();
  });
});

/** Points around eps = 0.2 + 0.5 alpha^power, ten at each index. */
function scattered(power: number, noise: number): IndexedPoint[] {
  const random = randomStream(5, 'scattered');
  return Array.from({ length: 300 }, (_, i) => {
    const index = Math.floor(i / 10) / 200;
    return { index, energy: 0.2 + 0.5 * index ** power + noise * random.normal() };
  });
}

describe('lackOfFit', () => {
  it('is small against the scatter of one point where the law holds, and finds a law that does not', () => {
    const law = (points: IndexedPoint[]) => fitIndexLaw(points, { upTo: 1, exponent: 1.5 })!;
    const right = scattered(2 / 3, 0.02);
    expect(lackOfFit(right, law(right))).toBeLessThan(0.02 / 3);
    const wrong = scattered(3, 0);
    const { misfit, criticalEnergy } = law(wrong);
    expect(lackOfFit(wrong, law(wrong))).toBeCloseTo(misfit * criticalEnergy, 10);
  });

  it('is undefined without two points of one index', () => {
    const points = [0, 0.1, 0.2, 0.3].map((index) => ({ index, energy: 1 + index }));
    expect(lackOfFit(points, fitIndexLaw(points, { upTo: 1 })!)).toBeUndefined();
  });
});

describe('fitLaw', () => {
  it('has intervals around its fits, and the same ones every time', () => {
    const points = scattered(2 / 3, 0.005);
    const law = fitLaw(points, 0.1, 'test', 60);
    expect(law.points).toBe(210);
    expect(law.exponent![0]).toBeLessThan(law.free!.exponent);
    expect(law.exponent![1]).toBeGreaterThan(law.free!.exponent);
    expect(law.criticalEnergy![0]).toBeLessThan(0.2);
    expect(law.criticalEnergy![1]).toBeGreaterThan(0.2);
    expect(energyAt(law.fixed!, 0)).toBe(law.fixed!.criticalEnergy);
    expect(fitLaw(points, 0.1, 'test', 60)).toEqual(law);
  });
});

describe('stepsToTolerance', () => {
  it('continues a power law exactly', () => {
    const trace = Array.from({ length: 12 }, (_, k) => 3 * (2 ** k) ** -0.7);
    const { steps, power } = stepsToTolerance(trace, 2 ** 10, 1e-6);
    expect(power).toBeCloseTo(0.7, 10);
    expect(steps / 3e6 ** (1 / 0.7)).toBeCloseTo(1, 8);
  });

  it('never ends where nothing falls, and refuses a step that was not recorded', () => {
    expect(stepsToTolerance([1, 1, 1], 4, 1e-6).steps).toBe(Number.POSITIVE_INFINITY);
    expect(() => stepsToTolerance([1, 1, 1], 6, 1e-6)).toThrow('found 6');
  });
});
