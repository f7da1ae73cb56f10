/** Gradient descent at a constant rate on a quadratic loss with independent normal noise in every gradient. */
export interface QuadraticDescent {
  /** Eigenvalues of the Hessian, positive. */
  readonly curvatures: ArrayLike<number>;
  /** Where it starts, in the basis of the eigenvectors; the minimum is at 0. */
  readonly start: ArrayLike<number>;
  /** a, below 2 / largest curvature. */
  readonly rate: number;
  /** sigma^2 / B: the variance of each component of the noise, or one for each. */
  readonly variance: number | ArrayLike<number>;
}

/** Root mean square of the norm, as theorem 8.1 has it or should. */
export interface DescentNorms {
  /** Of the last iterate w_n. */
  readonly last: number;
  /** Of the average of w_1 ... w_n. */
  readonly average: number;
}

const sumOver = ({ curvatures }: QuadraticDescent, term: (curvature: number, i: number) => number) =>
  Array.from(curvatures).reduce((sum, curvature, i) => sum + term(curvature, i), 0);

const varianceOf = ({ variance }: QuadraticDescent, i: number) =>
  typeof variance === 'number' ? variance : variance[i];

/** Equation 18 as printed: its second line has a factor a in the noise. */
export function printedNorms(descent: QuadraticDescent, steps: number): DescentNorms {
  const { start, rate } = descent;
  const noise = (i: number) => rate * varianceOf(descent, i);
  return {
    last: Math.sqrt(
      sumOver(descent, (l, i) => start[i] ** 2 * Math.exp(-2 * steps * rate * l) + noise(i) / (l * (2 - rate * l))),
    ),
    average: Math.sqrt(
      sumOver(descent, (l, i) => start[i] ** 2 / (l * steps * rate) ** 2 + noise(i) / (steps * l ** 2)),
    ),
  };
}

/**
 * Equation 18 with a noise of sigma^2/(B n lambda^2) in the average: a cancels, since the noise enters by a and is
 * damped by a lambda.
 */
export function correctedNorms(descent: QuadraticDescent, steps: number): DescentNorms {
  const { start, rate } = descent;
  const bias = (l: number, i: number) => start[i] ** 2 / (l * steps * rate) ** 2;
  return {
    last: printedNorms(descent, steps).last,
    average: Math.sqrt(sumOver(descent, (l, i) => bias(l, i) + varianceOf(descent, i) / (steps * l ** 2))),
  };
}

/**
 * The same at a finite number of steps, exactly: w_n = (1 - a l)^n w_0 - a sum of (1 - a l)^(n - k) noise_k, summed as
 * geometric series.
 */
export function exactNorms(descent: QuadraticDescent, steps: number): DescentNorms {
  const { start, rate } = descent;
  return {
    last: Math.sqrt(
      sumOver(descent, (l, i) => {
        const factor = 1 - rate * l;
        const noise = (rate ** 2 * varianceOf(descent, i) * (1 - factor ** (2 * steps))) / (1 - factor ** 2);
        return (factor ** steps * start[i]) ** 2 + noise;
      }),
    ),
    average: Math.sqrt(
      sumOver(descent, (l, i) => {
        const factor = 1 - rate * l;
        // sum over k = 1 .. n of q^k, and of (1 - q^k)^2.
        const powers = (q: number) => (q * (1 - q ** steps)) / (1 - q);
        const squares = steps - 2 * powers(factor) + powers(factor ** 2);
        return ((powers(factor) * start[i]) / steps) ** 2 + (varianceOf(descent, i) * squares) / (steps * l) ** 2;
      }),
    ),
  };
}
