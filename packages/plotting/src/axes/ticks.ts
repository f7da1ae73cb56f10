import { tickStep, ticks } from 'd3-array';
import { format, precisionFixed } from 'd3-format';
import type { Axis } from '../figure.js';
import { fontSize } from '../style.js';
import { parseText, type RichText, widthOf } from '../text/rich-text.js';
import type { Scale } from './scale.js';

export interface Tick {
  readonly at: number;
  /** Absent on minor ticks. */
  readonly label?: RichText;
}

export interface Ticks {
  readonly ticks: readonly Tick[];
  /** Power of ten that all labels are to be multiplied with, for the end of the axis. */
  readonly multiplier?: RichText;
}

/** Least room between labels in pixels. */
const gap = { x: 12, y: 9 } as const;
/** Aimed-at distance of labelled ticks in pixels, more only where labels need it. */
const distance = { x: 60, y: 36 } as const;
/** Minor ticks are left out where the nearest two, at 8 and 9 of a decade, would come closer than this. */
const leastMinorDistance = 2;

type Direction = 'x' | 'y';

/** Few, well chosen ticks: the densest choice whose labels keep their distance. */
export function chooseTicks(axis: Axis, scale: Scale, direction: Direction): Ticks {
  if (axis.ticks) {
    return {
      ticks: axis.ticks
        .filter(({ at }) => scale.includes(at))
        .map(({ at, label }) => ({ at, label: parseText(label) })),
    };
  }
  if (scale.kind === 'log') return logTicks(scale, direction);
  if (scale.kind === 'symlog') return symlogTicks(scale, direction);
  return linearTicks(scale, direction);
}

function fits(candidate: readonly Tick[], scale: Scale, direction: Direction): boolean {
  const boxes = candidate
    .filter((tick) => tick.label !== undefined)
    .map(({ at, label }) => {
      const half = direction === 'x' ? widthOf(label!, fontSize.tick) / 2 : fontSize.tick / 2;
      return [scale.at(at) - half, scale.at(at) + half] as const;
    })
    .sort((a, b) => a[0] - b[0]);
  return boxes.every((box, i) => i === 0 || box[0] - boxes[i - 1][1] >= gap[direction]);
}

function lengthOf({ range }: Scale): number {
  return Math.abs(range[1] - range[0]);
}

function linearTicks(scale: Scale, direction: Direction): Ticks {
  const [low, high] = scale.domain;
  const most = Math.max(2, Math.round(lengthOf(scale) / distance[direction]));
  let denser: Ticks | undefined;
  for (let count = most; count > 1; count--) {
    const candidate = labelled(ticks(low, high, count), tickStep(low, high, count));
    if (!fits(candidate.ticks, scale, direction)) continue;
    if (candidate.ticks.length <= most + 1) return candidate.ticks.length < 3 && denser ? denser : candidate;
    denser = candidate;
  }
  return labelled(ticks(low, high, 1), tickStep(low, high, 1));
}

/** Plain decimals from a thousandth to a hundred thousand; beyond, a power of ten is set apart. */
function labelled(values: readonly number[], step: number): Ticks {
  const largest = Math.max(...values.map(Math.abs));
  const power = largest > 0 ? Math.floor(Math.log10(largest) + 1e-9) : 0;
  const apart = power >= 5 || power <= -3;
  const unit = apart ? 10 ** power : 1;
  const write = format(`,.${precisionFixed(step / unit)}f`);
  const ticksOfAxis = values.map((at) => ({ at, label: parseText(write(at / unit)) }));
  return apart ? { ticks: ticksOfAxis, multiplier: parseText(`×10^{${power}}`) } : { ticks: ticksOfAxis };
}

/** 10^k, with a negative sign in front for the mirrored decades of `symlog`. */
function decadeLabel(k: number, sign: number): RichText {
  return parseText(`${sign < 0 ? '−' : ''}10^{${k}}`);
}

function decadesWithin(low: number, high: number): readonly number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}

/** Steps between labelled decades, in decades. */
const decadeSteps = [1, 2, 3, 4, 5, 10, 20, 50, 100];

