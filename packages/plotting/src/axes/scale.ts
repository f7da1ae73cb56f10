import { scaleLinear, scaleLog } from 'd3-scale';
import type { Axis } from '../figure.js';

/** From values to pixels. */
export interface Scale {
  readonly kind: 'linear' | 'log' | 'symlog';
  readonly domain: readonly [number, number];
  /** Of `symlog`: linear within +- this. */
  readonly linearWithin: number;
  /** Pixels of both ends of the domain. */
  readonly range: readonly [number, number];
  /** Pixel of a value; values beyond the domain lie beyond the range. NaN for values <= 0 on `log`. */
  at(value: number): number;
  /** The value whose pixel this is. */
  valueAt(pixel: number): number;
  includes(value: number): boolean;
}

/** What an axis has come to once its data are known. */
export interface ResolvedAxis {
  readonly kind: Scale['kind'];
  readonly domain: readonly [number, number];
  readonly linearWithin: number;
}

export function kindOf(axis: Axis): Scale['kind'] {
  return axis.scale ?? 'linear';
}

export function makeScale({ kind, domain, linearWithin }: ResolvedAxis, range: readonly [number, number]): Scale {
  const { at, valueAt } = mappingOf(kind, domain, linearWithin, range);
  const [low, high] = domain;
  return {
    kind,
    domain,
    linearWithin,
    range,
    at,
    valueAt,
    includes: (value) => value >= low && value <= high,
  };
}

function mappingOf(
  kind: Scale['kind'],
  domain: readonly [number, number],
  linearWithin: number,
  range: readonly [number, number],
): Pick<Scale, 'at' | 'valueAt'> {
  if (kind === 'linear') {
    const position = scaleLinear(domain, range);
    return { at: position, valueAt: position.invert };
  }
  if (kind === 'log') {
    const position = scaleLog(domain, range);
    return { at: (value) => (value > 0 ? position(value) : Number.NaN), valueAt: position.invert };
  }
  const [low, high] = domain;
  const position = scaleLinear([symlog(low, linearWithin), symlog(high, linearWithin)], range);
  return {
    at: (value) => position(symlog(value, linearWithin)),
    valueAt: (pixel) => inverseSymlog(position.invert(pixel), linearWithin),
  };
}

/**
 * x / c within +-c and sign(x) (1 + ln(|x| / c)) beyond: the slope is continuous at c, so a smooth curve shows no kink
 * there. Decades beyond c are equally long.
 */
export function symlog(value: number, c: number): number {
  const ratio = Math.abs(value) / c;
  return ratio <= 1 ? value / c : Math.sign(value) * (1 + Math.log(ratio));
}

/** The value whose `symlog` this is. */
export function inverseSymlog(position: number, c: number): number {
  const size = Math.abs(position);
  return size <= 1 ? position * c : Math.sign(position) * c * Math.exp(size - 1);
}
