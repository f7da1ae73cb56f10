import { atomMass, type Law } from '../law.js';

/** The index of a law: its mass below zero, without an atom at zero. For a Hessian, the share of descending directions. */
export function indexOf(law: Pick<Law, 'cumulative' | 'atoms'>): number {
  return law.cumulative(0) - atomMass(law, 0);
}
