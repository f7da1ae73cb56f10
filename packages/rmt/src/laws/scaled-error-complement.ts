import { chebyshevCoefficients, chebyshevPoints, chebyshevValue } from '../chebyshev.js';
import { complementFraction, incompleteGamma } from './incomplete-gamma.js';

/** x at t = 0: the series in t = (x - 4)/(x + 4) is short then (Shepherd & Laframboise 1981, who take 3.75). */
const middle = 4;
const terms = 36;

/** exp(x^2) erfc(x) = 1 - P(1/2, x^2), scaled. */
function exactly(x: number): number {
  const square = x * x;
  if (square < 1.5) return Math.exp(square) * (1 - incompleteGamma(0.5, square));
  return (x / Math.sqrt(Math.PI)) * complementFraction(0.5, square);
}

const series = chebyshevCoefficients(chebyshevPoints(terms).map((t) => exactly((middle * (1 + t)) / (1 - t))));

/** exp(x^2) erfc(x) for x not negative, to a few 1e-16: far from zero where erfc(x) has long vanished. */
export function scaledErrorComplement(x: number): number {
  return chebyshevValue(series, (x - middle) / (x + middle));
}
