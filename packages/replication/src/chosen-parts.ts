import type { Experiment, Part } from './experiment.js';

/** Parts as a user names them: by identifier, or by what the paper calls them. */
export interface ChosenParts {
  /** As `figure-3`. */
  readonly parts?: readonly string[];
  /** Numbers and ranges, as `3` and `7-8`. */
  readonly figures?: readonly string[];
  readonly tables?: readonly string[];
}

/** What the paper numbers, as it stands in a part's place. */
type Numbered = 'Figure' | 'Table';

/** A choice that the experiment has no part for. */
export class UnknownChoice extends Error {
  override readonly name = 'UnknownChoice';
}

/**
 * The identifiers of the parts that a user named, in the order of the experiment; undefined for a choice of nothing,
 * which is all of them.
 *
 * A figure's parts are all those whose place names it: a part of another table of the paper that is also of Figure 6 is
 * among them.
 *
 * @throws UnknownChoice naming the option, what was found, and what there is
 */
export function chosenParts(experiment: Experiment, chosen: ChosenParts): readonly string[] | undefined {
  const { parts, figures, tables } = chosen;
  if (parts === undefined && figures === undefined && tables === undefined) return undefined;
  const known = experiment.parts.map(({ id }) => id);
  const unknown = parts?.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new UnknownChoice(`--part: ${experiment.name} has no part "${unknown}"; its parts are ${known.join(', ')}`);
  }
  const ids = new Set([
    ...(parts ?? []),
    ...partsThatShow(experiment, 'Figure', figures ?? []),
    ...partsThatShow(experiment, 'Table', tables ?? []),
  ]);
  return known.filter((id) => ids.has(id));
}

function partsThatShow(experiment: Experiment, what: Numbered, given: readonly string[]): string[] {
  const option = `--${what.toLowerCase()}`;
  return given.flatMap((text) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
    if (first === undefined || Number(last) < Number(first)) {
      throw new UnknownChoice(`${option}: expected a number or a range, as 3 or 7-8; found "${text}"`);
    }
    const there = numbersOf(experiment.parts, what);
    return range(Number(first), Number(last)).flatMap((number) => {
      if (there.includes(number))
        return experiment.parts.filter(({ place }) => numbersIn(place, what).includes(number)).map(({ id }) => id);
      const shown = there.length === 0 ? `no ${what.toLowerCase()}s` : `${what}s ${ranges(there)}`;
      throw new UnknownChoice(`${option}: ${experiment.name} has no ${what} ${number}; there are ${shown}`);
    });
  });
}

/** The figures, or the tables, that these parts are of, in order. */
function numbersOf(parts: readonly Part[], what: Numbered): readonly number[] {
  return [...new Set(parts.flatMap(({ place }) => numbersIn(place, what)))].sort((a, b) => a - b);
}

/** The figures, or the tables, that a place names: of `Tables 1, 2, Figures 1-8` the figures are 1 to 8. */
export function numbersIn(place: string, what: Numbered): readonly number[] {
  const names = { Figure: 'Fig(?:ure)?s?\\.?', Table: 'Tables?' }[what];
  const numbers = '\\d+(?:\\s*(?:-|\u2013|,\\s*and|,|and|to)\\s*\\d+)*';
  return [...place.matchAll(new RegExp(`\\b${names}\\s+(${numbers})`, 'g'))].flatMap(([, list]) =>
    list.split(/,\s*and|,|and/).flatMap((item) => {
      const [first, last = first] = item.split(/-|\u2013|to/).map(Number);
      return range(first, last);
    }),
  );
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** `1 to 6, 8` */
function ranges(numbers: readonly number[]): string {
  const texts: string[] = [];
  for (let i = 0; i < numbers.length; i++) {
    const start = i;
    while (numbers[i + 1] === numbers[i] + 1) i++;
    if (i - start < 2) texts.push(...numbers.slice(start, i + 1).map(String));
    else texts.push(`${numbers[start]} to ${numbers[i]}`);
  }
  return texts.join(', ');
}
