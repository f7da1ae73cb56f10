import { duration } from '../console-reporter.js';
import { plural } from '../measurement.js';
import { textTable } from '../text-table.js';
import type { CacheContents, CachedUnit } from './cache-contents.js';
import { bytesOf, type Removal } from './prune.js';
import type { References } from './references.js';

/** The units of one kind of an experiment, and who refers to them. */
export interface KindInCache {
  /** `damaged` for units whose record cannot be read. */
  readonly experiment: string;
  readonly kind: string;
  readonly units: number;
  readonly bytes: number;
  /** What they took to compute. */
  readonly seconds: number;
  /** ISO time at which the newest was stored. */
  readonly newest: string;
  /** Units that stored results were made of, that the present code plans, and that neither names. */
  readonly inResults: number;
  readonly planned: number;
  readonly neither: number;
}

export function kindsInCache({ units }: CacheContents, { results, plans }: References): readonly KindInCache[] {
  const groups = new Map<string, CachedUnit[]>();
  for (const unit of units) {
    const { experiment = 'damaged', kind = '' } = unit.ingredients ?? {};
    const name = `${experiment}\0${kind}`;
    groups.set(name, [...(groups.get(name) ?? []), unit]);
  }
  return [...groups.keys()].sort().map((name) => {
    const group = groups.get(name)!;
    const [experiment, kind] = name.split('\0');
    const having = (holds: (key: string) => boolean) => group.filter(({ key }) => holds(key)).length;
    return {
      experiment,
      kind,
      units: group.length,
      bytes: bytesOf(group),
      seconds: group.reduce((sum, { seconds }) => sum + seconds, 0),
      newest: new Date(Math.max(...group.map(({ stored }) => stored.getTime()))).toISOString(),
      inResults: having((key) => results.has(key)),
      planned: having((key) => plans.has(key)),
      neither: having((key) => !results.has(key) && !plans.has(key)),
    };
  });
}

/** What stands in the cache, for the terminal. */
export function cacheText(contents: CacheContents, kinds: readonly KindInCache[]): string {
  const { directory, units, runs, outputs, unfinished, leftovers } = contents;
  const header = ['experiment', 'kind', 'units', 'size', 'took', 'newest', 'in results', 'planned', 'neither'];
  const rows = kinds.map((kind) => [
    kind.experiment,
    kind.kind,
    `${kind.units}`,
    size(kind.bytes),
    duration(kind.seconds),
    kind.newest.slice(0, 16).replace('T', ' '),
    `${kind.inResults}`,
    `${kind.planned}`,
    `${kind.neither}`,
  ]);
  const others = [
    `${plural(runs.length, 'record')} of runs, ${plural(outputs.length, 'output')} (${size(bytesOf(outputs))})`,
    `${unfinished.length} unfinished (${size(bytesOf(unfinished))})`,
    ...(leftovers.length > 0 ? [`${plural(leftovers.length, 'leftover')} (${size(bytesOf(leftovers))})`] : []),
  ];
  const total = bytesOf([...units, ...runs, ...outputs, ...unfinished, ...leftovers]);
  return [
    directory,
    ...(rows.length > 0 ? textTable([header, ...rows], [2, 3, 4, 6, 7, 8]).map((line) => `  ${line}`) : []),
    `  ${plural(units.length, 'unit')} (${size(bytesOf(units))}), ${others.join(', ')}; ${size(total)} in all`,
  ].join('\n');
}

/** What is removed, or would be. */
export function removalText({ units, runs, outputs, unfinished, leftovers }: Removal, isTrial: boolean): string {
  const all = [...units, ...runs, ...outputs, ...unfinished, ...leftovers];
  if (all.length === 0) return 'Nothing to remove.';
  const seconds = units.reduce((sum, unit) => sum + unit.seconds, 0);
  const some = (files: readonly { readonly bytes: number }[], noun: string, what = '', more = '') =>
    files.length === 0 ? [] : [`  ${plural(files.length, noun)}${what}, ${size(bytesOf(files))}${more}`];
  return [
    `${isTrial ? 'Would remove' : 'Removed'} ${size(bytesOf(all))}:`,
    ...some(units, 'unit', '', `, ${duration(seconds)} to compute`),
    ...some(runs, 'record', ' of runs'),
    ...some(outputs, 'output', ' of runs'),
    ...some(unfinished, 'folder', ' of checkpoints'),
    ...some(leftovers, 'leftover', ' of processes that ended'),
  ].join('\n');
}

/** `812 B`, `34 kB`, `1.2 GB`. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return `${step === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[step]}`;
}
