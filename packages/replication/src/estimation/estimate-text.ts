import { size } from '../cache/cache-text.js';
import { changesText } from '../changed-settings.js';
import { roughly } from '../console-reporter.js';
import { plural } from '../measurement.js';
import type { KnownBy } from '../pending-work.js';
import { textTable } from '../text-table.js';
import type { RunOutlook } from './estimate-run.js';
import type { KindCosts } from './run-costs.js';

/** Lines of the table of kinds: those that take most. */
const mostKinds = 8;
const mostParts = 5;
const mostUnits = 5;

/** Characters of a line of parts. */
const mostOfLine = 120;

/** Characters of a unit's name: its kind, and what it begins with. */
const mostOfName = 60;

/** What a run would take, for the terminal. */
export function estimateText(costs: RunOutlook): string {
  const { units } = costs;
  if (units.toCompute === 0) return `${heading(costs)}, all in the store (${size(costs.storage.inStore)}).`;
  return [
    `${heading(costs)}, ${units.inStore} in the store, ${units.toCompute} to compute.`,
    ...textTable([
      ['  time', timeText(costs)],
      ...(costs.cluster === null ? [] : [['  cluster', clusterText(costs.cluster)]]),
      ['  units known', knownText(costs)],
      ...(costs.longest === null
        ? []
        : [['  longest unit', `${roughly(costs.longest.seconds)}: ${named(costs.longest.unit)}`]]),
      ['  memory', memoryText(costs)],
      ['', machineText(costs)],
      ...tooLargeText(costs).map((text) => ['', text]),
      ['  storage', unitsText(costs)],
      ['', resultsText(costs)],
    ]),
    '',
    ...kindsText(costs),
    '',
    ...partsText(costs),
  ].join('\n');
}

/** Of several experiments, one after another. */
export function totalText(all: readonly RunOutlook[]): string {
  const sum = (of: (costs: RunOutlook) => number) => all.reduce((total, costs) => total + of(costs), 0);
  const toCompute = sum(({ units }) => units.toCompute);
  const unknown = sum(({ known }) => known.nothing);
  const cores = Math.max(0, ...all.map((costs) => costs.cores));
  const isStorageKnown = sum(({ storage }) => storage.known.nothing) < toCompute || toCompute === 0;
  const memory = Math.max(0, ...all.map((costs) => costs.memory?.bytes ?? 0));
  const rest = unknown === 0 ? '' : `, without ${plural(unknown, 'unit')} of which no time is known`;
  return (
    `All ${all.length}: ${plural(toCompute, 'unit')} to compute, ${coreTime(sum((costs) => costs.coreSeconds))}, ` +
    `${roughly(sum(({ seconds }) => seconds))} on ${plural(cores, 'core')}${rest}; largest unit ${gibibytes(memory)}; ` +
    `${size(sum(({ storage }) => storage.inStore))} in the store, ${isStorageKnown ? `${size(sum(({ storage }) => storage.toCome))} to come` : 'what is to come not known beforehand'}.`
  );
}

function heading({ experiment, only, profile, changed, seed, units }: RunOutlook): string {
  const alone = only === null ? '' : `, ${only.join(', ')} alone`;
  const changes = Object.keys(changed).length === 0 ? '' : `, ${changesText(changed)}`;
  return `${experiment}${alone} at ${profile}${changes}, seed ${seed}: ${plural(units.all, 'unit')}`;
}

function timeText({ coreSeconds, seconds, cores, known, units }: RunOutlook): string {
  if (known.nothing === units.toCompute) return 'not known beforehand';
  const rest = known.nothing === 0 ? '' : `, without ${plural(known.nothing, 'unit')} of which no time is known`;
  return `${coreTime(coreSeconds)}: ${roughly(seconds)} on ${plural(cores, 'core')}${rest}`;
}

function clusterText({
  arrays,
  tasks,
  longest,
  tasksAtOnce,
  seconds,
  memory,
}: NonNullable<RunOutlook['cluster']>): string {
  const atOnce = tasksAtOnce === null ? 'all tasks at once' : `${plural(tasksAtOnce, 'task')} of an array at once`;
  const asked = memory === null ? '' : ` and ${gibibytes(memory)}`;
  return `${plural(arrays, 'array')}, ${plural(tasks, 'task')} of up to ${roughly(longest)}${asked}: ${roughly(seconds)} with ${atOnce}, and the time in the queue`;
}

const sources: Readonly<Record<KnownBy, string>> = {
  equal: 'by equal ones computed here',
  told: 'told by their kinds, at the rate of a product',
  kind: 'by others of their kind computed here',
  stored: 'by others of their kind in stored results',
  nothing: 'not at all',
};

function knownText({ known, units, kinds }: RunOutlook): string {
  const corrected = kinds.some(({ pace }) => pace !== null && pace !== 1);
  return (Object.keys(sources) as KnownBy[])
    .filter((name) => known[name] > 0)
    .map((name) => {
      const more = name === 'told' && corrected ? ', corrected by measured units of the kind' : '';
      return `${Math.round((100 * known[name]) / units.toCompute)} % ${sources[name]}${more}`;
    })
    .join('; ');
}

