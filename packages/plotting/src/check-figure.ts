import type { Figure, Mark, Panel } from './figure.js';
import { dataCount } from './marks/drawn-mark.js';
import { parseText } from './text/rich-text.js';

/**
 * Checks all that a drawing relies on, of a figure built by a program or read from a file.
 *
 * @throws Error for the first thing that is wrong; its message names figure, panel and mark, counted from 1, what was
 * expected and what was found
 */
export function checkFigure(value: unknown): asserts value is Figure {
  const figure = fields(value, 'the figure', ['id', 'title', 'caption', 'profile', 'columns', 'panels']);
  checkId(figure.id, 'the figure');
  const place = `figure "${figure.id}"`;
  checkText(figure.title, `${place}: title`);
  checkText(figure.caption, `${place}: caption`);
  if (figure.profile !== undefined) checkText(figure.profile, `${place}: profile`);
  if (figure.columns !== undefined && !(Number.isInteger(figure.columns) && (figure.columns as number) >= 1)) {
    fail(`${place}: columns`, 'a positive integer', figure.columns);
  }
  if (!Array.isArray(figure.panels) || figure.panels.length === 0) {
    fail(`${place}: panels`, 'at least one panel', figure.panels);
  }
  (figure.panels as unknown[]).forEach((panel, i) => {
    checkPanel(panel, `${place}, panel ${i + 1}`);
  });
}

/** @throws Error unless the id can be the name of a file on every system */
export function checkId(id: unknown, place: string): void {
  if (typeof id !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id)) {
    fail(`${place}: id`, 'letters, digits, ".", "_" and "-", as in figure-3', id);
  }
}

