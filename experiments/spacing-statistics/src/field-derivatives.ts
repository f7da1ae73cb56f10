import { defineUnitKind } from '@hessian-rmt/replication';
import { fourierField } from './fourier-field.js';
import type { KernelConfig } from './kernels.js';

export type FieldDerivativesConfig = {
  readonly kernel: KernelConfig & { readonly kind: 'exponential' | 'power' };
  /** P, at least 2. */
  readonly parameters: number;
  /** Between the two points, along the first coordinate. */
  readonly distances: readonly number[];
  /** Cosines in a field. */
  readonly waves: number;
  /** Fields in a block; the mean over a block is one sample. */
  readonly draws: number;
  readonly blocks: number;
};

/**
 * Sampled covariances of the derivatives of a random field with this kernel, as means over blocks of fields: of the
 * gradients at two points, along the line between them and across it (blocks x distances each); of the Hessian at one
 * point, H_11 H_22 and H_12^2 (blocks each).
 */
export const fieldDerivatives = defineUnitKind<FieldDerivativesConfig>({
  name: 'field-derivatives',
  module: import.meta.url,

  async run({ kernel, parameters, distances, waves, draws, blocks }, { random, progress }) {
    const along = new Float64Array(blocks * distances.length);
    const across = new Float64Array(blocks * distances.length);
    const shared = new Float64Array(blocks);
    const offDiagonal = new Float64Array(blocks);
    const origin = new Float64Array(parameters);
    const gradient = new Float64Array(parameters);
    const other = new Float64Array(parameters);
    const fields = random.stream('fields');
    for (let block = 0; block < blocks; block++) {
      progress(block / blocks, `block ${block + 1} of ${blocks}`);
      for (let draw = 0; draw < draws; draw++) {
        const field = fourierField(kernel, parameters, waves, fields);
        gradient.fill(0);
        field.addGradient(origin, gradient);
        for (const [d, distance] of distances.entries()) {
          const point = new Float64Array(parameters);
          point[0] = distance;
          other.fill(0);
          field.addGradient(point, other);
          along[block * distances.length + d] += (gradient[0] * other[0]) / draws;
          let transverse = 0;
          for (let i = 1; i < parameters; i++) transverse += gradient[i] * other[i];
          across[block * distances.length + d] += transverse / (parameters - 1) / draws;
        }
        const second = (i: number, j: number) => field.secondDerivative(origin, i, j);
        shared[block] += (second(0, 0) * second(1, 1)) / draws;
        offDiagonal[block] += second(0, 1) ** 2 / draws;
      }
    }
    const shape = [blocks, distances.length];
    return {
      numbers: {},
      arrays: {
        along: { shape, data: along },
        across: { shape, data: across },
        shared: { shape: [blocks], data: shared },
        offDiagonal: { shape: [blocks], data: offDiagonal },
      },
    };
  },

  cost({ parameters, distances, waves, draws, blocks }) {
    // 30 ns a normal number, as much a sine.
    return { flops: 0, seconds: draws * blocks * waves * (parameters + distances.length + 6) * 3e-8 };
  },
});
