/**
 * Equation 9 as printed: levels of a P x P GOE matrix below lambda, 0 and P beyond the edges +-sqrt(2 P). It is P times
 * the cumulative of the semicircle for off-diagonal elements of variance 1/2.
 */
export function printedStaircase(lambda: number, size: number): number {
  const square = 2 * size - lambda ** 2;
  if (square <= 0) return lambda < 0 ? 0 : size;
  const root = Math.sqrt(square);
  return size * (1 / 2 + (lambda / (2 * Math.PI * size)) * root + Math.atan(lambda / root) / Math.PI);
}

/** Mean number of levels below each of the points (ascending) over the spectra (each ascending). */
export function meanStaircase(spectra: readonly Float64Array[], points: Float64Array): Float64Array {
  const mean = new Float64Array(points.length);
  for (const levels of spectra) {
    let below = 0;
    for (const [i, point] of points.entries()) {
      while (below < levels.length && levels[below] < point) below++;
      mean[i] += below / spectra.length;
    }
  }
  return mean;
}
