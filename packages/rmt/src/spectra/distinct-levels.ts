import { requireAscending } from '../ascending.js';

export interface DistinctLevels {
  /** Ascending, each more than the tolerance above the one before. */
  readonly levels: Float64Array;
  /** How many of the given levels are not among these: they were counted with the level below. */
  readonly merged: number;
}

export interface DistinctLevelsOptions {
  /** Levels no farther apart than this are one. In units of the levels, not negative. Default 0: equal ones only. */
  readonly tolerance?: number;
}

/**
 * The rule for degenerate levels: a level no farther than the tolerance above the last one kept is the same level, and
 * is counted once.
 *
 * A multiplet is thus one level, at its lowest member, and what is left of it in the statistics is nothing: neither the
 * zero spacings inside, which belong to a symmetry or a null space and not to repulsion, nor 0/0 among ratios. The
 * reach is counted from the level kept, not from neighbour to neighbour, so that a dense stretch does not collapse into one.
 * The tolerance is not a way to remove a null space that is known: its computed zeros, wherever rounding puts them, are to
 * be taken out by structure first.
 *
 * @param levels  ascending; there may be none
 * @throws RangeError if they are not ascending and finite, or if the tolerance is negative
 */
export function distinctLevels(levels: Float64Array, { tolerance = 0 }: DistinctLevelsOptions = {}): DistinctLevels {
  requireLevels('the levels to tell apart', levels);
  if (!(tolerance >= 0)) {
    throw new RangeError(`the tolerance for equal levels must not be negative, found ${tolerance}`);
  }
  const distinct = new Float64Array(levels.length);
  let kept = 0;
  for (const level of levels) {
    if (kept === 0 || level - distinct[kept - 1] > tolerance) distinct[kept++] = level;
  }
  return { levels: distinct.slice(0, kept), merged: levels.length - kept };
}

/** Levels may be none, as in a range of ranks that a spectrum does not reach. @throws RangeError unless ascending and finite */
export function requireLevels(name: string, levels: Float64Array): void {
  if (levels.length > 0) requireAscending(name, levels);
}
