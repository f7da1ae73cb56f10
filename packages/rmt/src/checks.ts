/** @throws RangeError naming the quantity unless it is finite and above zero */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} must be positive and finite, found ${value}`);
  }
}

/** @throws RangeError naming the quantity unless it is an integer of at least `least` */
export function requireInteger(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name} must be an integer of at least ${least}, found ${value}`);
  }
}
