import { canonicalJson } from './canonical-json.js';
import type { Json } from './experiment.js';
import { allSources, inputsOf, type RunInputs } from './last-run.js';
import { plural } from './measurement.js';
import type { PlannedUnit, RunPlan } from './run-plan.js';
import type { SourceClosure } from './source-closure.js';

/** Characters of the line: our choice of what stays one line in a terminal. */
const mostCharacters = 130;

/**
 * Which changed input makes a run compute, or write, in one line.
 *
 * @param missing  the units to compute
 * @param last  the inputs of the last run with results in this folder; undefined when there was none
 */
export function whyComputed(plan: RunPlan, missing: readonly PlannedUnit[], last: RunInputs | undefined): string {
  if (last === undefined) return `first run in results/${plan.experiment.name}/${plan.folder}`;
  const now = inputsOf(plan);
  const before = new Set(last.units);
  const lost = missing.filter(({ key }) => before.has(key.slice(0, 16)));
  const gone = `${plural(lost.length, 'unit')} of the last run not in the store`;
  const changed = missing.length - lost.length;
  if (changed === 0) return lost.length > 0 ? gone : whyWritten(plan, now, last);

  const kinds = new Set(missing.filter((unit) => !lost.includes(unit)).map(({ ingredients }) => ingredients.kind));
  const parts = plan.parts
    .filter(({ units }) => units.some((unit) => missing.includes(unit)))
    .map(({ part }) => part.id);
  const causes = [...inputCauses(now, last, parts), ...sourceCauses(plan, now, last, kinds)];
  if (causes.length === 0) causes.push(...otherUnits(plan, now, last));
  return oneLine(`${plural(changed, 'unit')} changed: `, [...causes, ...(lost.length > 0 ? [gone] : [])]);
}

/** All units are there: what is drawn of them has changed, or what was drawn is no longer there. */
function whyWritten(plan: RunPlan, now: RunInputs, last: RunInputs): string {
  const causes = [
    ...inputCauses(now, last, Object.keys(now.settings)),
    ...sourceCauses(plan, now, last, Object.keys(now.kinds)),
  ];
  if (causes.length > 0) return oneLine('no unit to compute: ', causes);
  const drawing = changedIn(now.sources, last.sources, plan.sources);
  if (drawing.length > 0) return oneLine('only drawing changed: ', drawing);
  return 'the files in results/ were missing or altered';
}

/** Seed, profile, settings, machine and data. */
function inputCauses(now: RunInputs, last: RunInputs, parts: readonly string[]): string[] {
  const machine = now.machine && last.machine ? differences(now.machine, last.machine) : [];
  return [
    ...(now.seed === last.seed ? [] : [`seed ${last.seed} -> ${now.seed}`]),
    ...(now.profile === last.profile ? [] : [`profile ${last.profile} -> ${now.profile}`]),
    ...settingCauses(now.settings, last.settings, parts),
    ...(now.linearAlgebra === (last.linearAlgebra ?? now.linearAlgebra)
      ? []
      : [`${last.linearAlgebra} -> ${now.linearAlgebra}`]),
    ...machine.map((name) => `${name} ${last.machine?.[name] ?? 'not set'} -> ${now.machine?.[name] ?? 'not set'}`),
    ...dataCauses(now.checksums, last.checksums),
  ];
}

/** @param parts  those that ask for units to compute, or all where none is to be computed */
function settingCauses(now: RunInputs['settings'], last: RunInputs['settings'], parts: readonly string[]): string[] {
  return parts.flatMap((part) => {
    if (!(part in last)) return [`part ${part} is new`];
    const [after, before] = [leaves(now[part], part), leaves(last[part], part)];
    return differences(after, before).map((name) => {
      const [from, to] = [before[name], after[name]].map((text) => (text === undefined ? 'none' : text));
      // Two long lists begin alike.
      return from.length + to.length > 60 ? `setting ${name}` : `setting ${name} ${from} -> ${to}`;
    });
  });
}

/** `figure-3.embedding.epochs` to its value as text; a list is one value. */
function leaves(settings: Json, name: string): Record<string, string> {
  if (typeof settings === 'string') return { [name]: settings };
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    return { [name]: canonicalJson(settings) };
  }
  return Object.assign({}, ...Object.entries(settings).map(([key, value]) => leaves(value, `${name}.${key}`)));
}

function dataCauses(now: RunInputs['checksums'], last: RunInputs['checksums']): string[] {
  return Object.entries(now).flatMap(([place, sums]) => {
    const before = last[place];
    if (before === undefined) return [`${place} is new`];
    const added = sums.find((sum) => !before.includes(sum));
    return added === undefined ? [] : [`${place}: checksum ${before[0].slice(0, 8)} -> ${added.slice(0, 8)}`];
  });
}

/** What is run to compute units of these kinds: each changed module once, with the kinds that it is part of. */
function sourceCauses(plan: RunPlan, now: RunInputs, last: RunInputs, kinds: Iterable<string>): string[] {
  const kindsOf = new Map<string, string[]>();
  for (const kind of kinds) {
    if (!(kind in last.kinds)) continue;
    for (const what of changedIn(now.kinds[kind], last.kinds[kind], plan.kinds[kind])) {
      kindsOf.set(what, [...(kindsOf.get(what) ?? []), kind]);
    }
  }
  return [...kindsOf].map(([what, of]) => `${what} (${of.length === 1 ? 'kind' : 'kinds'} ${some(of, 3)})`);
}

/** Units differ though nothing that they run does: the experiment asks for others, or they work with what was not compared. */
function otherUnits(plan: RunPlan, now: RunInputs, last: RunInputs): string[] {
  const computing = new Set(Object.values(now.kinds).flatMap((content) => Object.keys(content)));
  const asking = changedIn(now.sources, last.sources, plan.sources).filter(
    (what) => what.startsWith(`${plan.experiment.name}/`) && !computing.has(what),
  );
  return asking.length > 0 ? asking : ['the parts ask for others'];
}

/** Modules of which one side has another content, packages of another version: `mathjs 14.1.0 -> 14.2.0`. */
function changedIn(
  now: Readonly<Record<string, string>>,
  last: Readonly<Record<string, string>>,
  { hash }: SourceClosure,
): string[] {
  if (allSources in last) return last[allSources] === hash ? [] : ['sources'];
  return differences(now, last).map((name) => {
    const isModule = /\.(js|mjs|cjs|wasm)$/.test(name);
    if (isModule || name.includes('#')) return name in now ? name : `${name} is gone`;
    return `${name} ${last[name] ?? 'none'} -> ${now[name] ?? 'none'}`;
  });
}

function differences(now: Readonly<Record<string, string>>, last: Readonly<Record<string, string>>): string[] {
  return [...new Set([...Object.keys(now), ...Object.keys(last)])].filter((name) => now[name] !== last[name]);
}

/** As many causes as one line holds, at least one. */
function oneLine(start: string, causes: readonly string[]): string {
  let shownCauses = 1;
  const text = (count: number) => {
    const left = causes.length - count;
    return `${start}${causes.slice(0, count).join('; ')}${left > 0 ? ` and ${left} more` : ''}`;
  };
  while (shownCauses < causes.length && text(shownCauses + 1).length <= mostCharacters) shownCauses++;
  return text(shownCauses);
}

function some(words: readonly string[], most: number): string {
  const more = words.length - most;
  return `${words.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
