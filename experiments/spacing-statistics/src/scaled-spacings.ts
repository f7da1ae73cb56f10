import { spacings } from '@hessian-rmt/rmt';

/**
 * Spacings of spectra of one ensemble and size, each divided by the mean over the spectra of the spacing at its place (or
 * the mirrored place, where `mirrored`: ensembles whose law does not change when levels change sign). Mean spacing 1
 * without an unfolding, also of very few levels, where no smooth density describes the ends. Ascending.
 */
export function scaledSpacings(spectra: readonly Float64Array[], { mirrored = false } = {}): Float64Array {
  const count = spectra[0].length - 1;
  const mean = new Float64Array(count);
  const all = spectra.map(spacings);
  for (const own of all) for (let i = 0; i < count; i++) mean[i] += own[i] / spectra.length;
  const scale = mirrored ? mean.map((value, i) => (value + mean[count - 1 - i]) / 2) : mean;
  const scaled = new Float64Array(spectra.length * count);
  for (const [draw, own] of all.entries()) {
    for (let i = 0; i < count; i++) scaled[draw * count + i] = own[i] / scale[i];
  }
  return scaled.sort();
}
