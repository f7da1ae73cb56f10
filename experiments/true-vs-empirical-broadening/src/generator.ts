import type { Dataset } from '@hessian-rmt/models';
import type { RandomStream } from '@hessian-rmt/numerics';

/** A law of labelled samples that can be drawn from at will: what the true Hessian needs. */
export type GeneratorConfig = {
  /** Inputs that tell the class: its centre, and a normal deviation of variance 1. */
  readonly signal: number;
  /** Inputs that do not: standard normal. Augmentation draws them anew. */
  readonly nuisance: number;
  readonly classes: number;
  /** Standard deviation of the coordinates of the centres. */
  readonly spread: number;
  /** Share of the labels that are drawn at random, so that no network is certain. */
  readonly labelNoise: number;
};

export interface Generator {
  readonly dimension: number;
  /** Independent samples. */
  draw(count: number, random: RandomStream): Dataset;
  /**
   * So many copies of every sample, the sample itself among them: the class and what tells it are kept, the other inputs
   * drawn anew. A copy by itself has the law of a sample, as a flipped image would if mirror images were as frequent.
   */
  copies(data: Dataset, count: number, random: RandomStream): Dataset;
}

/** Gaussian clusters in fixed places, some of their labels wrong. @param random  draws the centres */
export function generator(config: GeneratorConfig, random: RandomStream): Generator {
  const { signal, nuisance, classes, spread, labelNoise } = config;
  const dimension = signal + nuisance;
  const centres = random.stream('centres').normals(classes * signal, spread);
  const datasetOf = (inputs: Float64Array, labels: Uint8Array): Dataset => ({
    name: `${classes} Gaussian clusters in ${signal} of ${dimension} dimensions`,
    count: labels.length,
    dimension,
    classes,
    inputs,
    labels,
    checksum: '',
  });
  return {
    dimension,

    draw(count, stream) {
      const inputs = stream.normals(count * dimension);
      const labels = new Uint8Array(count);
      for (let n = 0; n < count; n++) {
        const cluster = stream.integer(classes);
        for (let j = 0; j < signal; j++) inputs[n * dimension + j] += centres[cluster * signal + j];
        labels[n] = stream.uniform() < labelNoise ? stream.integer(classes) : cluster;
      }
      return datasetOf(inputs, labels);
    },

    copies(data, count, stream) {
      const inputs = new Float64Array(data.count * count * dimension);
      const labels = new Uint8Array(data.count * count);
      for (let copy = 0, row = 0; copy < count; copy++) {
        for (let n = 0; n < data.count; n++, row++) {
          labels[row] = data.labels[n];
          inputs.set(data.inputs.subarray(n * dimension, (n + 1) * dimension), row * dimension);
          if (copy === 0) continue;
          for (let j = signal; j < dimension; j++) inputs[row * dimension + j] = stream.normal();
        }
      }
      return datasetOf(inputs, labels);
    },
  };
}
