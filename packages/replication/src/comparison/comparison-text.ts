import { formatNumber, plural } from '../measurement.js';
import { textTable } from '../text-table.js';
import type { ArrayDifference } from './compare-arrays.js';
import type { MovedClaim } from './compare-claims.js';
import type { FigureDifference, SeriesDifference } from './compare-figures.js';
import type { FilesComparison, RunComparison } from './compare-runs.js';
import type { TableDifference } from './compare-tables.js';

export interface ComparisonTextOptions {
  /** Lines to spend on what moved, about; the rest is counted. Default: all that there is. */
  readonly lines?: number;
  /** Claims to list; all are counted. Default: all. */
  readonly isShown?: (claim: MovedClaim) => boolean;
}

/** Two runs of an experiment side by side, for the terminal: what moved, moved verdicts first, and what may have caused it. */
export function runComparisonText(comparison: RunComparison, options: ComparisonTextOptions = {}): string {
  const { experiment, before, after, claims, figures, tables, arrays } = comparison;
  const title = `${experiment}: ${after} against ${before}`;
  if (comparison.same) {
    const counts = [
      plural(claims.after, 'claim'),
      plural(figures.compared, 'figure'),
      plural(tables.compared, 'table'),
      plural(arrays.compared, 'array'),
    ];
    return [title, `  the same: ${counts.join(', ')}`, ...causes(comparison, 4)].join('\n');
  }
  const { lines = Number.POSITIVE_INFINITY, isShown = () => true } = options;
  const share = (part: number) => Math.max(1, Math.floor(part * lines));
  return [
    title,
    `  ${claimsLine(comparison)}`,
    ...movedClaims(claims.moved.filter(isShown), share(0.4)),
    ...onlyOneHas(claims, 'claims'),
    ...filesText(figures, 'figure', lines === Number.POSITIVE_INFINITY ? figureLines : figureLine, share(0.25)),
    ...filesText(tables, 'table', tableLines, share(0.1)),
    ...filesText(arrays, 'array', arrayLines, share(0.05)),
    ...causes(comparison, share(0.15)),
  ].join('\n');
}

function claimsLine({ claims }: RunComparison): string {
  const { moved, onlyBefore, onlyAfter } = claims;
  const having = (what: MovedClaim['moved']) => moved.filter((claim) => claim.moved === what).length;
  const counts = [
    `${plural(claims.after, 'claim')} against ${claims.before}`,
    `${having('verdict')} with another verdict`,
    `${having('measured')} with another measured value`,
  ];
  if (having('interval') > 0) counts.push(`${having('interval')} with another interval alone`);
  if (having('stated') > 0) counts.push(`${having('stated')} stated otherwise`);
  if (onlyAfter.length > 0) counts.push(`${onlyAfter.length} new`);
  if (onlyBefore.length > 0) counts.push(`${onlyBefore.length} gone`);
  return counts.join(', ');
}

function movedClaims(moved: readonly MovedClaim[], limit: number): string[] {
  if (moved.length === 0) return [];
  const header = ['claim', 'before', 'now', 'difference', 'within both', 'verdict'];
  const rows = moved.slice(0, limit).map((claim) => {
    const { before, after, difference, withinBoth } = claim;
    const verdict = before.verdict === after.verdict ? after.verdict : `${before.verdict} -> ${after.verdict}`;
    const within = withinBoth === null ? '-' : withinBoth ? 'yes' : 'no';
    const [was, is] = tellApart(before.measured, after.measured);
    const stated = claim.moved === 'stated' ? ' (stated otherwise)' : claim.moved === 'interval' ? ' (interval)' : '';
    return [claim.id, was, is, difference === null ? '-' : signed(difference), within, verdict + stated];
  });
  return indented(indented([...textTable([header, ...rows], [1, 2, 3]), ...more(moved.length - rows.length)]));
}

/** As many digits as tell the two apart, up to all. */
function tellApart(was: number | null, is: number | null): readonly [string, string] {
  const text = (value: number | null, digits: number) =>
    value === null ? '-' : digits > 4 ? String(Number(value.toPrecision(digits))) : formatNumber(value);
  let digits = 4;
  while (was !== is && digits < 17 && text(was, digits) === text(is, digits)) digits++;
  return [text(was, digits), text(is, digits)];
}

function signed(difference: number): string {
  return `${difference > 0 ? '+' : ''}${formatNumber(difference)}`;
}