function memoryText({ memory }: RunOutlook): string {
  return memory === null ? 'no kind tells' : `largest unit ${gibibytes(memory.bytes)}: ${named(memory.unit)}`;
}

function machineText({ machine }: RunOutlook): string {
  return `this machine has ${gibibytes(machine.memory)}, ${gibibytes(machine.free)} of them free`;
}

function tooLargeText({ tooLarge }: RunOutlook): string[] {
  if (tooLarge.length === 0) return [];
  const more = tooLarge.length - mostUnits;
  const shown = tooLarge.slice(0, more > 1 ? mostUnits : undefined);
  return [
    `${plural(tooLarge.length, 'unit')} DO NOT FIT:`,
    ...shown.map(({ unit, bytes }) => `  ${gibibytes(bytes)} ${named(unit)}`),
    ...(more > 1 ? [`  and ${more} more`] : []),
  ];
}

function unitsText({ storage, units }: RunOutlook): string {
  const { inStore, toCome, known, taken } = storage;
  if (known.nothing === units.toCompute)
    return `units: ${size(inStore)} in the store, those to come not known beforehand`;
  const doubts = [
    known.kind > 0 ? `${plural(known.kind, 'unit')} as the mean of the kind` : '',
    known.stored > 0 ? `${plural(known.stored, 'unit')} as the mean of the kind in ${taken.join(', ')}` : '',
    known.nothing > 0 ? `without ${plural(known.nothing, 'unit')} of which nothing is known` : '',
  ].filter((text) => text !== '');
  return `units: ${size(inStore)} in the store, ${size(toCome)} to come${doubts.length > 0 ? ` (${doubts.join('; ')})` : ''}`;
}

function resultsText({ results, folder }: RunOutlook): string {
  if (results === null) return 'results: not known beforehand';
  const like = results.folder === folder ? '' : ` as at ${results.folder}`;
  return `results: ${size(results.bytes)}${like}, and a copy in the store`;
}

function kindsText({ kinds, coreSeconds }: RunOutlook): string[] {
  const rest = kinds.slice(mostKinds);
  const shown = rest.length > 1 ? kinds.slice(0, mostKinds) : kinds;
  const header = ['  kind', 'units', 'core time', 'share', 'longest', 'storage', 'time from'];
  const row = (name: string, of: readonly KindCosts[], from: string) => {
    const total = of.reduce((sum, kind) => sum + kind.coreSeconds, 0);
    const longest = Math.max(...of.map((kind) => kind.longest ?? 0));
    const stored = of.reduce((sum, { bytes }) => sum + bytes, 0);
    return [
      `  ${name}`,
      `${of.reduce((sum, { units }) => sum + units, 0)}`,
      total === 0 ? '' : roughly(total),
      coreSeconds === 0 ? '' : `${Math.round((100 * total) / coreSeconds)} %`,
      longest === 0 ? '' : roughly(longest),
      stored === 0 ? '?' : size(stored),
      from,
    ];
  };
  return textTable(
    [
      header,
      ...shown.map((kind) => row(kind.kind, [kind], fromText(kind))),
      ...(rest.length > 1 ? [row(`${rest.length} others`, rest, '')] : []),
    ],
    [1, 2, 3, 4, 5],
  );
}

function fromText({ known, pace }: KindCosts): string {
  const times = pace === null ? '' : ` x ${Number(pace.toPrecision(2))}`;
  return known === 'told' ? `told${times}` : known;
}

function partsText({ parts, coreSeconds }: RunOutlook): string[] {
  const share = (seconds: number) => (coreSeconds === 0 ? '' : ` ${Math.round((100 * seconds) / coreSeconds)} %`);
  const more = parts.length - mostParts;
  const shown = more > 1 ? parts.slice(0, mostParts) : parts;
  const rest = parts.slice(shown.length).reduce((sum, part) => sum + part.coreSeconds, 0);
  const texts = [
    ...shown.map((part) => `${part.part}${share(part.coreSeconds)}`),
    ...(more > 1 ? [`${more} others${share(rest)}`] : []),
  ];
  const lines = ['  Parts:'];
  texts.forEach((text, i) => {
    const piece = `${text}${i < texts.length - 1 ? ',' : '.'}`;
    const longer = `${lines.at(-1)} ${piece}`;
    if (longer.length <= mostOfLine) lines[lines.length - 1] = longer;
    else lines.push(`${' '.repeat(lines[0].indexOf(':') + 2)}${piece}`);
  });
  return lines;
}

function named(unit: string): string {
  return unit.length > mostOfName ? `${unit.slice(0, mostOfName - 3)}...` : unit;
}

/** `31 core-hours`, below an hour `12 min of one core`. */
function coreTime(seconds: number): string {
  if (seconds < 3570) return `${roughly(seconds)} of one core`;
  return `${Number((seconds / 3600).toPrecision(2))} core-hours`;
}

function gibibytes(bytes: number): string {
  const value = bytes / 2 ** 30;
  return value < 0.1 ? `${Math.ceil(bytes / 2 ** 20)} MiB` : `${value.toFixed(1)} GiB`;
}
