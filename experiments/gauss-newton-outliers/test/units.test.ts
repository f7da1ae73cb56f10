import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import type { UnitContext } from '@hessian-rmt/replication';
import { describe, expect, it } from 'vitest';
import { clusterSpectrum } from '../src/cluster-spectrum.js';
import { decomposition } from '../src/decomposition.js';
import { linearModel } from '../src/linear-model.js';

async function context(): Promise<UnitContext> {
  return { random: randomStream(1, 'test'), linearAlgebra: await linearAlgebra({ threads: 1 }), progress: () => {} };
}

describe('cluster-spectrum', () => {
  it('trains a network to its labels and returns as many eigenvalues as parameters, ascending', async () => {
    const { numbers, arrays } = await clusterSpectrum.run(
      {
        clusters: 3,
        covariance: 1,
        samples: 90,
        dimension: 20,
        centreScale: 1,
        hidden: [6],
        activation: 'relu',
        algorithm: 'sgd',
        batch: 16,
        rate: 0.1,
        steps: 500,
      },
      await context(),
    );
    const values = arrays.spectrum.data as Float64Array;
    expect(values).toHaveLength(20 * 6 + 6 + 6 * 3 + 3);
    expect(numbers.accuracy).toBeGreaterThan(0.95);
    expect(values.every((value, i) => i === 0 || value >= values[i - 1])).toBe(true);
    expect(arrays.principalComponents.data).toHaveLength(20);
  });

  it('repeats to the bit with the same stream', async () => {
    const config = {
      clusters: 2,
      covariance: 1,
      samples: 40,
      dimension: 10,
      centreScale: 1,
      hidden: [4],
      activation: 'tanh',
      algorithm: 'gd',
      batch: 40,
      rate: 0.1,
      steps: 50,
    } as const;
    const once = await clusterSpectrum.run(config, await context());
    const again = await clusterSpectrum.run(config, await context());
    expect(again.arrays.spectrum.data).toEqual(once.arrays.spectrum.data);
  });
});

describe('linear-model', () => {
  it('has M - N zeros for more parameters than samples, and the trace of the sample covariance', async () => {
    const { numbers, arrays } = await linearModel.run({ parameters: 60, samples: 25, spikes: [9] }, await context());
    const values = arrays.spectrum.data as Float64Array;
    expect(values.filter((value) => Math.abs(value) <= (numbers.roundingFloor as number))).toHaveLength(35);
    const inputs = randomStream(1, 'test')
      .stream('inputs')
      .normals(25 * 60);
    const trace = inputs.reduce((sum, x, i) => sum + (i % 60 === 0 ? 9 : 1) * x * x, 0) / 25;
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(trace, 9);
  });
});

describe('decomposition', () => {
  it('finds a Gauss-Newton matrix of rank at most N for a real-valued output', async () => {
    const { numbers, arrays } = await decomposition.run(
      { output: 'real', samples: 12, side: 7, hidden: [4], rate: 0.05, at: [0, 20] },
      await context(),
    );
    const values = arrays.gaussNewton.data as Float64Array;
    expect(values.filter((value) => Math.abs(value) > (numbers.roundingFloor as number)).length).toBeLessThanOrEqual(
      12,
    );
    expect(numbers.residualNorms).toHaveLength(2);
  });
});
