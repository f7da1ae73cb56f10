import type { Atom } from '../law.js';

/** Masses that sum to 1 but for rounding make no atom. */
export const massRounding = 16 * Number.EPSILON;

/**
 * The atoms of a free convolution, where the mass of an atom of a and of one of b exceed 1 together, of the excess
 * (Bercovici & Voiculescu 1998). There are at most max(|a|, |b|) of them.
 *
 * @param combine  the place of the atom that two atoms make
 * @returns ascending
 */
export function atomsOfExcess(
  a: readonly Atom[],
  b: readonly Atom[],
  combine: (x: number, y: number) => number,
): Atom[] {
  const heaviest = b.reduce((most, { mass }) => Math.max(most, mass), 0);
  const atoms: Atom[] = [];
  for (const one of a) {
    if (one.mass + heaviest <= 1 + massRounding) continue;
    for (const other of b) {
      const mass = one.mass + other.mass - 1;
      if (mass > massRounding) atoms.push({ at: combine(one.at, other.at), mass });
    }
  }
  return atoms.sort((one, other) => one.at - other.at);
}
