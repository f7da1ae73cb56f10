/**
 * Turns x = data[from .. to - 1] into the u of a Householder reflector I - scale u u^T that maps x to a multiple of the
 * unit vector at `pivot`, which is the first or the last place; u is 1 there. Elements should be near 1 in magnitude
 * (scaleToOne): those below 2^-450 are taken for zero.
 *
 * @returns the scale (0: nothing to do), and the element at the pivot after the reflection
 */
export function makeReflector(
  data: Float64Array,
  from: number,
  to: number,
  pivot: number,
): { readonly scale: number; readonly end: number } {
  const head = data[pivot];
  data[pivot] = 0;
  let squares = 0;
  for (let j = from; j < to; j++) squares += data[j] * data[j];
  data[pivot] = 1;
  if (squares < 2 ** -900) {
    data.fill(0, from, pivot);
    data.fill(0, pivot + 1, to);
    return { scale: 0, end: head };
  }
  const length = Math.sqrt(squares + head * head);
  const end = head > 0 ? -length : length;
  for (let j = from; j < to; j++) data[j] /= head - end;
  data[pivot] = 1;
  return { scale: (end - head) / end, end };
}

/** A reflector I - scale u u^T: u has `size` elements and begins at data[offset]. */
export interface Reflector {
  readonly data: Float64Array;
  readonly offset: number;
  readonly size: number;
  readonly scale: number;
}

/**
 * Reflects `count` rows, the first at rows[offset], the next each a `stride` further: x := x - scale (x u) u. Four at a
 * time, so that u is read a quarter as often.
 */
export function reflectRows(
  rows: Float64Array,
  offset: number,
  stride: number,
  count: number,
  { data, offset: start, size, scale }: Reflector,
): void {
  if (scale === 0) return;
  let row = 0;
  for (; row + 4 <= count; row += 4) {
    const p0 = offset + row * stride;
    const p1 = p0 + stride;
    const p2 = p1 + stride;
    const p3 = p2 + stride;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let j = 0; j < size; j++) {
      const u = data[start + j];
      sum0 += rows[p0 + j] * u;
      sum1 += rows[p1 + j] * u;
      sum2 += rows[p2 + j] * u;
      sum3 += rows[p3 + j] * u;
    }
    sum0 *= scale;
    sum1 *= scale;
    sum2 *= scale;
    sum3 *= scale;
    for (let j = 0; j < size; j++) {
      const u = data[start + j];
      rows[p0 + j] -= sum0 * u;
      rows[p1 + j] -= sum1 * u;
      rows[p2 + j] -= sum2 * u;
      rows[p3 + j] -= sum3 * u;
    }
  }
  for (; row < count; row++) {
    const p = offset + row * stride;
    let sum = 0;
    for (let j = 0; j < size; j++) sum += rows[p + j] * data[start + j];
    sum *= scale;
    for (let j = 0; j < size; j++) rows[p + j] -= sum * data[start + j];
  }
}