function filesText<Difference>(
  files: FilesComparison<Difference>,
  noun: string,
  linesOf: (difference: Difference) => readonly string[],
  limit: number,
): string[] {
  const { compared, differ } = files;
  const verb = differ.length === 1 ? 'differs' : 'differ';
  const lines = differ.flatMap(linesOf);
  const shown = lines.slice(0, limit);
  return [
    ...(differ.length > 0 ? [`  ${differ.length} of ${plural(compared, noun)} ${verb}`] : []),
    ...indented(indented([...shown, ...more(lines.length - shown.length)])),
    ...onlyOneHas(files, `${noun}s`),
  ];
}

function figureLines({ figure, series, onlyBefore, onlyAfter, other }: FigureDifference): string[] {
  return [
    ...series.map((moved) => `${figure}: ${seriesText(moved)}`),
    ...(onlyBefore.length > 0 ? [`${figure}: without ${onlyBefore.join(', ')}`] : []),
    ...(onlyAfter.length > 0 ? [`${figure}: with ${onlyAfter.join(', ')}`] : []),
    ...(other.length > 0 ? [`${figure}: other ${other.join(', ')}`] : []),
  ];
}

/** The series that moved most, and how many others there are. */
function figureLine(difference: FigureDifference): string[] {
  const [first, ...others] = figureLines(difference);
  return [others.length === 0 ? first : `${first}; and ${others.length} more`];
}

function seriesText({ panel, series, points, moved, x, y }: SeriesDifference): string {
  const where = `${series} in ${panel}`;
  if (moved === 0) return `${where}: ${points[1]} points, before ${points[0]}`;
  const shifts = [x > 0 ? `${percent(x)} of the x axis` : '', y > 0 ? `${percent(y)} of the y axis` : ''];
  return `${where}: ${moved} of ${plural(points[1], 'point')} by up to ${shifts.filter((text) => text !== '').join(', ')}`;
}

function tableLines({
  table,
  cells,
  relative,
  at,
  rows,
  columnsOnlyBefore,
  columnsOnlyAfter,
}: TableDifference): string[] {
  const texts = [
    ...(rows[0] === rows[1] ? [] : [`${rows[1]} rows, before ${rows[0]}`]),
    ...(columnsOnlyBefore.length > 0 ? [`without ${columnsOnlyBefore.join(', ')}`] : []),
    ...(columnsOnlyAfter.length > 0 ? [`with ${columnsOnlyAfter.join(', ')}`] : []),
    ...(at === null
      ? []
      : [
          `${plural(cells, 'cell')}${relative > 0 ? ` by up to ${percent(relative)}` : ''} ` +
            `(${at.column} of ${at.row}: ${cellTexts(at).join(' became ')})`,
        ]),
  ];
  return [`${table}: ${texts.join('; ')}`];
}

function cellTexts({ before, after }: { readonly before: string; readonly after: string }): readonly [string, string] {
  const [was, is] = [before, after].map((cell) => (cell.trim() === '' ? Number.NaN : Number(cell)));
  return Number.isFinite(was) && Number.isFinite(is) ? tellApart(was, is) : [before, after];
}

function arrayLines({ array, shapes, elements, absolute, relative }: ArrayDifference): string[] {
  if (elements === null) return [`${array}: shape (${shapes[1].join(', ')}), before (${shapes[0].join(', ')})`];
  return [
    `${array}: ${plural(elements, 'element')} by up to ${formatNumber(absolute!)}, relative ${percent(relative!)}`,
  ];
}

function causes({ inputs, same }: RunComparison, limit: number): string[] {
  if (inputs === null) return ['  one of the two has no manifest.json, so the inputs cannot be compared'];
  if (inputs.length === 0) return same ? [] : ['  nothing that the manifests hold tells why'];
  const lines = inputs.slice(0, limit).map(({ input, text }) => `${input}: ${text}`);
  return [
    `  ${same ? 'although these inputs differ' : 'inputs that differ, the likeliest cause first'}`,
    ...indented(indented([...lines, ...more(inputs.length - lines.length)])),
  ];
}

function onlyOneHas(
  { onlyBefore, onlyAfter }: { readonly onlyBefore: readonly string[]; readonly onlyAfter: readonly string[] },
  noun: string,
): string[] {
  return [
    ...(onlyAfter.length > 0 ? [`  new ${noun}: ${some(onlyAfter)}`] : []),
    ...(onlyBefore.length > 0 ? [`  ${noun} that are gone: ${some(onlyBefore)}`] : []),
  ];
}

function some(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

function more(count: number): string[] {
  return count > 0 ? [`... and ${count} more (--all)`] : [];
}

function percent(fraction: number): string {
  return `${formatNumber(100 * fraction)} %`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
