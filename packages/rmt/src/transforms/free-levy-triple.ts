import { add, complex, divide, logarithm, modulus, multiply, scale, shift, subtract } from '../complex.js';
import type { Complex, FreeLevyTriple } from '../law.js';

/** R(g) = drift + variance g + sum of rate size/(1 - size g). */
export function rOf({ drift, variance, jumps }: FreeLevyTriple, g: Complex): Complex {
  let r = shift(drift, scale(variance, g));
  for (const { size, rate } of jumps) r = add(r, divide(complex(rate * size), shift(1, scale(-size, g))));
  return r;
}

/** R'(g) = variance + sum of rate size^2/(1 - size g)^2. */
export function rDerivativeOf({ variance, jumps }: FreeLevyTriple, g: Complex): Complex {
  let r = complex(variance);
  for (const { size, rate } of jumps) {
    const pole = shift(1, scale(-size, g));
    r = add(r, divide(complex(rate * size * size), multiply(pole, pole)));
  }
  return r;
}

/** int_0^g R = drift g + variance g^2/2 - sum of rate log(1 - size g); off the real axis 1 - size g meets no branch cut. */
function rIntegralOf({ drift, variance, jumps }: FreeLevyTriple, g: Complex): Complex {
  let sum = multiply(g, shift(drift, scale(variance / 2, g)));
  for (const { size, rate } of jumps) sum = subtract(sum, scale(rate, logarithm(shift(1, scale(-size, g)))));
  return sum;
}

/** G'(z) where G(z) = g, by differentiating R(G) + 1/G = z: g^2/(R'(g) g^2 - 1). */
export function derivativeFromTriple({ variance, jumps }: FreeLevyTriple, g: Complex): Complex {
  const square = multiply(g, g);
  let divisor = shift(-1, scale(variance, square));
  for (const { size, rate } of jumps) {
    const x = scale(size, g);
    const pole = shift(1, scale(-1, x));
    // rate x^2/(1 - x)^2, of which the limit at large x may cancel the -1.
    const isLarge = modulus(x) > 2;
    const numerator = isLarge ? shift(-1, scale(2, x)) : multiply(x, x);
    if (isLarge) divisor = shift(rate, divisor);
    divisor = add(divisor, scale(rate, divide(numerator, multiply(pole, pole))));
  }
  return divide(square, divisor);
}

/**
 * The logarithmic potential where G(z) = g: U = z g - 1 - log g - int_0^g R, whose derivative in z is g by
 * R(g) + 1/g = z, and which is log z at infinity. (The exact index of Pennington & Bahri's laws is its imaginary part.)
 */
export function potentialFromTriple(triple: FreeLevyTriple, z: Complex, g: Complex): Complex {
  const legendre = shift(-1, multiply(z, g));
  return subtract(subtract(legendre, logarithm(g)), rIntegralOf(triple, g));
}

/** The free sum: R-transforms add. Jumps of one size become one. */
export function addTriples(a: FreeLevyTriple, b: FreeLevyTriple): FreeLevyTriple {
  const rates = new Map<number, number>();
  for (const { size, rate } of [...a.jumps, ...b.jumps]) rates.set(size, (rates.get(size) ?? 0) + rate);
  return {
    drift: a.drift + b.drift,
    variance: a.variance + b.variance,
    jumps: [...rates].map(([size, rate]) => ({ size, rate })),
  };
}
