import type { Quadrature } from './quadrature.js';

/** A density at ascending points. */
export interface SmoothedDensity {
  readonly points: Float64Array;
  readonly density: Float64Array;
  /** Standard deviation of the Gaussian kernel, in units of the spectrum: belongs in the caption. */
  readonly width: number;
}

export interface SmoothedDensityOptions {
  /** Standard deviation of the kernel: `kernelWidthGhorbani`, `kernelWidthPapyan`, or one's own. */
  readonly width: number;
  /** First and last point. Default: 4 widths beyond the nodes, where a kernel has fallen to 3e-4 (our choice). */
  readonly from?: number;
  readonly to?: number;
  /** Default 1024 (our choice). */
  readonly count?: number;
}

/**
 * The measure with a Gaussian in place of every mass (Ghorbani et al. 2019; Papyan 2018).
 *
 * It is for the eye: smoothing adds width^2 to the second moment and more to the higher ones, wherefore Granziol et al.
 * 2020, sec. 5.2, avoid it.
 */
export function smoothedDensity(
  { nodes, weights }: Quadrature,
  {
    width,
    from = nodes[0] - 4 * width,
    to = nodes[nodes.length - 1] + 4 * width,
    count = 1024,
  }: SmoothedDensityOptions,
): SmoothedDensity {
  if (!(width > 0 && width < Infinity))
    throw new RangeError(`smoothedDensity: expected a positive width, found ${width}`);
  if (!(from < to)) throw new RangeError(`smoothedDensity: expected from < to, found ${from} and ${to}`);
  if (!Number.isInteger(count) || count < 2)
    throw new RangeError(`smoothedDensity: expected 2 points or more, found ${count}`);
  const points = Float64Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
  const height = 1 / (width * Math.sqrt(2 * Math.PI));
  const density = points.map((x) =>
    nodes.reduce((sum, node, i) => sum + weights[i] * height * Math.exp(-(((x - node) / width) ** 2) / 2), 0),
  );
  return { points, density, width };
}

/**
 * Variance 1e-5 max(1, range of the nodes), as the code of Ghorbani et al. 2019 has it; there the range has a margin of 0.01
 * at either end, and of several vectors it is the mean.
 */
export function kernelWidthGhorbani({ nodes }: Quadrature): number {
  return Math.sqrt(1e-5 * Math.max(1, nodes[nodes.length - 1] - nodes[0]));
}

/**
 * Range / ((steps - 1) sqrt(8 ln kappa)) (Lin, Saad & Yang 2016; Papyan 2018, 2020): two kernels one mean
 * spacing of the nodes apart meet at 1 / kappa of their height.
 *
 * @param steps  Lanczos steps of one vector, 2 or more
 * @param kappa  above 1. Default 3 (Papyan 2020, sec. D.2)
 */
export function kernelWidthPapyan({ nodes }: Quadrature, steps: number, kappa = 3): number {
  if (!(steps >= 2)) throw new RangeError(`kernelWidthPapyan: expected 2 steps or more, found ${steps}`);
  if (!(kappa > 1)) throw new RangeError(`kernelWidthPapyan: expected kappa > 1, found ${kappa}`);
  return (nodes[nodes.length - 1] - nodes[0]) / ((steps - 1) * Math.sqrt(8 * Math.log(kappa)));
}
