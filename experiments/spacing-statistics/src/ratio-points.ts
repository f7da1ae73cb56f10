import type { Mark } from '@hessian-rmt/plotting';
import type { MeanEstimate } from '@hessian-rmt/rmt';
import { meanRatioOf } from './level-statistics.js';

/** The axis of all figures that show mean ratios, and what they are held against. */
export const ratioLabel = 'mean of min(r, 1/r)';
export const goeRule: Mark = { kind: 'rule', y: meanRatioOf.goe, label: 'GOE' };
export const independentRule: Mark = { kind: 'rule', y: meanRatioOf.poisson, label: 'independent levels' };

/** Mean ratios with their 95 % intervals; where there were hardly any levels there is no point. */
export function ratioPoints(
  label: string,
  symbol: 'circle' | 'square' | 'triangle' | 'cross',
  all: readonly { readonly x: number; readonly ratio: MeanEstimate | null }[],
): Mark {
  const shown = all.flatMap(({ x, ratio }) => (ratio ? [{ x, ratio }] : []));
  return {
    kind: 'points',
    x: shown.map(({ x }) => x),
    y: shown.map(({ ratio }) => ratio.mean),
    intervals: shown.map(({ ratio }) => ratio.interval95),
    symbol,
    size: 6,
    label,
  };
}
