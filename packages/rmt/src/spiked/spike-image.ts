/** What one spike of a model does to the spectrum. */
export interface SpikeImage {
  readonly spike: number;
  /** Whether there is an outlier, above or below the bulk, or the spike is lost in the bulk. */
  readonly place: 'above' | 'below' | 'bulk';
  /** Limit of the eigenvalue: the outlier, or the edge that the eigenvalue sticks to. */
  readonly at: number;
  /**
   * The outlier's standard deviation for real Gaussian matrices is this over the root of their size: the number of
   * samples N of a Wishart matrix, of rows n of a Wigner matrix. For a beta-ensemble, divide by sqrt(beta). Absent for
   * spikes in the bulk.
   */
  readonly deviation?: number;
  /** Limit of the squared inner product of the outlier's eigenvector with the spike's; 0 in the bulk. */
  readonly overlap: number;
}
