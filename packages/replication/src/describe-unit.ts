import { canonicalJson } from './canonical-json.js';
import type { Config, Json, Unit } from './experiment.js';

/**
 * The units of a run, each in one line for people: its kind and what tells it from the others of that kind, as
 * `spectrum n=100 activation=relu, repetition 2`. Of settings within settings only the last name is shown.
 */
export function describeUnits(units: readonly Unit[]): string[] {
  const flat = units.map(({ kind, config, repetition }) => ({ kind, settings: leaves(config), repetition }));
  const varying = new Map<string, ReadonlySet<string>>();
  for (const kind of new Set(units.map((unit) => unit.kind))) {
    varying.set(kind, varyingSettings(flat.filter((unit) => unit.kind === kind)));
  }
  return flat.map(({ kind, settings, repetition }) => {
    const shown = varying.get(kind)!;
    const texts = [...settings]
      .filter(([path]) => shown.has(path))
      .map(([path, value]) => `${path.slice(path.lastIndexOf('.') + 1)}=${short(value)}`);
    const text = [kind, ...texts].join(' ');
    return shown.has(repetitionName) ? `${text}, repetition ${repetition}` : text;
  });
}

/** The settings that hold no others, by path: `training.epochs`. */
function leaves(config: Config, path = ''): Map<string, Json> {
  return new Map(
    Object.entries(config).flatMap(([name, value]): [string, Json][] =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? [...leaves(value as Config, `${path}${name}.`)]
        : [[path + name, value]],
    ),
  );
}

/** No setting can be called this: it holds a space. */
const repetitionName = 'the repetition';

interface FlatUnit {
  readonly settings: ReadonlyMap<string, Json>;
  readonly repetition: number;
}

function varyingSettings(units: readonly FlatUnit[]): ReadonlySet<string> {
  const values = new Map<string, Set<string>>();
  const note = (name: string, value: string) => values.set(name, (values.get(name) ?? new Set()).add(value));
  const names = new Set(units.flatMap(({ settings }) => [...settings.keys()]));
  for (const { settings, repetition } of units) {
    for (const name of names) note(name, settings.has(name) ? canonicalJson(settings.get(name)!) : 'absent');
    note(repetitionName, `${repetition}`);
  }
  return new Set([...values].filter(([, different]) => different.size > 1).map(([name]) => name));
}

function short(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (/^[0-9a-f]{64}$/.test(text)) return text.slice(0, 8);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
