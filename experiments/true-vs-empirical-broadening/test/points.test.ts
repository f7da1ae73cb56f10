import { exactHessian } from '@hessian-rmt/curvature';
import { initialWeights } from '@hessian-rmt/models';
import { type LinearAlgebra, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { computeUnit, type UnitResult } from '@hessian-rmt/replication';
import { beforeAll, describe, expect, it } from 'vitest';
import { fittedPoint } from '../src/fitted-point.js';
import { independentPoint } from '../src/independent-point.js';
import { type ModelConfig, modelOf } from '../src/network-point.js';
import { spikedEdge } from '../src/spiked-edge.js';

let algebra: LinearAlgebra;
beforeAll(async () => {
  algebra = await linearAlgebra({ threads: 1 });
});

const model: ModelConfig = {
  generator: { signal: 3, nuisance: 2, classes: 3, spread: 1, labelNoise: 0.1 },
  hidden: [4],
};
const shape = { repetition: 0, threads: 1 };

describe('A point that is independent of the samples', () => {
  const samples = 10;
  const draws = 60;
  let result: UnitResult;
  beforeAll(async () => {
    const config = {
      model,
      training: null,
      trueSamples: 20_000,
      groups: 300,
      sizes: [
        { samples, copies: 1 },
        { samples, copies: 8 },
      ],
      draws,
    };
    result = await computeUnit(independentPoint, independentPoint.unit(config, shape), {
      seed: 1,
      linearAlgebra: algebra,
    });
  });

  it('has a sigma^2 that the noise of samples of another size has too', () => {
    const { parameters, variance } = result.numbers as { parameters: number; variance: number };
    const norms = [...result.arrays.noiseNorm.data.subarray(0, draws)].map(
      (norm) => (norm * samples) / parameters ** 2,
    );
    const mean = norms.reduce((sum, x) => sum + x, 0) / draws;
    const error = Math.sqrt(norms.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (draws - 1) / draws);
    // The 300 groups of sixteen have norms that vary no more than those of ten: an error of their own, below this one.
    expect(Math.abs(mean - variance)).toBeLessThan(5 * Math.SQRT2 * error);
    expect(error).toBeLessThan(0.1 * mean);
  });

  it('has the extremes of the exact Hessian over a sample, less their first order', async () => {
    // The streams of the unit, by name; the rest is written out.
    const random = randomStream(1, 'independent-point', '0');
    const { network, source } = modelOf(model, random);
    const weights = initialWeights(network, random.stream('initial weights'));
    const n = weights.length;
    const hessianOf = async (count: number, ...names: string[]) =>
      (
        await exactHessian(
          network,
          weights,
          source.draw(
            count,
            names.reduce((stream, name) => stream.stream(name), random),
          ),
          { linearAlgebra: algebra },
        )
      ).data;
    const truth = await algebra.symmetricEigen(await hessianOf(20_000, 'fresh samples', 'true Hessian'), n);
    const sampled = await hessianOf(samples, `samples-${samples}x1-0`, 'draw');
    const values = await algebra.symmetricEigenvalues(sampled, n);
    [0, n - 1].forEach((row, end) => {
      const u = truth.vectors.subarray(row * n, (row + 1) * n);
      let form = 0;
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) form += u[i] * sampled[i * n + j] * u[j];
      expect(result.arrays.measured.data[end]).toBeCloseTo(values[row] - (form - truth.values[row]), 12);
    });
  });

  it('has variances by eigenvector whose mean is that of all elements', () => {
    const { variance } = result.numbers as { variance: number };
    const rows = result.arrays.rowVariances.data as Float64Array;
    expect(rows.reduce((sum, x) => sum + x, 0) / rows.length / variance).toBeCloseTo(1, 10);
  });

  it('has less noise with copies, and more than an eighth of it', () => {
    const norms = Array.from(result.arrays.noiseNorm.data);
    const mean = (s: number) => norms.slice(s * draws, (s + 1) * draws).reduce((sum, x) => sum + x, 0) / draws;
    expect(mean(1)).toBeLessThan(mean(0));
    expect(mean(1)).toBeGreaterThan(1.5 * (mean(0) / 8));
  });

  it('satisfies |H_emp - c I|^2 = |H_true - c I|^2 + |E|^2 in the mean', () => {
    const { trueDispersion } = result.numbers as { trueDispersion: number };
    const excess = Array.from({ length: draws }, (_, d) =>
      Number(result.arrays.dispersion.data[d] - trueDispersion - result.arrays.noiseNorm.data[d]),
    );
    const mean = excess.reduce((sum, x) => sum + x, 0) / draws;
    const error = Math.sqrt(excess.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (draws - 1) / draws);
    expect(Math.abs(mean)).toBeLessThan(4 * error);
  });
});

describe('A fitted point', () => {
  const config = {
    model,
    training: { epochs: 200, rate: 0.1, batch: 8 },
    samples: 16,
    copies: 1,
    augmentedTraining: false,
    trueSamples: 5000,
    groups: 10,
    keep: 1,
  };

  it('has a smaller loss where it was fitted, and with one copy each the copies are the samples', async () => {
    const { numbers, arrays } = await computeUnit(fittedPoint, fittedPoint.unit(config, shape), {
      seed: 1,
      linearAlgebra: algebra,
    });
    const { training, test } = numbers as unknown as Record<'training' | 'test', { loss: number }>;
    expect(training.loss).toBeLessThan(0.5 * test.loss);
    const { data } = arrays.extremes;
    expect([...data.subarray(2, 4)]).toEqual([...data.subarray(0, 2)]);
    expect([...data.subarray(4, 6)]).not.toEqual([...data.subarray(0, 2)]);
  });
});

describe('The largest eigenvalue with one spike', () => {
  it('rises with the spike in every draw, as a positive perturbation of rank one makes it', async () => {
    const config = { size: 40, spikes: [0, 0.5, 1, 2, 4], draws: 10 };
    const { arrays } = await computeUnit(spikedEdge, spikedEdge.unit(config, shape), {
      seed: 1,
      linearAlgebra: algebra,
    });
    const data = Array.from(arrays.largest.data);
    for (let s = 1; s < 5; s++) {
      for (let draw = 0; draw < 10; draw++) expect(data[s * 10 + draw]).toBeGreaterThan(data[(s - 1) * 10 + draw]);
    }
    // 4 + 1/4, standard deviation sqrt(2 (1 - 1/16)/40) = 0.22 in each of ten draws.
    const mean = data.slice(40).reduce((sum, x) => sum + x, 0) / 10;
    expect(Math.abs(mean - 4.25)).toBeLessThan((5 * 0.22) / Math.sqrt(10));
  });
});
