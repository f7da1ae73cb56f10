import type { Mark, Panel } from '../figure.js';
import { type PanelOptions, panelOf } from './panel-options.js';

/** A discrete measure, as Gauss quadrature gives it: Ritz values and their weights. */
export interface StemSeries {
  readonly label?: string;
  readonly nodes: ArrayLike<number>;
  /** Of each node, from 0; together about 1. */
  readonly weights: ArrayLike<number>;
  /** Default: the position among the series. */
  readonly color?: number | 'muted';
}

export interface SpectralStemsOptions extends PanelOptions {
  /** Where the axis of the weights begins: stems of less are not seen. Default: the decade below the smallest weight. */
  readonly floor?: number;
}

/**
 * A spectrum as stems at the nodes, as high as their weights, on a logarithmic axis (Granziol et al. 2020, Figs. 1 to 8,
 * 13 to 33): what Lanczos quadrature says of a spectrum, without smoothing.
 *
 * @throws RangeError when a series has not as many weights as nodes, or no positive weight
 */
export function spectralStems(series: readonly StemSeries[], options: SpectralStemsOptions = {}): Panel {
  const marks = series.map(({ label, nodes, weights, color }, position): Mark => {
    if (nodes.length !== weights.length) {
      throw new RangeError(
        `stems ${position + 1} ("${label ?? ''}"): ${nodes.length} nodes, ${weights.length} weights`,
      );
    }
    return {
      kind: 'stem',
      x: Array.from(nodes),
      y: Array.from(weights),
      color: color ?? position,
      ...(label === undefined ? {} : { label }),
    };
  });
  const positive = series.flatMap(({ weights }) => Array.from(weights).filter((weight) => weight > 0));
  if (positive.length === 0) throw new RangeError('stems need a positive weight; found none');
  const floor = options.floor ?? 10 ** (Math.ceil(Math.log10(Math.min(...positive))) - 1);
  const axes = {
    x: { label: 'eigenvalue' },
    y: { label: 'weight', scale: 'log' as const, domain: [floor, 2] as const },
  };
  return panelOf(axes, marks, options);
}
