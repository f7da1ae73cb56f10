import { describe, expect, it } from 'vitest';
import {
  discreteLaw,
  freeAdditiveConvolution,
  marchenkoPastur,
  momentTransform,
  semicircle,
  stieltjesInversion,
  stieltjesTransform,
} from '../../src/index.js';

describe('stieltjesTransform', () => {
  it('of a measured spectrum is the mean of 1/(z - eigenvalue)', () => {
    // (1/(i - 1) + 1/(i + 3))/2 = ((-1 - i)/2 + (3 - i)/10)/2
    const g = stieltjesTransform(Float64Array.of(-3, 1), { re: 0, im: 1 });
    expect(g.re).toBeCloseTo(-0.1, 15);
    expect(g.im).toBeCloseTo(-0.3, 15);
  });

  it('of a law is conjugate on the other side of the axis', () => {
    const law = marchenkoPastur({ ratio: 0.3 });
    const [above, below] = [0.2, -0.2].map((im) => stieltjesTransform(law, { re: 1, im }));
    expect(below).toEqual({ re: above.re, im: -above.im });
    expect(above.im).toBeLessThan(0);
  });

  it('refuses the real axis and spectra out of order', () => {
    const law = semicircle({ variance: 1 });
    expect(() => stieltjesTransform(law, { re: 1, im: 0 })).toThrow(
      'off the real axis, at finite points, found 1 + 0i',
    );
    expect(() => stieltjesTransform(law, { re: Number.NaN, im: 1 })).toThrow(RangeError);
    expect(() => momentTransform(law, { re: 0.1, im: 0 })).toThrow(
      'off the real axis, at finite points, found 0.1 + 0i',
    );
    expect(() => momentTransform(law, { re: 0, im: 0 })).toThrow('off the real axis, at finite points, found 0 + 0i');
    expect(() => stieltjesTransform(Float64Array.of(2, 1), { re: 1, im: 1 })).toThrow('ascending order');
  });
});

describe('momentTransform', () => {
  it('is the power series of the moments near zero', () => {
    const law = marchenkoPastur({ ratio: 0.3 });
    const z = 1e-3;
    let series = 0;
    for (let k = 8; k > 0; k--) series = z * (law.moment(k) * 1 + series);
    expect(momentTransform(law, { re: z, im: 1e-12 }).re).toBeCloseTo(series, 13);
  });
});

describe('stieltjesInversion', () => {
  it('gains an order of the height with every level', () => {
    const law = marchenkoPastur({ ratio: 0.3 });
    const errors = [1, 3, 5].map((levels) => {
      const density = stieltjesInversion((z) => law.stieltjesTransform(z), 1.2, { height: 0.005, levels });
      return Math.abs(density - law.density(1.2));
    });
    expect(errors[0]).toBeLessThan(5e-3);
    expect(errors[1]).toBeLessThan(1e-5);
    expect(errors[2]).toBeLessThan(5e-7);
  });

  it('finds the density of a free convolution', () => {
    const law = freeAdditiveConvolution(
      discreteLaw([
        { at: -1, mass: 0.5 },
        { at: 2, mass: 0.5 },
      ]),
      semicircle({ variance: 1 }),
    );
    const density = stieltjesInversion((z) => law.stieltjesTransform(z), 0.6, { height: 1e-3 });
    expect(density).toBeCloseTo(law.density(0.6), 9);
  });

  it('refuses a height of zero', () => {
    expect(() => stieltjesInversion((z) => z, 0, { height: 0 })).toThrow(
      'height of a Stieltjes inversion must be positive',
    );
  });
});
