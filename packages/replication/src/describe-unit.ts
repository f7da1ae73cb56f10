import { canonicalJson } from './canonical-json.js';
import type { Json, Unit } from './experiment.js';

/**
 * The units of a run, each in one line for people: its kind and what tells it from the others of that kind, as
 * `spectrum n=100 activation=relu, repetition 2`.
 */
export function describeUnits(units: readonly Unit[]): string[] {
  const varying = new Map<string, ReadonlySet<string>>();
  for (const kind of new Set(units.map((unit) => unit.kind))) {
    varying.set(kind, varyingSettings(units.filter((unit) => unit.kind === kind)));
  }
  return units.map(({ kind, config, repetition }) => {
    const shown = varying.get(kind)!;
    const settings = Object.entries(config).filter(([name]) => shown.has(name));
    const text = [kind, ...settings.map(([name, value]) => `${name}=${short(value)}`)].join(' ');
    return shown.has(repetitionName) ? `${text}, repetition ${repetition}` : text;
  });
}

/** No setting can be called this: it holds a space. */
const repetitionName = 'the repetition';

function varyingSettings(units: readonly Unit[]): ReadonlySet<string> {
  const values = new Map<string, Set<string>>();
  const note = (name: string, value: string) => values.set(name, (values.get(name) ?? new Set()).add(value));
  const names = new Set(units.flatMap(({ config }) => Object.keys(config)));
  for (const { config, repetition } of units) {
    for (const name of names) note(name, name in config ? canonicalJson(config[name]) : 'absent');
    note(repetitionName, `${repetition}`);
  }
  return new Set([...values].filter(([, different]) => different.size > 1).map(([name]) => name));
}

function short(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (/^[0-9a-f]{64}$/.test(text)) return text.slice(0, 8);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
