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
  it('has M - N zeros for more parameters than samples, in every draw', async () => {
    const { numbers, arrays } = await linearModel.run(
      { parameters: 60, samples: 25, spikes: [9], draws: 2 },
      await context(),
    );
    const values = arrays.spectra.data as Float64Array;
    expect(arrays.spectra.shape).toEqual([2, 60]);
    for (const draw of [values.subarray(0, 60), values.subarray(60)]) {
      const zeros = draw.filter((value) => Math.abs(value) <= (numbers.roundingFloor as number));
      expect(zeros).toHaveLength(35);
    }
    expect(values.subarray(0, 60)).not.toEqual(values.subarray(60));
  });

  it('has the mean trace of its population, within five standard errors', async () => {
    const draws = 40;
    const { arrays } = await linearModel.run({ parameters: 10, samples: 50, spikes: [9], draws }, await context());
    const meanTrace = (arrays.spectra.data as Float64Array).reduce((sum, value) => sum + value, 0) / draws;
    // A chi-square of variance 2 l^2 / N for each population eigenvalue l.
    const deviation = Math.sqrt((2 * (81 + 9)) / 50);
    expect(Math.abs(meanTrace - (9 + 9))).toBeLessThan((5 * deviation) / Math.sqrt(draws));
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
