/**
 * Where a rising function is zero between two points: Newton's method inside a bracket. A step that leaves the bracket, or
 * is not half as long as the last, is replaced by bisection.
 */
export function bracketedNewton(
  at: (x: number) => { readonly value: number; readonly slope: number },
  start: number,
  [lower, upper]: readonly [lower: number, upper: number],
): number {
  let low = lower;
  let high = upper;
  let x = start;
  let lastStep = upper - lower;
  // Some ten iterations; the cap only guards against values that are not numbers.
  for (let iteration = 0; iteration < 500; iteration++) {
    const { value, slope } = at(x);
    if (value > 0) high = x;
    else low = x;
    const newton = x - value / slope;
    const useful = newton > low && newton < high && Math.abs(newton - x) < lastStep / 2;
    const next = useful ? newton : (low + high) / 2;
    lastStep = Math.abs(next - x);
    if (value === 0 || lastStep <= 2 * Number.EPSILON * Math.abs(x)) break;
    x = next;
  }
  return x;
}
