/** One of several threads that do the same work side by side, each its share. */
export interface Member {
  readonly part: number;
  readonly parts: number;
  /** Returns when every member has come here: what they wrote to shared memory before is then seen by all. */
  meet(): void;
}

/** A team of one: the calling thread. */
export const alone: Member = { part: 0, parts: 1, meet: () => {} };

/** Turns spent looking before a member lies down to wait: about 20 microseconds, longer than most shares differ. */
const looks = 2000;

/** Member number `part` of a team that meets in `place`, two shared integers that begin as zero. */
export function member(part: number, parts: number, place: Int32Array): Member {
  if (parts === 1) return alone;
  const [arrived, round] = [0, 1];
  return {
    part,
    parts,
    meet() {
      const now = Atomics.load(place, round);
      if (Atomics.add(place, arrived, 1) === parts - 1) {
        Atomics.store(place, arrived, 0);
        Atomics.add(place, round, 1);
        Atomics.notify(place, round);
        return;
      }
      for (let i = 0; i < looks; i++) if (Atomics.load(place, round) !== now) return;
      while (Atomics.load(place, round) === now) Atomics.wait(place, round, now);
    },
  };
}
