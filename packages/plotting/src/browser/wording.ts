import { format } from 'd3-format';
import type { Axis, Mark, Panel } from '../figure.js';
import { type DrawnMark, dataCount } from '../marks/drawn-mark.js';
import { plainText } from '../text/rich-text.js';
import type { Reading } from './reading.js';
import { isListed } from './series.js';

/** Six significant digits: more than is drawn, so that neighbours can be told apart when zoomed in. */
const digits = 6;

/** A number as a source text of `parseText`: plain from a thousandth to a million, else with a power of ten. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return format(',d')(value);
  if (size >= 1e-3 && size < 1e6) return format(`,.${digits}~r`)(value);
  const [mantissa, power] = value.toExponential(digits - 1).split('e');
  return `${Number(mantissa)}×10^{${Number(power)}}`.replaceAll('-', '\u2212');
}

/** What a reading says, line by line: a name and a value, both sources of `parseText`. */
export interface Wording {
  readonly series: string;
  readonly lines: readonly { readonly name: string; readonly value: string }[];
}

const kindNames: Record<Mark['kind'], string> = {
  histogram: 'bars',
  line: 'line',
  points: 'points',
  stem: 'stems',
  band: 'band',
  rule: 'rule',
};

/** Whose values these are: the label, or that of the labelled mark of the same colour to which this one belongs. */
export function seriesName(drawn: DrawnMark, legend: readonly DrawnMark[]): string {
  if (drawn.mark.label !== undefined) return drawn.mark.label;
  const owners = legend.filter((other) => isListed(other) && other.number === drawn.number);
  const kind = kindNames[drawn.mark.kind];
  if (drawn.mark.kind === 'rule' || owners.length !== 1) return kind;
  return owners[0].mark.kind === drawn.mark.kind ? owners[0].mark.label! : `${owners[0].mark.label!} (${kind})`;
}

export function wordingOf(reading: Reading, series: string, panel: Panel): Wording {
  const lines: { name: string; value: string }[] = [];
  const say = (axis: Axis, fallback: string, value: Reading['x']): void => {
    if (value !== undefined) lines.push({ name: axis.label || fallback, value: valueText(value, axis) });
  };
  say(panel.x, 'x', reading.x);
  say(panel.y, 'y', reading.y);
  if (reading.interval) lines.push({ name: 'interval', value: valueText(reading.interval, panel.y) });
  if (reading.between) lines.push({ name: 'read off the line', value: 'between two values' });
  return { series, lines };
}

function valueText(value: number | readonly [number, number], axis: Axis): string {
  if (typeof value !== 'number') return `${numberText(value[0])} to ${numberText(value[1])}`;
  return axis.ticks?.find(({ at }) => at === value)?.label ?? numberText(value);
}

/** The same in one sentence, for readers who hear it: there, powers of ten are written as in a program. */
export function spoken({ series, lines }: Wording): string {
  return withoutPowers(`${series}: ${lines.map(({ name, value }) => `${name} ${value}`).join('; ')}`);
}

function withoutPowers(source: string): string {
  return plainText(source.replace(/×10\^\{\u2212?\d+\}/g, (power) => `e${power.slice(5, -1)}`));
}

const scaleNames = { linear: '', log: ', logarithmic', symlog: ', logarithmic on both sides of zero' } as const;

/**
 * What a panel shows, for those who do not see it.
 *
 * @param name  of the panel, in plain characters
 */
export function panelText({ x, y }: Panel, marks: readonly DrawnMark[], name: string): string {
  const axisText = (which: 'x' | 'y', { label, scale = 'linear', domain, ticks }: Axis): string => {
    const range = ticks || !domain ? '' : `, from ${numberText(domain[0])} to ${numberText(domain[1])}`;
    return `${which} axis: ${label || which}${range}${scaleNames[scale]}`;
  };
  const series = marks.flatMap(({ mark }) => {
    if (mark.label === undefined) return [];
    return [`${mark.label} (${mark.kind === 'rule' ? 'rule' : `${kindNames[mark.kind]}, ${dataCount(mark)}`})`];
  });
  const shown = series.length > 0 ? `. shown: ${series.join('; ')}` : '';
  return `${name}. ${withoutPowers(`${axisText('x', x)}. ${axisText('y', y)}${shown}`)}`;
}