function logTicks(scale: Scale, direction: Direction): Ticks {
  const [low, high] = scale.domain;
  const decades = decadesWithin(low, high);
  if (decades.length < 2) return shortLogTicks(scale, direction);
  const minor = minorTicks(decades, scale, [1]);
  for (const step of decadeSteps) {
    const major = decades.map((k) => decadeTick(k, 1, step));
    if (fits(major, scale, direction)) return { ticks: [...major, ...minor] };
  }
  return { ticks: minor };
}

function decadeTick(k: number, sign: number, step: number): Tick {
  const at = sign * 10 ** k;
  return k % step === 0 ? { at, label: decadeLabel(k, sign) } : { at };
}

/** 2 to 9 times each power of ten, where there is room for them. */
function minorTicks(decades: readonly number[], scale: Scale, signs: readonly number[]): readonly Tick[] {
  if (decades.length === 0) return [];
  const around = [decades[0] - 1, ...decades];
  return signs.flatMap((sign) => {
    const top = sign * 10 ** decades[decades.length - 1];
    if (Math.abs(scale.at(top) - scale.at(top * 0.9)) < leastMinorDistance) return [];
    return around.flatMap((k) =>
      [2, 3, 4, 5, 6, 7, 8, 9]
        .map((digit) => ({ at: sign * digit * 10 ** k }))
        .filter(({ at }) => scale.includes(at) && (scale.kind === 'log' || Math.abs(at) > scale.linearWithin)),
    );
  });
}

/** Less than two powers of ten in sight: 1, 2, 5 are labelled, or even steps where the axis is shorter still. */
function shortLogTicks(scale: Scale, direction: Direction): Ticks {
  const [low, high] = scale.domain;
  const first = Math.floor(Math.log10(low));
  const last = Math.floor(Math.log10(high));
  const digitsOf = (digits: readonly number[]): readonly number[] =>
    Array.from({ length: last - first + 1 }, (_, i) => first + i)
      .flatMap((k) => digits.map((digit) => digit * 10 ** k))
      .filter(scale.includes);
  for (const digits of [
    [1, 2, 3, 5],
    [1, 2, 5],
    [1, 3],
  ]) {
    const values = digitsOf(digits);
    if (values.length < 3) continue;
    const major = values.map((at) => ({ at, label: shortNumber(at) }));
    if (fits(major, scale, direction)) {
      const minor = digitsOf([1, 2, 3, 4, 5, 6, 7, 8, 9]).filter((at) => !values.includes(at));
      return { ticks: [...major, ...minor.map((at) => ({ at }))] };
    }
  }
  return linearTicks(scale, direction);
}

/** One digit and its power of ten: plainly where that is short. */
function shortNumber(value: number): RichText {
  const power = Math.floor(Math.log10(value) + 1e-9);
  if (power >= -3 && power <= 4) return parseText(format(`,.${Math.max(0, -power)}f`)(value));
  const digit = Math.round(value / 10 ** power);
  return parseText(digit === 1 ? `10^{${power}}` : `${digit}×10^{${power}}`);
}

/** 0, and decades mirrored about it. */
function symlogTicks(scale: Scale, direction: Direction): Ticks {
  const [low, high] = scale.domain;
  const c = scale.linearWithin;
  if (low > c && decadesWithin(low, high).length < 2) return shortLogTicks(scale, direction);
  const up = high > c ? decadesWithin(Math.max(c, low), high) : [];
  const down = low < -c ? decadesWithin(Math.max(c, -high), -low) : [];
  if (up.length + down.length === 0) return linearTicks(scale, direction);

  const zero: readonly Tick[] = scale.includes(0) ? [{ at: 0, label: parseText('0') }] : [];
  const minor = [...minorTicks(up, scale, [1]), ...minorTicks(down, scale, [-1])];
  for (const step of decadeSteps) {
    const major = [...down.map((k) => decadeTick(k, -1, step)), ...zero, ...up.map((k) => decadeTick(k, 1, step))];
    // The decade that ends the linear stretch is nearer to 0 than to the next decade: its name is the first to go.
    const withoutInnermost = major.map(({ at, label }) =>
      label !== undefined && (at === 0 || Math.abs(at) > 1.5 * c) ? { at, label } : { at },
    );
    for (const candidate of [major, withoutInnermost]) {
      if (fits(candidate, scale, direction)) return { ticks: [...candidate, ...minor] };
    }
  }
  return { ticks: [...zero, ...minor] };
}
