import { expect } from 'vitest';
import type { Complex, Law, SpectralLaw } from '../../src/index.js';
import { integral } from '../oracles.js';

/** The law without what makes short cuts possible: only what every spectral law must have. */
export function plain(law: SpectralLaw): SpectralLaw {
  const { stieltjesDerivative: _, logarithmicPotential: __, freeLevy: ___, ...rest } = law;
  return rest;
}

/** The law without its rational R-transform, so that it is convolved by subordination. */
export function withoutTriple(law: SpectralLaw): SpectralLaw {
  const { freeLevy: _, ...rest } = law;
  return rest;
}

/** Largest differences of densities and of cumulatives at points across and beyond the law, its edges left out. */
export function differences(one: Law, other: Pick<Law, 'density' | 'cumulative'>, points = 200) {
  const [first, last] = [one.support[0][0], one.support[one.support.length - 1][1]];
  let density = 0;
  let cumulative = 0;
  for (let i = 0; i < points; i++) {
    const x = first + ((last - first) * (1.1 * (i + 0.37))) / points - 0.05 * (last - first);
    density = Math.max(density, Math.abs(one.density(x) - other.density(x)));
    cumulative = Math.max(cumulative, Math.abs(one.cumulative(x) - other.cumulative(x)));
  }
  return { density, cumulative };
}

/** int f(x) over the law, the continuous part by quadrature. */
export function expectation(law: Law, f: (x: number) => number): number {
  const atoms = law.atoms.reduce((sum, { at, mass }) => sum + mass * f(at), 0);
  return law.support.reduce((sum, [a, b]) => sum + integral((x) => law.density(x) * f(x), a, b), atoms);
}

/** G, its derivative and the potential against quadrature over the density, on both sides of the axis. */
export function expectTransforms(law: SpectralLaw, tolerance = 1e-11): void {
  const points: Complex[] = [
    { re: 0.3, im: 0.7 },
    { re: -1.2, im: 0.4 },
    { re: 2.5, im: -0.9 },
    { re: 40, im: 3 },
  ];
  const close = (found: Complex, re: number, im: number, what: string) => {
    expect(Math.hypot(found.re - re, found.im - im), `${law.name}: ${what}`).toBeLessThan(tolerance);
  };
  for (const { re, im } of points) {
    const size = (x: number) => (re - x) ** 2 + im ** 2;
    const g = law.stieltjesTransform({ re, im });
    close(
      g,
      expectation(law, (x) => (re - x) / size(x)),
      expectation(law, (x) => -im / size(x)),
      'G',
    );
    if (law.stieltjesDerivative !== undefined) {
      close(
        law.stieltjesDerivative({ re, im }),
        expectation(law, (x) => -((re - x) ** 2 - im ** 2) / size(x) ** 2),
        expectation(law, (x) => (2 * (re - x) * im) / size(x) ** 2),
        "G'",
      );
    }
    if (law.logarithmicPotential !== undefined) {
      close(
        law.logarithmicPotential({ re, im }),
        expectation(law, (x) => Math.log(size(x)) / 2),
        expectation(law, (x) => Math.atan2(im, re - x)),
        'potential',
      );
    }
  }
}
