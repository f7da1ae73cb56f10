/** @throws RangeError unless from..to is a range of samples that begins and ends where mini-batches do */
export function checkRange(name: string, granule: number, count: number, from: number, to: number): void {
  if (!(Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && from < to && to <= count)) {
    throw new RangeError(`${name}: ${from}..${to} is not a range of samples inside 0..${count}`);
  }
  if (from % granule !== 0 || (to % granule !== 0 && to !== count)) {
    throw new RangeError(`${name}: ${from}..${to} does not begin and end at a mini-batch of ${granule} samples`);
  }
}
