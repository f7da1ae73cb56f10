import { setImmediate } from 'node:timers/promises';
import type { Operator } from './operator.js';

/** Rows and columns of a square operator. @throws RangeError unless it is square and not empty */
export function squareSize(who: string, operator: Operator): number {
  const [rows, columns] = operator.shape;
  if (rows !== columns || rows < 1) {
    throw new RangeError(`${who}: expected a square operator of size 1 or more, found ${rows} x ${columns}`);
  }
  return rows;
}

/**
 * A v, in a vector that is the caller's own, whatever memory the operator lends. Then others get their turn on the
 * thread, whatever the operator does: signals and progress of a run that is products alone would else wait for its end.
 *
 * @param what  names the product in errors
 * @throws RangeError unless the product has the length of v and is finite
 */
export async function checkedProduct(operator: Operator, v: Float64Array, what: string): Promise<Float64Array> {
  const product = (await operator.matvec(v)).slice();
  if (product.length !== v.length) {
    throw new RangeError(`${what}: expected a vector of length ${v.length}, found ${product.length}`);
  }
  const stray = product.findIndex((value) => !Number.isFinite(value));
  if (stray >= 0) throw new RangeError(`${what}: expected finite numbers, found ${product[stray]} as element ${stray}`);
  await setImmediate();
  return product;
}
