/**
 * A kernel of a Gaussian process, k(s) at s = -|w - w'|^2/2 <= 0 (Baskerville et al. 2021, sec. 7), as plain data:
 *
 * - `exponential`: variance exp(s/length^2), gradients decorrelate faster than any power of the distance;
 * - `power`: variance (1 - s/length^2)^-1, they decorrelate as its fourth power (the rational quadratic kernel of
 *   order one);
 * - `floor`: the exponential one plus a random linear function: half of the covariance of the gradients remains at any
 *   distance. Such a field is not stationary, its gradient is.
 */
export type KernelConfig = {
  readonly kind: 'exponential' | 'power' | 'floor';
  readonly variance: number;
  readonly length: number;
};

/** A kernel with its first two derivatives in s. */
export interface Kernel {
  readonly value: (s: number) => number;
  readonly first: (s: number) => number;
  readonly second: (s: number) => number;
}

export function kernelOf({ kind, variance, length }: KernelConfig): Kernel {
  const scale = 1 / length ** 2;
  const exponential = (factor: number) => (s: number) => factor * Math.exp(s * scale);
  if (kind === 'exponential') {
    return {
      value: exponential(variance),
      first: exponential(variance * scale),
      second: exponential(variance * scale ** 2),
    };
  }
  if (kind === 'power') {
    return {
      value: (s) => variance / (1 - s * scale),
      first: (s) => (variance * scale) / (1 - s * scale) ** 2,
      second: (s) => (2 * variance * scale ** 2) / (1 - s * scale) ** 3,
    };
  }
  const half = variance / 2;
  const decaying = exponential(half * scale);
  return {
    value: (s) => half * (Math.exp(s * scale) + s * scale),
    first: (s) => decaying(s) + half * scale,
    second: exponential(half * scale ** 2),
  };
}

/** (1/P) Tr Cov(g_i, g_j) at a distance (eq. 16): k' - k'' d^2/P. */
export function meanCovariance({ first, second }: Kernel, distance: number, parameters: number): number {
  const s = -(distance ** 2) / 2;
  return first(s) - (second(s) * distance ** 2) / parameters;
}

/** For figures. */
export const kernelText = ({ kind, variance, length }: KernelConfig): string => {
  const ratio = length === 1 ? '$s$' : `$s$/${length}^{2}`;
  const factor = variance === 1 ? '' : `${variance} `;
  if (kind === 'exponential') return `${factor}exp(${ratio})`;
  return kind === 'power' ? `${factor}(1 - ${ratio})^{-1}` : `${factor}(exp(${ratio}) + ${ratio})/2`;
};

/** The same for tables and claims. */
export const plainKernelText = (config: KernelConfig): string => kernelText(config).replaceAll(/[${}]/g, '');
