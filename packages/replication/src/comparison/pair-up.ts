/** The members of two lists that belong together. */
export interface Pairs<T> {
  readonly pairs: readonly (readonly [before: T, after: T])[];
  readonly onlyBefore: readonly T[];
  readonly onlyAfter: readonly T[];
}

/**
 * Pair the members of two lists: those of the same name, the first with the first where several share one; then the
 * others in their order, since a name may hold a number that moved.
 *
 * @param mayPair  whether two of different names may be the same thing; default: any two
 */
export function pairUp<T>(
  before: readonly T[],
  after: readonly T[],
  nameOf: (member: T) => string,
  mayPair: (before: T, after: T) => boolean = () => true,
): Pairs<T> {
  const free = new Set(after);
  const partners = new Map<T, T>();
  const take = (member: T, fits: (candidate: T) => boolean) => {
    const partner = [...free].find(fits);
    if (partner === undefined) return;
    free.delete(partner);
    partners.set(member, partner);
  };
  for (const member of before) take(member, (candidate) => nameOf(candidate) === nameOf(member));
  for (const member of before) {
    if (!partners.has(member)) take(member, (candidate) => mayPair(member, candidate));
  }
  return {
    pairs: before.filter((member) => partners.has(member)).map((member) => [member, partners.get(member)!] as const),
    onlyBefore: before.filter((member) => !partners.has(member)),
    onlyAfter: [...free],
  };
}
