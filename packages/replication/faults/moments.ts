import type { RandomStream } from '@hessian-rmt/numerics';

/** When a run is killed. Delays are shares, 0 to 1, of what the test knows a phase to take. */
export type Moment = { readonly tree: boolean } & (
  | { readonly aim: 'planning'; readonly delay: number }
  /** When so many units are stored, and a little later. */
  | { readonly aim: 'computing'; readonly stored: number; readonly delay: number }
  /** In a call of the unit that is begun when so many are stored. */
  | { readonly aim: 'storing'; readonly stored: number; readonly call: number }
  /** In a call of the run that draws, renames what was drawn, or comes after. */
  | { readonly aim: 'drawing' | 'after'; readonly call: number }
);

/** How many kills of a hundred: most where a run is longest, some wherever something could be half done. Our choice. */
const shares = { planning: 14, storing: 20, drawing: 20, after: 12 } as const;
/** A unit of two arrays is stored in about so many calls; of later ones the last is taken, if any. */
const callsOfStoring = 8;

export interface Course {
  readonly units: number;
  /** Calls of the run from when results begin to be written: until they are renamed into place, and in all. */
  readonly drawingCalls: number;
  readonly calls: number;
}

/**
 * Random moments over the course of one run, in the order in which it reaches them; those while planning, which every
 * resumed run does again, are strewn in.
 */
export function randomMoments(kills: number, { units, drawingCalls, calls }: Course, random: RandomStream): Moment[] {
  const below = (n: number) => random.integer(n);
  const some = (share: number) => Array.from({ length: Math.max(1, Math.round((share / 100) * kills)) });
  const tree = () => random.uniform() < 0.5;
  const storing = some(shares.storing).map(
    (): Moment => ({ aim: 'storing', stored: below(units - 1), call: below(callsOfStoring), tree: tree() }),
  );
  const drawing = some(shares.drawing).map((): Moment => ({ aim: 'drawing', call: below(drawingCalls), tree: tree() }));
  const after = some(shares.after).map(
    (): Moment => ({ aim: 'after', call: drawingCalls + below(calls - drawingCalls), tree: tree() }),
  );
  const planning = some(shares.planning).map(
    (): Moment => ({ aim: 'planning', delay: random.uniform(), tree: tree() }),
  );
  const left = kills - storing.length - drawing.length - after.length - planning.length;
  const computing = Array.from(
    { length: left },
    (): Moment => ({ aim: 'computing', stored: below(units - 2), delay: random.uniform(), tree: tree() }),
  );
  const storedAt = (moment: Moment) => ('stored' in moment ? moment.stored : units);
  const callOf = (moment: Moment) => ('call' in moment ? moment.call : 0);
  const moments = [...computing, ...storing].sort((a, b) => storedAt(a) - storedAt(b));
  moments.push(...drawing, ...after.sort((a, b) => callOf(a) - callOf(b)));
  for (const moment of planning) moments.splice(below(moments.length + 1), 0, moment);
  return moments;
}
