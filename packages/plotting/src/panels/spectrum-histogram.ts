import { extent, max, quantileSorted } from 'd3-array';
import { format } from 'd3-format';
import { resolveAxes } from '../axes/extent.js';
import type { Axis, Mark, Panel } from '../figure.js';
import { evenOnAxis, type Law, lawCurves } from './law-curve.js';
import { type PanelOptions, panelOf } from './panel-options.js';

export interface SpectrumHistogramOptions extends PanelOptions {
  /** Edges of the bins, ascending. */
  readonly edges?: readonly number[];
  /** Number of equal bins over the range. Default: the rule of Freedman & Diaconis (1981), kept between 20 and 120. */
  readonly bins?: number;
  /** What the bins and the axis cover; default all values. */
  readonly range?: readonly [number, number];
  readonly law?: Law | readonly Law[];
  /** Logarithmic density, from half of what one value in the widest bin makes. */
  readonly logY?: boolean;
  /** What the values are, for the legend. Default `eigenvalues`. */
  readonly label?: string;
}

/**
 * Histogram of a spectrum as a density, with laws over it.
 *
 * The density is that of all values, also of those beyond the bins, so that it can be held against a law of mass 1 even
 * where the range leaves values out; the legend then says how many. An atom of a law is drawn as a stem of the height that
 * it gives to its bin: its mass over the bin's width.
 *
 * @param values  eigenvalues, in any order
 * @throws RangeError if there are no values, a value is not finite, or the edges do not ascend
 */
export function spectrumHistogram(values: ArrayLike<number>, options: SpectrumHistogramOptions = {}): Panel {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) throw new RangeError('a histogram needs values; found none');
  const bad = Array.from(values).findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new RangeError(`value ${bad} of the histogram is ${values[bad]}; values must be finite`);

  const edges = options.edges ?? evenEdges(sorted, options);
  const { heights, outside } = densities(sorted, edges);
  const name = options.label ?? 'eigenvalues';
  const histogram: Mark = { kind: 'histogram', edges, heights, label: name + outsideNote(outside, sorted.length) };

  const widest = max(edges.slice(1), (edge, i) => edge - edges[i])!;
  const floor = options.logY ? 0.5 / (sorted.length * widest) : 0;
  const stated = options.edges ?? options.range;
  const x: Axis = { label: 'eigenvalue', ...(stated && { domain: [stated[0], stated.at(-1)!] }), ...options.x };
  const xAxis = resolveAxes({ x, y: { label: '' }, marks: [histogram] }).x;
  const laws = options.law === undefined ? [] : [options.law].flat();
  const lawMarks = laws.flatMap((law, i) => [
    ...lawCurves(law, evenOnAxis(xAxis), floor, i + 1),
    ...atomMarks(law, edges, i + 1),
  ]);
  const y: Axis = {
    label: 'density',
    domain: densityDomain(heights, lawMarks, floor),
    ...(options.logY && { scale: 'log' }),
  };
  return panelOf({ x: { ...x, domain: xAxis.domain }, y }, [histogram, ...lawMarks], options);
}

function evenEdges(sorted: Float64Array, { bins, range }: SpectrumHistogramOptions): readonly number[] {
  let [low, high] = range ?? (extent(sorted) as [number, number]);
  if (low === high) {
    const room = Math.abs(low) / 2 || 0.5;
    low -= room;
    high += room;
  }
  if (!(low < high)) throw new RangeError(`the range of a histogram must ascend; found [${low}, ${high}]`);
  const count =
    bins ??
    freedmanDiaconis(
      sorted.filter((value) => value >= low && value <= high),
      high - low,
    );
  if (!(Number.isInteger(count) && count >= 1)) throw new RangeError(`bins must be a positive integer; found ${count}`);
  return Array.from({ length: count + 1 }, (_, i) => (i === count ? high : low + ((high - low) * i) / count));
}

function freedmanDiaconis(values: Float64Array, length: number): number {
  const sorted = Array.from(values);
  const spread = quantileSorted(sorted, 0.75)! - quantileSorted(sorted, 0.25)!;
  const width = (2 * spread) / Math.cbrt(sorted.length);
  return width > 0 ? Math.min(120, Math.max(20, Math.ceil(length / width))) : 120;
}

interface Densities {
  readonly heights: readonly number[];
  /** Number of values below the first edge and above the last. */
  readonly outside: readonly [number, number];
}

/** Each bin holds its lower edge, the last one both. */
function densities(sorted: Float64Array, edges: readonly number[]): Densities {
  const counts = new Array<number>(edges.length - 1).fill(0);
  const last = edges[edges.length - 1];
  let below = 0;
  let above = 0;
  let bin = 0;
  for (const value of sorted) {
    if (value < edges[0]) below++;
    else if (value > last) above++;
    else {
      while (bin < counts.length - 1 && value >= edges[bin + 1]) bin++;
      counts[bin]++;
    }
  }
  const heights = counts.map((count, i) => count / (sorted.length * (edges[i + 1] - edges[i])));
  return { heights, outside: [below, above] };
}

function outsideNote([below, above]: readonly [number, number], total: number): string {
  const count = format(',');
  const sides = [...(below > 0 ? [`${count(below)} below`] : []), ...(above > 0 ? [`${count(above)} above`] : [])];
  return sides.length === 0 ? '' : ` (of ${count(total)}, ${sides.join(' and ')} the range)`;
}

function atomMarks({ atoms = [], label }: Law, edges: readonly number[], color: number): readonly Mark[] {
  const shown = atoms.flatMap(({ at, mass }) => {
    const bin = edges.findIndex((edge, i) => i > 0 && at >= edges[i - 1] && (at < edge || i === edges.length - 1));
    if (bin < 0 || at > edges[bin]) return [];
    return [{ at, height: mass / (edges[bin] - edges[bin - 1]) }];
  });
  if (shown.length === 0) return [];
  return [
    {
      kind: 'stem',
      x: shown.map(({ at }) => at),
      y: shown.map(({ height }) => height),
      color,
      label: `${label} (${shown.length === 1 ? 'atom' : 'atoms'})`,
    },
  ];
}

/** Up to the highest bar and the laws, but a density that grows beyond all bounds is cut at half as high again as the bars. */
function densityDomain(heights: readonly number[], laws: readonly Mark[], floor: number): readonly [number, number] {
  const bars = max(heights)!;
  const stems = laws.flatMap((mark) => (mark.kind === 'stem' ? mark.y : []));
  const highestLaw = max(laws.flatMap((mark) => (mark.kind === 'line' ? mark.y : []))) ?? 0;
  const top = Math.max(bars, ...stems, Math.min(highestLaw, bars > 0 ? 1.5 * bars : highestLaw));
  if (floor > 0) return [floor, Math.max(top, 10 * floor) * 1.6];
  return [0, top > 0 ? 1.06 * top : 1];
}
