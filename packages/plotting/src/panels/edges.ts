import type { Mark, Panel } from '../figure.js';
import { type PanelOptions, panelOf } from './panel-options.js';
import { descending } from './scree-plot.js';

/** The spectrum of one matrix among several sizes. */
export interface EdgeSeries {
  readonly label: string;
  readonly values: ArrayLike<number>;
  /** P, the size of the matrix; default the number of values. Larger where zeros were removed or only an edge is known. */
  readonly size?: number;
}

interface EdgeOptions extends PanelOptions {
  /** `right`: the largest eigenvalue has rank 1. `left`: the smallest (most negative) has. */
  readonly edge: 'left' | 'right';
}

/**
 * Ordered eigenvalues of one edge of several spectra, by rank (Sagun et al. 2017, Figs. 4 and 5).
 *
 * @param options.top  how many of each to show; default all
 */
export function edgeByRank(series: readonly EdgeSeries[], options: EdgeOptions & { readonly top?: number }): Panel {
  const marks = series.map(({ label, values }, i): Mark => {
    const y = ordered(values, options.edge).slice(0, options.top ?? values.length);
    return points(label, y, 1, i, series.length);
  });
  return panelOf({ x: { label: 'rank' }, y: { label: 'eigenvalue' } }, marks, options);
}

/**
 * The same by ratio, rank / P, on which edges of different sizes fall on one curve when a fixed share of all eigenvalues
 * lies there (Sagun et al. 2017, Fig. 6).
 *
 * @param options.upTo  largest ratio to show; default all
 */
export function edgeByRatio(series: readonly EdgeSeries[], options: EdgeOptions & { readonly upTo?: number }): Panel {
  const marks = series.map(({ label, values, size = values.length }, i): Mark => {
    if (size < values.length) {
      throw new RangeError(`edge "${label}": a matrix of size ${size} cannot have ${values.length} eigenvalues`);
    }
    const y = ordered(values, options.edge).slice(0, Math.floor((options.upTo ?? 1) * size));
    return points(label, y, size, i, series.length);
  });
  return panelOf({ x: { label: 'ratio, rank / $P$' }, y: { label: 'eigenvalue' } }, marks, options);
}

function ordered(values: ArrayLike<number>, edge: 'left' | 'right'): number[] {
  return edge === 'right' ? descending(values) : Array.from(Float64Array.from(values).sort());
}

/** The dots shrink from series to series, so that curves which fall on one another show as rims around the last. */
function points(label: string, y: readonly number[], size: number, position: number, count: number): Mark {
  const [largest, smallest] = [5, 1.8];
  return {
    kind: 'points',
    label,
    color: position,
    size: count === 1 ? 4 : largest - ((largest - smallest) * position) / (count - 1),
    x: y.map((_, i) => (i + 1) / size),
    y,
  };
}
