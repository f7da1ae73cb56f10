/**
 * Numbers a + b e1 + c e2 + d e1 e2 with e1^2 = e2^2 = 0: a function of them carries its derivatives along two directions
 * and the mixed second one, exact to rounding (Fike & Alonso 2011). For derivatives that owe nothing to the code under test.
 */
export class HyperDual {
  constructor(
    readonly a: number,
    readonly b = 0,
    readonly c = 0,
    readonly d = 0,
  ) {}

  plus(y: HyperDual): HyperDual {
    return new HyperDual(this.a + y.a, this.b + y.b, this.c + y.c, this.d + y.d);
  }

  minus(y: HyperDual): HyperDual {
    return new HyperDual(this.a - y.a, this.b - y.b, this.c - y.c, this.d - y.d);
  }

  times(y: HyperDual): HyperDual {
    return new HyperDual(
      this.a * y.a,
      this.a * y.b + this.b * y.a,
      this.a * y.c + this.c * y.a,
      this.a * y.d + this.b * y.c + this.c * y.b + this.d * y.a,
    );
  }

  /** f(x) from f, f' and f'' at its real part. */
  map(f: number, first: number, second: number): HyperDual {
    return new HyperDual(f, first * this.b, first * this.c, first * this.d + second * this.b * this.c);
  }
}

export const constant = (a: number) => new HyperDual(a);
export const sumOf = (terms: readonly HyperDual[]) => terms.reduce((sum, term) => sum.plus(term), constant(0));
export const relu = (x: HyperDual) => (x.a > 0 ? x : constant(0));
export const exp = (x: HyperDual) => x.map(Math.exp(x.a), Math.exp(x.a), Math.exp(x.a));
export const log = (x: HyperDual) => x.map(Math.log(x.a), 1 / x.a, -1 / x.a ** 2);
export const inverseRoot = (x: HyperDual) => x.map(x.a ** -0.5, -0.5 * x.a ** -1.5, 0.75 * x.a ** -2.5);
export const tanh = (x: HyperDual) => {
  const t = Math.tanh(x.a);
  return x.map(t, 1 - t * t, -2 * t * (1 - t * t));
};
