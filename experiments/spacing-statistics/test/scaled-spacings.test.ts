import { describe, expect, it } from 'vitest';
import { scaledSpacings } from '../src/scaled-spacings.js';

describe('scaledSpacings', () => {
  const spectra = [Float64Array.of(0, 1, 5), Float64Array.of(0, 3, 5)];

  it('divides each spacing by the mean at its place', () => {
    // Means 2 and 3.
    expect([...scaledSpacings(spectra)]).toEqual([1 / 2, 2 / 3, 4 / 3, 3 / 2]);
  });

  it('takes places at equal distances from the ends together when told to', () => {
    expect([...scaledSpacings(spectra, { mirrored: true })]).toEqual([1, 2, 3, 4].map((spacing) => spacing / 2.5));
  });
});
