/** Whole numbers with their thousands, others with six digits. */
export function number(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en') : `${Number(value.toPrecision(6))}`;
}
