import { describe, it } from 'vitest';
import { marchenkoPastur, semicircle } from '../../src/index.js';
import { expectTransforms } from '../free/oracles.js';

describe('the transforms of closed-form laws', () => {
  it.each([
    semicircle({ variance: 1 }),
    semicircle({ variance: 0.3 }),
    marchenkoPastur({ ratio: 0.4 }),
    marchenkoPastur({ ratio: 1 }),
    marchenkoPastur({ ratio: 2.5, scale: 0.7 }),
  ])('are integrals over the density, on both sides of the axis: $name', (law) => {
    expectTransforms(law);
  });
});
