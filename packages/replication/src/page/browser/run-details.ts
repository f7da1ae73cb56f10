import type { Json } from '../../experiment.js';
import type { FolderBlock, PageFolder } from '../page-data.js';
import { h, plural } from './dom.js';

type Fields = { readonly [name: string]: Json };

/** The manifest and the record of a run, for people: how to make it again, of what it was made, when and where. */
export function runDetails(
  { experiment, folder }: { readonly experiment: string; readonly folder: string },
  { command, profile }: PageFolder,
  { files, manifest, run }: FolderBlock,
): HTMLElement {
  const base = `./${encodeURIComponent(experiment)}/${encodeURIComponent(folder)}`;
  return h(
    'div',
    { class: 'run' },
    command ? h('pre', {}, h('code', {}, command)) : null,
    list([
      ['profile', profile],
      ['root seed', text(manifest.seed)],
      ['begun', text(run.started)],
      ['took', seconds(run.seconds)],
      ['units of work', unitsText(run.units)],
      ['commit', run.commit ? `${text(run.commit)}${run.dirty === true ? ', with changes' : ''}` : ''],
      ['processor', [text(run.processor), coresText(run)].filter(Boolean).join(', ')],
      ['linear algebra', text(run.linearAlgebra)],
      ['Node', text(run.node ?? manifest.node)],
      ['backends', listText(manifest.backends)],
      ['sources', text(manifest.sources)],
      ['redrawn', redrawnText(manifest.redrawn)],
    ]),
    section('Seconds by kind of unit', kindsTable(run.kinds)),
    section('Data sets', datasetsTable(manifest.datasets)),
    section('Packages', pairsTable(['package', 'version'], fieldsOf(manifest.packages))),
    section('Settings of the parts', settingsTable(manifest.parts)),
    h('p', { class: 'files' }, ...files.map((name) => h('a', { href: `${base}/${name}` }, name))),
  );
}

function section(title: string, content: HTMLElement | null): HTMLElement | null {
  return content === null ? null : h('details', {}, h('summary', {}, title), h('div', { class: 'scrolls' }, content));
}

function list(pairs: readonly (readonly [string, string])[]): HTMLElement {
  const told = pairs.filter(([, value]) => value !== '');
  return h('dl', { class: 'pairs' }, ...told.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

function pairsTable(header: readonly string[], rows: readonly (readonly string[])[] | null): HTMLElement | null {
  if (rows === null || rows.length === 0) return null;
  return h(
    'table',
    {},
    h('thead', {}, h('tr', {}, ...header.map((name) => h('th', { scope: 'col' }, name)))),
    h(
      'tbody',
      {},
      ...rows.map(([first, ...rest]) =>
        h('tr', {}, h('th', { scope: 'row' }, first), ...rest.map((cell) => h('td', {}, cell))),
      ),
    ),
  );
}

function kindsTable(kinds: Json | undefined): HTMLElement | null {
  if (!isFields(kinds)) return null;
  const rows = Object.entries(kinds).map(([kind, value]) => {
    const { units, seconds: total, longest } = isFields(value) ? value : {};
    return [kind, text(units), text(total), text(longest)];
  });
  return pairsTable(['kind', 'units', 'seconds in all', 'longest'], rows);
}

/** Data sets that are drawn have one sum for each draw; these stand under their name together. */
function datasetsTable(datasets: Json | undefined): HTMLElement | null {
  if (!Array.isArray(datasets)) return null;
  const sums = new Map<string, string[]>();
  for (const dataset of datasets) {
    const { name, checksum } = isFields(dataset) ? dataset : {};
    sums.set(text(name), [...(sums.get(text(name)) ?? []), text(checksum)]);
  }
  return pairsTable(
    ['data set', 'SHA-256'],
    [...sums].map(([name, all]) => [name, all.join('\n')]),
  );
}

function settingsTable(parts: Json | undefined): HTMLElement | null {
  if (!Array.isArray(parts)) return null;
  const rows = parts
    .filter(isFields)
    .map(({ id, place, module, settings }) => [text(id), text(place), text(module), JSON.stringify(settings)]);
  return pairsTable(['part', 'place', 'source', 'settings'], rows);
}

function fieldsOf(value: Json | undefined): string[][] | null {
  return isFields(value) ? Object.entries(value).map(([name, field]) => [name, text(field)]) : null;
}

function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function listText(value: Json | undefined): string {
  return Array.isArray(value) ? value.map(text).join(', ') : '';
}

function seconds(value: Json | undefined): string {
  if (typeof value !== 'number') return '';
  return value < 120 ? `${value.toFixed(1)} s` : `${(value / 60).toFixed(1)} min`;
}

function unitsText(units: Json | undefined): string {
  if (!isFields(units)) return '';
  return `${text(units.computed)} computed in this run, ${text(units.fromStore)} from the store`;
}

function coresText({ cores, memoryGiB }: Fields): string {
  if (typeof cores !== 'number') return '';
  return `${plural(cores, 'core')}${memoryGiB ? `, ${text(memoryGiB)} GiB` : ''}`;
}

function redrawnText(redrawn: Json | undefined): string {
  if (!isFields(redrawn) || !Array.isArray(redrawn.files)) return '';
  return `${plural(redrawn.files.length, 'file')} by ${text(redrawn.command)}`;
}
