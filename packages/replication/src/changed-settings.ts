import { nearestTo } from './commands/nearest.js';
import type { Json, Part, ProfileName } from './experiment.js';
import { plural } from './measurement.js';

/** Settings to change, by name: `{ "width": 20, "embedding.epochs": 3 }`. Dots lead into groups and lists (`ladders.0.runs`). */
export type Changes = Readonly<Record<string, Json>>;

/** A part with the settings it is run at. */
export interface SetPart {
  readonly part: Part;
  readonly settings: unknown;
  /** Those of the changes that this part has a setting for. */
  readonly changed: Changes;
}

/** A setting that no part has, or a value that it cannot take. */
export class UnusableSetting extends Error {
  override readonly name = 'UnusableSetting';
}

/**
 * The settings of these parts at a profile, changed where they have a setting of that name. The parts themselves, which
 * may share settings, stay as they are.
 *
 * @throws UnusableSetting for a name that none of the parts has, and for a value of another kind than the one it replaces
 */
export function changeSettings(
  experiment: string,
  parts: readonly Part[],
  profile: ProfileName,
  changes: Changes,
): readonly SetPart[] {
  const set = parts.map((part): SetPart => {
    let settings = part.profiles[profile];
    const changed: Record<string, Json> = {};
    for (const [name, value] of Object.entries(changes)) {
      const path = name.split('.');
      const old = settingAt(settings, path);
      if (old === undefined) continue;
      const expected = unlike(old, value, name);
      if (expected !== undefined) {
        throw new UnusableSetting(
          `--set: ${experiment}: ${name} of ${part.id} is ${shown(old)} at ${profile}: expected ${expected}, found ${shown(value)}`,
        );
      }
      settings = withSetting(settings, path, value);
      changed[name] = value;
    }
    return { part, settings, changed };
  });
  const unknown = Object.keys(changes).find((name) => !set.some(({ changed }) => Object.hasOwn(changed, name)));
  if (unknown !== undefined)
    throw new UnusableSetting(`--set: ${experiment}: ${noSuchSetting(unknown, parts, profile)}`);
  return set;
}

/** `width = 20, embedding.epochs = 3` */
export function changesText(changes: Changes): string {
  return Object.entries(changes)
    .map(([name, value]) => `${name} = ${shown(value)}`)
    .join(', ');
}

/** What figures and tables say of a run's settings. */
export interface SettingsMark {
  /** `quick`, or `quick, width = 20`. */
  readonly full: string;
  /** The same, for the corner of a figure: where there is no room, `quick, 4 settings changed`. */
  readonly badge: string;
  /** For the figure's caption: the changes that the badge has no room for, else nothing. */
  readonly inCaption: string;
}

/** Characters in the corner of a figure: our choice, so that its title keeps a line even where there is one panel. */
const mostInBadge = 36;

export function markOf(profile: ProfileName, changed: Changes): SettingsMark {
  const count = Object.keys(changed).length;
  if (count === 0) return { full: profile, badge: profile, inCaption: '' };
  // A dollar would begin a formula.
  const changes = changesText(changed).replaceAll('$', '\\$');
  const full = `${profile}, ${changes}`;
  if (full.length <= mostInBadge) return { full, badge: full, inCaption: '' };
  return { full, badge: `${profile}, ${plural(count, 'setting')} changed`, inCaption: `Changed: ${changes}.` };
}

/** A setting for people, of at most forty characters. */
export function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}

/** The plain settings by name, `embedding.epochs`; a list is one setting. Functions and instances of classes are none. */
export function namesOfSettings(settings: unknown, group = ''): string[] {
  if (!isGroup(settings)) return [];
  return Object.entries(settings).flatMap(([name, value]) => {
    if (isGroup(value)) return namesOfSettings(value, `${group}${name}.`);
    return isPlain(value) ? [group + name] : [];
  });
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isPlain(value: unknown): value is Json {
  if (Array.isArray(value)) return value.every(isPlain);
  if (isGroup(value)) return Object.values(value).every(isPlain);
  return value === null || ['number', 'string', 'boolean'].includes(typeof value);
}

function settingAt(settings: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return settings;
  const isHolder = isGroup(settings) || Array.isArray(settings);
  return isHolder && Object.hasOwn(settings, name) && !(Array.isArray(settings) && name === 'length')
    ? settingAt((settings as Readonly<Record<string, unknown>>)[name], rest)
    : undefined;
}

/** A copy with another value at the end of the path; what does not lie on the path is shared. */
function withSetting(settings: unknown, [name, ...rest]: readonly string[], value: Json): unknown {
  if (name === undefined) return value;
  if (Array.isArray(settings)) return settings.map((one, i) => (`${i}` === name ? withSetting(one, rest, value) : one));
  const group = settings as Readonly<Record<string, unknown>>;
  return { ...group, [name]: withSetting(group[name], rest, value) };
}

/** What is expected in place of a setting, if the value is not of its kind. */
function unlike(old: unknown, value: Json, name: string): string | undefined {
  if (isGroup(old)) return `one of its settings, ${namesOfSettings(old, `${name}.`).join(', ')}`;
  if (!isPlain(old)) return 'that it stays what the code makes it';
  return isLike(old, value) ? undefined : kindOf(old);
}

/** Null stands for what is not told, so anything may take its place. */
function isLike(old: Json, value: Json): boolean {
  if (old === null) return true;
  if (Array.isArray(old)) {
    return Array.isArray(value) && (old.length === 0 || value.every((one) => old.some((other) => isLike(other, one))));
  }
  if (typeof old === 'object') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const [group, other] = [old, value] as Readonly<Record<string, Json>>[];
    const names = Object.keys(group);
    return (
      names.length === Object.keys(other).length &&
      names.every((name) => Object.hasOwn(other, name) && isLike(group[name], other[name]))
    );
  }
  return typeof value === typeof old && (!Number.isInteger(old) || Number.isInteger(value));
}

function kindOf(value: Json): string {
  if (Array.isArray(value)) return 'a list of the same kind';
  if (typeof value === 'number') return Number.isInteger(value) ? 'a whole number' : 'a number';
  return typeof value === 'boolean' ? 'true or false' : 'a word';
}

/** Names in a message: our choice of what fits a few lines. */
const mostNames = 30;

function noSuchSetting(name: string, parts: readonly Part[], profile: ProfileName): string {
  const names = [...new Set(parts.flatMap((part) => namesOfSettings(part.profiles[profile])))];
  const lastWord = (setting: string) => setting.slice(setting.lastIndexOf('.') + 1);
  const meant = names.find((setting) => lastWord(setting) === name) ?? nearestTo(name, names);
  const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  const where =
    parts.length === 1 ? `${parts[0].id} has no setting` : `none of the ${parts.length} parts has a setting`;
  if (names.length === 0) return `${where} ${name} at ${profile}, and no other`;
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more: choose a part to see its own` : '';
  return `${where} ${name}${hint}; there are ${names.slice(0, mostNames).join(', ')}${more}`;
}
