import type { Results } from '@hessian-rmt/replication';
import { type DenseLanczosConfig, denseLanczos } from './dense-lanczos.js';

/** The Hessian that sections 5.1 and 5.2 and Theorem 3 are tested on: trained, with outliers and a bulk near zero. */
const laptop: DenseLanczosConfig = {
  model: { generator: { signal: 12, nuisance: 8, classes: 5, spread: 1, labelNoise: 0.1 }, hidden: [40] },
  training: { epochs: 30, rate: 0.05, batch: 32 },
  samples: 2000,
  steps: 80,
  momentSteps: 8,
  vectors: 10,
};
const quick: DenseLanczosConfig = { ...laptop, model: { ...laptop.model, hidden: [15] }, samples: 800, steps: 60 };
const smoke: DenseLanczosConfig = {
  ...quick,
  model: { generator: { ...laptop.model.generator, signal: 4, nuisance: 2, classes: 3 }, hidden: [8] },
  training: { ...laptop.training, epochs: 10 },
  samples: 100,
  steps: 25,
  momentSteps: 5,
};

export const lanczosProfiles = {
  smoke,
  quick,
  laptop,
  paper: { ...laptop, model: { ...laptop.model, hidden: [150] }, samples: 5000 },
} as const;

export const lanczosUnit = (settings: DenseLanczosConfig) => denseLanczos.unit(settings, { repetition: 0, threads: 1 });

export interface LanczosFound {
  readonly parameters: number;
  readonly eigenvalues: Float64Array;
  /** Array `name` of vector number i. */
  row(name: string, i: number): Float64Array;
}

export function lanczosFound(results: Results, settings: DenseLanczosConfig): LanczosFound {
  const { numbers, arrays } = results.of(lanczosUnit(settings));
  return {
    parameters: numbers.parameters as number,
    eigenvalues: arrays.trueValues.data as Float64Array,
    row(name, i) {
      const { data, shape } = arrays[name];
      const length = shape.slice(1).reduce((product, size) => product * size, 1);
      return (data as Float64Array).subarray(i * length, (i + 1) * length);
    },
  };
}
