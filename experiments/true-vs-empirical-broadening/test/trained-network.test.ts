import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { matrixOf } from '@hessian-rmt/curvature';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { computeUnit, type Results, type UnitResult } from '@hessian-rmt/replication';
import { beforeAll, describe, expect, it } from 'vitest';
import { digits } from '../src/image-sets.js';
import { networkHessian } from '../src/network-hessian.js';
import { hessianSamples } from '../src/network-images.js';
import { measuredSpectrum, networkSpectrum } from '../src/network-spectrum.js';
import { networkOf } from '../src/networks.js';
import {
  stateOf,
  type TrainedNetworkConfig,
  testPoints,
  trainedNetwork,
  trainingCurves,
} from '../src/trained-network.js';

const config: TrainedNetworkConfig = {
  images: { source: digits.source, side: 8, training: 32, test: 20 },
  network: { kind: 'pre-resnet', depth: 8, widths: [1, 1, 2] },
  rate: 0.05,
  epochs: 6,
  batch: 16,
  precision: 'float64',
  weightDecay: 3e-4,
  augmented: true,
  keep: [0, 2, 6],
};
const unit = trainedNetwork.unit(config, { repetition: 0, threads: 1 });
const algebra = await linearAlgebra({ threads: 1 });
const seed = 1;

/** Of what is not kept, the weights go when the next stretch is done. */
const filesOf = (epoch: number) =>
  epoch === 1 ? [`epoch-${epoch}.json`] : [`epoch-${epoch}.json`, `epoch-${epoch}.npz`];

let trained: UnitResult;
beforeAll(async () => {
  trained = await computeUnit(trainedNetwork, unit, { seed, linearAlgebra: algebra });
});

describe('A trained network', () => {
  it('is kept where it was asked for, and learns', () => {
    expect(trained.arrays.weights.shape[0]).toBe(3);
    expect(trained.arrays.statistics.shape[0]).toBe(3);
    const { train, test } = trainingCurves({ of: () => trained } as Results, unit);
    expect(train).toHaveLength(6);
    expect(train[5].loss).toBeLessThan(train[0].loss);
    expect(test.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('comes out the same, to the byte, of a training that was killed on its way', async () => {
    const own = await mkdtemp(join(tmpdir(), 'trained-network-'));
    const scratch = async () => own;
    const progress = (fraction: number) => {
      if (fraction > 0.6) throw new Error('killed');
    };
    try {
      await expect(
        computeUnit(trainedNetwork, unit, { seed, linearAlgebra: algebra, scratch, progress }),
      ).rejects.toThrow('killed');
      expect((await readdir(own)).sort()).toEqual([0, 1, 2, 3].flatMap(filesOf).sort());
      const again = await computeUnit(trainedNetwork, unit, { seed, linearAlgebra: algebra, scratch });
      expect(again).toEqual(trained);
    } finally {
      await rm(own, { recursive: true });
    }
  });

  it('is tested at even distances, at the epochs that are kept, and at both ends', () => {
    expect(testPoints({ epochs: 1000, keep: [7, 1000] })).toEqual(
      [...Array.from({ length: 26 }, (_, i) => 40 * i), 7].sort((a, b) => a - b),
    );
    expect(testPoints({ epochs: 3, keep: [3] })).toEqual([0, 1, 2, 3]);
  });

  it('of an epoch that was not kept is refused', async () => {
    const context = { repetition: 0, of: async () => trained };
    await expect(stateOf(config, 1, context)).rejects.toThrow('epoch 1 was not kept, only 0, 2, 6');
  });
});

describe('The spectrum of a trained network', () => {
  const spectrum = {
    training: config,
    epoch: 6,
    samples: { kind: 'augmented', copies: 2 },
    batch: 16,
    steps: 40,
    precision: 'float64',
    threads: 'one',
  } as const;
  const spectrumUnit = networkSpectrum.unit(spectrum, { repetition: 0, threads: 1 });

  it('has the ends of the dense Hessian over the same samples', async () => {
    const of = async () => trained;
    const result = await computeUnit(networkSpectrum, spectrumUnit, { seed, linearAlgebra: algebra, of });
    const found = measuredSpectrum({ of: () => result } as Results, spectrumUnit);

    const { weights } = await stateOf(config, 6, { repetition: 0, of });
    const random = randomStream(seed, 'network-spectrum', '0').stream('augmentation');
    const samples = await hessianSamples(config.images, spectrum.samples, 0, random);
    const hessian = await networkHessian(
      { network: networkOf(config.network, config.images), normalisation: { mode: 'training', batch: 16 }, ...samples },
      weights,
      { linearAlgebra: algebra, precision: 'float64', threads: 'one' },
    );
    const matrix = await matrixOf(hessian.operator);
    const values = await algebra.symmetricEigenvalues(matrix.data.slice(), matrix.n);
    expect(found.samples).toBe(64);
    expect(found.q).toBeCloseTo(matrix.n / 64, 12);
    expect(found.largest).toBeCloseTo(values[values.length - 1], 8);
    expect(Math.abs(found.smallest - values[0])).toBeLessThanOrEqual(found.residuals[0] + 1e-12);
    const { loss, accuracy } = await hessian.loss();
    expect([found.loss, found.accuracy]).toEqual([loss, accuracy]);
  });

  it('is the same over a pool of workers', async () => {
    const result = async (threads: 'one' | 'all') =>
      computeUnit(
        networkSpectrum,
        networkSpectrum.unit({ ...spectrum, steps: 8, threads }, { repetition: 0, threads: 1 }),
        {
          seed,
          linearAlgebra: algebra,
          of: async () => trained,
        },
      );
    const [one, all] = [await result('one'), await result('all')];
    for (const [i, value] of one.arrays.values.data.entries()) expect(all.arrays.values.data[i]).toBeCloseTo(value, 9);
  });
});
