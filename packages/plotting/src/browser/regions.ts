import { kindOf, makeScale, type ResolvedAxis } from '../axes/scale.js';
import type { Mark, Panel } from '../figure.js';
import { type Domain, withRoom } from './view.js';

/** Parts of the x axis of a spectrum that are worth a closer look. */
export interface Regions {
  readonly bulk: Domain;
  /** Beyond the bulk and the first gap, if there is one, on the side that reaches further; undefined where little does. */
  readonly outliers?: Domain;
}

/** The share of the mass in the bulk. */
const central = 0.98;
/**
 * Shares of the axis: a bulk that takes more of it is seen well enough, and so are outliers that reach less far beyond
 * it.
 */
const largestBulk = 0.5;
const leastTail = 0.15;

/**
 * Where a spectrum, drawn as histograms or else as stems, has the central 98 % of its mass, and where its outliers lie.
 *
 * @param x  the whole x axis
 * @returns undefined for panels of other kinds, and for spectra whose bulk fills the axis
 */
export function spectralRegions(panel: Panel, x: ResolvedAxis): Regions | undefined {
  const histograms = panel.marks.filter((mark) => mark.kind === 'histogram');
  const spectra = histograms.length > 0 ? histograms : panel.marks.filter((mark) => mark.kind === 'stem');
  const shown = (value: number): boolean => x.kind !== 'log' || value > 0;
  const bulks = spectra
    .map((mark) => bulkOf(massOf(mark, panel).filter(({ from }) => shown(from))))
    .filter((bulk) => bulk !== undefined);
  if (bulks.length === 0) return undefined;
  const low = Math.min(...bulks.map(([from]) => from));
  const high = Math.max(...bulks.map(([, to]) => to));

  const along = makeScale(x, [0, 1]);
  const place = (value: number): number => Math.max(0, Math.min(1, along.at(value)));
  const bulk = withRoom(x, [low, high]);
  if (!(low < high) || place(bulk[1]) - place(bulk[0]) > largestBulk) return undefined;

  const support = supportOf(panel.marks, shown);
  const [first, last] = [support[0][0], support[support.length - 1][1]];
  const [left, right] = [place(low) - place(first), place(last) - place(high)];
  if (Math.max(left, right) < leastTail) return { bulk };
  const isRight = right >= left;
  const beyond: Domain = isRight ? [high, last] : [first, low];
  const apart: Domain = isRight
    ? [support.find(([from]) => from > high)?.[0] ?? high, last]
    : [first, support.findLast(([, to]) => to < low)?.[1] ?? low];
  return { bulk, outliers: withRoom(x, apart[0] < apart[1] ? apart : beyond) };
}

/** Where all but one percent of the mass on either side lies. */
function bulkOf(pieces: readonly Piece[]): Domain | undefined {
  const total = pieces.reduce((sum, { mass }) => sum + mass, 0);
  if (!(total > 0)) return undefined;
  const quantile = (share: number): number => {
    let below = 0;
    for (const { from, to, mass } of pieces) {
      if (mass > 0 && below + mass >= share * total) return from + ((share * total - below) / mass) * (to - from);
      below += mass;
    }
    return pieces[pieces.length - 1].to;
  };
  return [quantile((1 - central) / 2), quantile((1 + central) / 2)];
}

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly mass: number;
}

/** From left to right: the areas of bars, as the figure draws them on its own scale, or the weights of stems. */
function massOf(mark: Mark, { x }: Panel): readonly Piece[] {
  if (mark.kind === 'histogram') {
    return mark.heights.map((height, i) => {
      const [from, to] = [mark.edges[i], mark.edges[i + 1]];
      const width = kindOf(x) === 'log' ? Math.log(to / from) : to - from;
      return { from, to, mass: height * width };
    });
  }
  if (mark.kind !== 'stem') return [];
  return mark.x
    .map((x, i) => ({ from: x, to: x, mass: Math.max(0, mark.y[i]) }))
    .sort((one, other) => one.from - other.from);
}

/** The stretches of the axis with data, between gaps, from left to right. */
function supportOf(marks: readonly Mark[], shown: (value: number) => boolean): readonly Domain[] {
  const pieces = marks
    .flatMap((mark): readonly Domain[] => {
      if (mark.kind === 'histogram') {
        return mark.heights.flatMap((height, i) => (height > 0 ? [[mark.edges[i], mark.edges[i + 1]] as const] : []));
      }
      return mark.kind === 'stem' || mark.kind === 'points' ? mark.x.map((x) => [x, x] as const) : [];
    })
    .filter(([from]) => shown(from))
    .sort(([one], [other]) => one - other);
  const stretches: [number, number][] = [];
  for (const [from, to] of pieces) {
    const last = stretches.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else stretches.push([from, to]);
  }
  return stretches;
}
