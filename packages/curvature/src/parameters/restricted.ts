import type { Operator } from '../operator.js';
import { fromMatvec } from '../operators.js';

/**
 * The principal submatrix of an operator at these rows and columns, by its products: a vector is filled up with zeros,
 * multiplied, and the product cut to the same places. It costs a product of the whole operator.
 *
 * @param indices  of rows and columns, as of `parametersMatching`; in any order, none twice
 * @throws RangeError for an operator that is not square, and for indices that are outside, twice there or none at all
 */
export function restricted(operator: Operator, indices: ArrayLike<number>): Operator {
  const [size, columns] = operator.shape;
  if (size !== columns) throw new RangeError(`restricted: expected a square operator, found ${size} x ${columns}`);
  const places = checkedPlaces(indices, size);
  return fromMatvec(places.length, async (v) => {
    const whole = new Float64Array(size);
    for (let i = 0; i < places.length; i++) whole[places[i]] = v[i];
    const product = await operator.matvec(whole);
    return Float64Array.from(places, (place) => product[place]);
  });
}

function checkedPlaces(indices: ArrayLike<number>, size: number): Uint32Array {
  if (indices.length === 0) throw new RangeError('restricted: expected at least one index, found none');
  const seen = new Uint8Array(size);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    if (!Number.isInteger(index) || index < 0 || index >= size) {
      throw new RangeError(`restricted: index ${index} is not among 0 .. ${size - 1}`);
    }
    if (seen[index] === 1) throw new RangeError(`restricted: index ${index} is there twice`);
    seen[index] = 1;
  }
  return Uint32Array.from(indices);
}
