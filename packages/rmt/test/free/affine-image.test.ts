import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { affineImage, discreteLaw, kolmogorovSmirnov, marchenkoPastur, rTransform } from '../../src/index.js';
import { expectLaw, independentBound } from '../oracles.js';
import { expectTransforms } from './oracles.js';

describe('affineImage', () => {
  it.each([{ scale: 2, shift: -1 }, { scale: -0.5, shift: 0.25 }, { scale: -3 }])(
    'is a law with transforms, atom and all: %o',
    (map) => {
      const law = affineImage(marchenkoPastur({ ratio: 2 }), map);
      expectLaw(law, 1e-11);
      expectTransforms(law, 1e-11);
    },
  );

  it('has draws that are images of draws', () => {
    const law = affineImage(marchenkoPastur({ ratio: 2 }), { scale: -2, shift: 1 });
    const images = marchenkoPastur({ ratio: 2 })
      .sample(5000, randomStream(1, 'draws'))
      .map((x) => -2 * x + 1)
      .sort();
    expect(kolmogorovSmirnov(images, law)).toBeLessThan(independentBound(5000));
  });

  it('has the R-transform shift + scale R(scale g)', () => {
    const law = affineImage(marchenkoPastur({ ratio: 2 }), { scale: -2, shift: 1 });
    expect(rTransform(law, { re: 0.1, im: 0 }).re).toBeCloseTo(1 - 2 / (1 + 0.2 * 2), 14);
  });

  it('is a point where the scale is 0', () => {
    expect(affineImage(marchenkoPastur({ ratio: 2 }), { scale: 0, shift: 3 }).atoms).toEqual([{ at: 3, mass: 1 }]);
    expect(() => affineImage(discreteLaw([{ at: 0, mass: 1 }]), { scale: Number.NaN })).toThrow('finite, found NaN');
  });
});
