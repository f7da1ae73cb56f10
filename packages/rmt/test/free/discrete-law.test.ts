import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { discreteLaw, empiricalLaw, indexOf, kolmogorovSmirnov } from '../../src/index.js';
import { independentBound } from '../oracles.js';
import { expectTransforms } from './oracles.js';

describe('empiricalLaw', () => {
  it('has an atom of 1/n at each eigenvalue, equal ones together', () => {
    const law = empiricalLaw(Float64Array.of(-2, -1, -1, 0.5));
    expect(law.atoms).toEqual([
      { at: -2, mass: 0.25 },
      { at: -1, mass: 0.5 },
      { at: 0.5, mass: 0.25 },
    ]);
    expect(law.support).toEqual([]);
    expect([-3, -2, -1.5, -1, 0, 0.5, 7].map((x) => law.cumulative(x))).toEqual([0, 0.25, 0.25, 0.75, 0.75, 1, 1]);
    expect([0, 0.25, 0.26, 0.75, 0.76, 1].map((p) => law.quantile(p))).toEqual([-2, -2, -1, -1, 0.5, 0.5]);
    expect(law.moment(0)).toBe(1);
    expect(law.moment(3)).toBe((-8 - 2 + 0.125) / 4);
    expect(law.density(-1)).toBe(0);
    expect(indexOf(law)).toBe(0.75);
  });

  it('has the transforms of its sums, far away as well', () => {
    expectTransforms(empiricalLaw(randomStream(1, 'spectrum').normals(100).sort()), 1e-13);
  });

  it('takes eigenvalues within the tolerance for exact zeros', () => {
    const law = empiricalLaw(Float64Array.of(-1, -1e-17, 0, 3e-17, 2), { zeroTolerance: 1e-16 });
    expect(law.atoms.map(({ at }) => at)).toEqual([-1, 0, 2]);
    expect(law.atoms[1].mass).toBeCloseTo(0.6, 15);
    expect(indexOf(law)).toBeCloseTo(0.2, 15);
  });

  it('is sampled by its masses', () => {
    const law = discreteLaw([
      { at: 1, mass: 0.2 },
      { at: 2, mass: 0.8 },
    ]);
    const draws = law.sample(5000, randomStream(1, 'draws')).sort();
    expect(kolmogorovSmirnov(draws, law)).toBeLessThan(independentBound(5000));
  });

  it('refuses spectra out of order, empty or with NaN', () => {
    expect(() => empiricalLaw(Float64Array.of(1, 0))).toThrow('must be in ascending order, found 1 before 0');
    expect(() => empiricalLaw(Float64Array.of())).toThrow('at least one value');
    expect(() => empiricalLaw(Float64Array.of(0, Number.NaN))).toThrow('must be finite, found NaN at position 1');
    expect(() => empiricalLaw(Float64Array.of(0), { zeroTolerance: -1 })).toThrow('must not be negative, found -1');
  });
});

describe('discreteLaw', () => {
  it('refuses masses that are no probabilities', () => {
    expect(() => discreteLaw([{ at: 0, mass: 0.9 }])).toThrow('must have the sum 1, found 0.9');
    expect(() =>
      discreteLaw([
        { at: 0, mass: -0.5 },
        { at: 1, mass: 1.5 },
      ]),
    ).toThrow('at 0 must have a positive mass, found -0.5');
    expect(() =>
      discreteLaw([
        { at: 1, mass: 0.5 },
        { at: 1, mass: 0.5 },
      ]),
    ).toThrow('found two at 1');
    expect(() =>
      discreteLaw([
        { at: 1, mass: 0.5 },
        { at: 0, mass: 0.5 },
      ]),
    ).toThrow('ascending');
  });
});