function fail(place: string, expected: string, found: unknown): never {
  throw new Error(`${place} must be ${expected}; found ${describe(found)}`);
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) {
    const isPair = value.length === 2 && value.every((item) => typeof item === 'number');
    return isPair ? `[${value.join(', ')}]` : `an array of ${value.length}`;
  }
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name} (use Array.from)`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

type Fields = Readonly<Record<string, unknown>>;

/** The value as an object without fields of other names: a misspelt option is an error, not a default. */
function fields(value: unknown, place: string, names: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(place, 'an object', value);
  for (const name of Object.keys(value as object)) {
    if (!names.includes(name)) throw new Error(`${place} has a field "${name}"; known are ${names.join(', ')}`);
  }
  return value as Fields;
}

/** @throws Error, naming the place, unless this is a text whose maths can be set */
export function checkText(value: unknown, place: string): void {
  if (typeof value !== 'string') fail(place, 'a text', value);
  try {
    parseText(value as string);
  } catch (error) {
    throw new Error(`${place}: ${(error as Error).message}`);
  }
}

function checkNumber(value: unknown, place: string): void {
  if (!Number.isFinite(value)) fail(place, 'a finite number', value);
}

function oneOf(value: unknown, place: string, choices: readonly string[]): void {
  if (value !== undefined && !choices.includes(value as string)) fail(place, `one of ${choices.join(', ')}`, value);
}

function checkPanel(value: unknown, place: string): void {
  const panel = fields(value, place, ['title', 'x', 'y', 'marks', 'legend']);
  if (panel.title !== undefined) checkText(panel.title, `${place}: title`);
  oneOf(panel.legend, `${place}: legend`, ['top-left', 'top-right', 'bottom-left', 'bottom-right', 'above', 'none']);
  checkAxis(panel.x, `${place}: x axis`);
  checkAxis(panel.y, `${place}: y axis`);
  if (!Array.isArray(panel.marks)) fail(`${place}: marks`, 'an array', panel.marks);
  const marks = panel.marks as unknown[];
  marks.forEach((mark, i) => {
    checkMark(mark, panel as unknown as Panel, `${place}, mark ${i + 1}`);
  });
  if (!(marks as Mark[]).some((mark) => dataCount(mark) > 0)) {
    throw new Error(`${place} is empty: no mark but rules has data`);
  }
  for (const name of ['x', 'y'] as const) checkSomethingToShow(panel as unknown as Panel, name, place);
}

function checkAxis(value: unknown, place: string): void {
  const axis = fields(value, place, ['label', 'scale', 'linearWithin', 'domain', 'ticks']);
  checkText(axis.label, `${place}: label`);
  oneOf(axis.scale, `${place}: scale`, ['linear', 'log', 'symlog']);
  if (axis.linearWithin !== undefined && !((axis.linearWithin as number) > 0)) {
    fail(`${place}: linearWithin`, 'a positive number', axis.linearWithin);
  }
  if (axis.domain !== undefined) checkDomain(axis.domain, axis.scale === 'log', `${place}: domain`);
  if (axis.ticks === undefined) return;
  if (!Array.isArray(axis.ticks)) fail(`${place}: ticks`, 'an array', axis.ticks);
  (axis.ticks as unknown[]).forEach((item, i) => {
    const tick = fields(item, `${place}: tick ${i + 1}`, ['at', 'label']);
    checkNumber(tick.at, `${place}: tick ${i + 1}: at`);
    checkText(tick.label, `${place}: tick ${i + 1}: label`);
  });
}

function checkDomain(value: unknown, logarithmic: boolean, place: string): void {
  if (!Array.isArray(value) || value.length !== 2) fail(place, 'two numbers', value);
  const [low, high] = value as unknown[];
  checkNumber(low, `${place}: low end`);
  checkNumber(high, `${place}: high end`);
  if (!((low as number) < (high as number))) fail(place, 'two numbers, the lower first', value);
  if (logarithmic && !((low as number) > 0)) fail(place, 'positive on a log axis', value);
}

/** The arrays of each kind of mark that must be equally long. */
const columnsOf: Record<Mark['kind'], readonly string[]> = {
  histogram: [],
  line: ['x', 'y'],
  points: ['x', 'y'],
  stem: ['x', 'y'],
  band: ['x', 'low', 'high'],
  rule: [],
};
const otherFields: Record<Mark['kind'], readonly string[]> = {
  histogram: ['edges', 'heights'],
  line: ['dash'],
  points: ['intervals', 'symbol', 'size'],
  stem: [],
  band: [],
  rule: ['x', 'y'],
};

function checkMark(value: unknown, panel: Panel, at: string): void {
  const kind = (value as { kind?: unknown } | null)?.kind as Mark['kind'];
  if (!Object.hasOwn(columnsOf, kind ?? '')) fail(`${at}: kind`, `one of ${Object.keys(columnsOf).join(', ')}`, kind);
  const label = (value as { label?: unknown }).label;
  const place = `${at} (${kind}${typeof label === 'string' ? ` "${label}"` : ''})`;
  const mark = fields(value, place, ['kind', 'label', 'color', ...columnsOf[kind], ...otherFields[kind]]);
  if (label !== undefined) checkText(label, `${place}: label`);
  if (label === '') fail(`${place}: label`, 'a text, or absent', label);
  const { color } = mark;
  if (color !== undefined && color !== 'muted' && !(Number.isInteger(color) && (color as number) >= 0)) {
    fail(`${place}: color`, 'a number of the palette from 0, or "muted"', color);
  }
  columnsOf[kind].forEach((name) => {
    const column = checkNumbers(mark[name], `${place}: ${name}`);
    const { length } = mark.x as unknown[];
    if (column.length !== length) fail(`${place}: ${name}`, `as long as x (${length})`, column);
  });
  checkDetails(value as Mark, panel, place);
}

function checkNumbers(value: unknown, place: string): readonly number[] {
  if (!Array.isArray(value)) fail(place, 'an array of numbers', value);
  const bad = (value as unknown[]).findIndex((item) => !Number.isFinite(item));
  if (bad >= 0) fail(`${place}[${bad}]`, 'a finite number', (value as unknown[])[bad]);
  return value as number[];
}

function checkDetails(mark: Mark, panel: Panel, place: string): void {
  switch (mark.kind) {
    case 'histogram':
      checkHistogram(mark, panel, place);
      break;
    case 'band': {
      const crossed = mark.low.findIndex((low, i) => low > mark.high[i]);
      if (crossed >= 0) fail(`${place}: low[${crossed}]`, `at most high (${mark.high[crossed]})`, mark.low[crossed]);
      break;
    }
    case 'line':
      if (mark.dash !== undefined && typeof mark.dash !== 'boolean') fail(`${place}: dash`, 'true or false', mark.dash);
      break;
    case 'points':
      oneOf(mark.symbol, `${place}: symbol`, ['circle', 'cross', 'square', 'triangle']);
      if (mark.size !== undefined && !(mark.size > 0)) fail(`${place}: size`, 'a positive number', mark.size);
      if (mark.intervals !== undefined) checkIntervals(mark.intervals, mark.x.length, `${place}: intervals`);
      break;
    case 'rule':
      checkRule(mark, panel, place);
      break;
  }
}

function checkHistogram(mark: Extract<Mark, { kind: 'histogram' }>, panel: Panel, place: string): void {
  const edges = checkNumbers(mark.edges, `${place}: edges`);
  const heights = checkNumbers(mark.heights, `${place}: heights`);
  if (edges.length !== heights.length + 1)
    fail(`${place}: edges`, `one more than the ${heights.length} heights`, edges);
  const back = edges.findIndex((edge, i) => i > 0 && edge <= edges[i - 1]);
  if (back >= 0) fail(`${place}: edges[${back}]`, `above the edge before it (${edges[back - 1]})`, edges[back]);
  if (panel.x.scale === 'log' && edges[0] <= 0) fail(`${place}: edges`, 'positive on a log axis', edges[0]);
  const negative = heights.findIndex((height) => height < 0);
  if (panel.y.scale === 'log' && negative >= 0) {
    fail(`${place}: heights[${negative}]`, 'at least 0 on a log axis', heights[negative]);
  }
}

function checkIntervals(intervals: unknown, count: number, place: string): void {
  if (!Array.isArray(intervals) || intervals.length !== count) fail(place, `as many as points (${count})`, intervals);
  (intervals as unknown[]).forEach((item, i) => {
    const interval = checkNumbers(item, `${place}[${i}]`);
    if (interval.length !== 2 || interval[0] > interval[1]) fail(`${place}[${i}]`, '[low, high]', interval);
  });
}

function checkRule({ x, y }: Extract<Mark, { kind: 'rule' }>, panel: Panel, place: string): void {
  if ((x === undefined) === (y === undefined)) {
    throw new Error(`${place} must stand at x or at y; found ${x === undefined ? 'neither' : 'both'}`);
  }
  const name = x === undefined ? 'y' : 'x';
  const value = x ?? y!;
  checkNumber(value, `${place}: ${name}`);
  if (panel[name].scale === 'log' && value <= 0) fail(`${place}: ${name}`, 'positive on a log axis', value);
}

/** A log axis needs a positive value, or a domain to show that there is none. */
function checkSomethingToShow(panel: Panel, name: 'x' | 'y', place: string): void {
  if (panel[name].scale !== 'log' || panel[name].domain !== undefined) return;
  const positive = panel.marks.some((mark) => {
    if (mark.kind === 'rule') return false;
    if (mark.kind === 'histogram') return name === 'x' || mark.heights.some((height) => height > 0);
    if (mark.kind === 'band') return (name === 'x' ? mark.x : mark.high).some((value) => value > 0);
    return mark[name].some((value) => value > 0);
  });
  if (!positive) throw new Error(`${place}: ${name} axis is logarithmic, but no value of a mark is positive`);
}
