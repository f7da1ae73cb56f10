import { airy } from './airy.js';
import { gaussLegendre, type Quadrature } from './gauss-legendre.js';

/** Points of the rule: 44 give 1e-15 where the kernel oscillates most; some are spare. */
const order = 56;
/** Where Ai is below 1e-19. */
const reach = 16;

let rule: Quadrature | undefined;

/**
 * det(1 - B) and det(1 + B) of the integral operator B of kernel Ai(x + y + s) on (0, inf), by the rule of Gauss & Legendre
 * (Bornemann 2010: the determinant of the matrix of the kernel at the nodes, whose error falls exponentially).
 *
 * @param s  from -12; absolutely exact to about 1e-15
 */
export function airyDeterminants(s: number): { readonly minus: number; readonly plus: number } {
  if (s >= reach) return { minus: 1, plus: 1 };
  rule ??= gaussLegendre(order);
  const half = (reach - s) / 2;
  const nodes = rule.nodes.map((t) => half * (1 + t));
  const roots = rule.weights.map((weight) => Math.sqrt(half * weight));
  const minus = new Float64Array(order * order);
  const plus = new Float64Array(order * order);
  for (let i = 0; i < order; i++) {
    for (let j = 0; j <= i; j++) {
      const kernel = roots[i] * airy(nodes[i] + nodes[j] + s) * roots[j];
      const unit = i === j ? 1 : 0;
      minus[i * order + j] = unit - kernel;
      plus[i * order + j] = unit + kernel;
    }
  }
  return { minus: determinant(minus), plus: determinant(plus) };
}

/** The determinant of a positive definite matrix of which the lower triangle is given, by Cholesky's method in place. */
function determinant(a: Float64Array): number {
  let product = 1;
  for (let i = 0; i < order; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * order + j];
      for (let k = 0; k < j; k++) sum -= a[i * order + k] * a[j * order + k];
      if (i > j) a[i * order + j] = sum / a[j * order + j];
      else {
        // Not positive but for rounding: the determinant is below what rounding leaves of it.
        if (!(sum > 0)) return 0;
        product *= sum;
        a[i * order + i] = Math.sqrt(sum);
      }
    }
  }
  return product;
}
