/*
 * Derivatives of a function of float64 numbers by central differences, with one step of Richardson extrapolation: the
 * error is of order h^4 and rounding / h^2, about 1e-10 of the function's size. They know nothing of calculus.
 */

export type NumberFunction = (x: readonly number[]) => number;

const h = 1e-3;

function extrapolate(difference: (step: number) => number): number {
  return (4 * difference(h) - difference(2 * h)) / 3;
}

function shifted(x: readonly number[], ...steps: [number, readonly number[]][]): number[] {
  return x.map((xi, i) => steps.reduce((sum, [step, direction]) => sum + step * direction[i], xi));
}

function unit(n: number, i: number): number[] {
  return Array.from({ length: n }, (_, j) => (i === j ? 1 : 0));
}

export function derivativeAlong(f: NumberFunction, x: readonly number[], v: readonly number[]): number {
  return extrapolate((s) => (f(shifted(x, [s, v])) - f(shifted(x, [-s, v]))) / (2 * s));
}

export function gradientByDifferences(f: NumberFunction, x: readonly number[]): number[] {
  return x.map((_, i) => derivativeAlong(f, x, unit(x.length, i)));
}

/** H v, element i from the four corners x +- h e_i +- h v. */
export function hessianProductByDifferences(f: NumberFunction, x: readonly number[], v: readonly number[]): number[] {
  return x.map((_, i) => {
    const e = unit(x.length, i);
    return extrapolate((s) => {
      const corner = (a: number, b: number) => f(shifted(x, [a * s, e], [b * s, v]));
      return (corner(1, 1) - corner(1, -1) - corner(-1, 1) + corner(-1, -1)) / (4 * s * s);
    });
  });
}
