import type { Activation } from '@hessian-rmt/models';

/** A row of Table 1 (Sagun et al. 2017, App. A) as printed. */
export interface Table1Row {
  /** `gd-relu-4270`; rows at covariance 10 end in `-cov10`. */
  readonly name: string;
  readonly algorithm: 'gd' | 'sgd';
  readonly activation: Activation;
  /** Number of parameters of 100-30-30-k. */
  readonly size: number;
  /** Initial multiplier of the covariance of the clusters. */
  readonly covariance: number;
  /** Both numbers of the column mean&std, which are equal in every row; the paper does not say of what they are. */
  readonly meanAndStd: number;
  /** Number of clusters and classes (nc). */
  readonly clusters: number;
  /** Eigenvalues above the largest consecutive gap. */
  readonly gap: number;
  /** Eigenvalues above the largest consecutive ratio. */
  readonly ratio: number;
  /** Eigenvalues above the elbow of the scree plot, found by eye; null where the paper prints N/A. */
  readonly elbow: number | null;
  /** The threshold that the elbow was put at. */
  readonly cutoff: number | null;
}

type Printed = readonly [
  algorithm: 'gd' | 'sgd',
  activation: Activation,
  size: number,
  covariance: number,
  meanAndStd: number,
  clusters: number,
  gap: number,
  ratio: number,
  elbow: number | null,
  cutoff: number | null,
];

const printed: readonly Printed[] = [
  ['gd', 'tanh', 4022, 1, 1.19e-5, 2, 2, 3, null, null],
  ['gd', 'tanh', 4115, 1, 2.52e-5, 5, 2, 17, null, null],
  ['gd', 'tanh', 4270, 1, 3.75e-5, 10, 2, 4, null, null],
  ['gd', 'tanh', 4580, 1, 5.37e-5, 20, 3, 4, null, null],
  ['gd', 'relu', 4022, 1, 7.13e-6, 2, 3, 4, 2, 0.003],
  ['gd', 'relu', 4115, 1, 1.55e-5, 5, 6, 7, 5, 0.003],
  ['gd', 'relu', 4270, 1, 3.04e-5, 10, 11, 12, 10, 0.003],
  ['gd', 'relu', 4580, 1, 5.65e-5, 20, 4, 21, 21, 0.003],
  ['gd', 'relu', 5510, 1, 1.16e-4, 50, 50, 51, 49, 0.003],
  ['sgd', 'relu', 4022, 1, 8.96e-6, 2, 3, 4, 2, 0.002],
  ['sgd', 'relu', 4115, 1, 1.62e-5, 5, 6, 7, 7, 0.002],
  ['sgd', 'relu', 4270, 1, 2.97e-5, 10, 2, 14, 15, 0.002],
  ['sgd', 'relu', 4580, 1, 4.53e-5, 20, 2, 3, 21, 0.002],
  ['sgd', 'relu', 5510, 1, 6.78e-5, 50, 50, 51, 49, 0.002],
  ['sgd', 'relu', 4022, 10, 9.49e-5, 2, 2, 4, 2, 0.015],
  ['sgd', 'relu', 4115, 10, 1.68e-4, 5, 5, 6, 5, 0.015],
  ['sgd', 'relu', 4270, 10, 1.92e-4, 10, 2, 11, 9, 0.015],
  ['sgd', 'relu', 4580, 10, 3.1e-4, 20, 20, 21, 19, 0.015],
  ['sgd', 'relu', 5510, 10, 1.67e-4, 50, 50, 51, 49, 0.005],
];

export const table1Rows: readonly Table1Row[] = printed.map(
  ([algorithm, activation, size, covariance, meanAndStd, clusters, gap, ratio, elbow, cutoff]) => ({
    name: `${algorithm}-${activation}-${size}${covariance === 1 ? '' : `-cov${covariance}`}`,
    algorithm,
    activation,
    size,
    covariance,
    meanAndStd,
    clusters,
    gap,
    ratio,
    elbow,
    cutoff,
  }),
);

/** What the paper marks in Table 1: a count within one of the number of clusters. */
export function withinOneOf(clusters: number, count: number): boolean {
  return Math.abs(count - clusters) <= 1;
}
