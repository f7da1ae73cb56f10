import { convolutionalSums, initialConvolutionalWeights, objectiveOf, train } from '@hessian-rmt/models';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { computeUnit, type Presentation, type Unit, type UnitResult } from '@hessian-rmt/replication';
import { describe, expect, it } from 'vitest';
import { convnetSpectrum, smallConvnet } from '../src/convnet-spectrum.js';
import { digits } from '../src/digits.js';
import { figures7And8 } from '../src/figures-7-8.js';
import { figures9And10 } from '../src/figures-9-10.js';
import experiment from '../src/index.js';

const compute = async (unit: Unit): Promise<UnitResult> =>
  computeUnit(experiment.unitKinds.find(({ name }) => name === unit.kind)!, unit, {
    seed: 1,
    linearAlgebra: await linearAlgebra({ threads: 1 }),
  });

async function presented(part: typeof figures7And8): Promise<{ shown: Presentation; done: Map<string, UnitResult> }> {
  const settings = part.profiles.smoke;
  const done = new Map<string, UnitResult>();
  for (const unit of part.units(settings)) done.set(JSON.stringify(unit), await compute(unit));
  return { shown: await part.present({ of: (unit) => done.get(JSON.stringify(unit))! }, settings, 'smoke'), done };
}

describe('convnet-spectrum', () => {
  const config = { samples: 20, side: 7, channels: [2, 3], batch: 5, rate: 0.1, steps: 40 } as const;

  it('has the eigenvalues of the whole Hessian, with the trace of differences of gradients', async () => {
    const { numbers, arrays } = await compute(convnetSpectrum.unit(config, { repetition: 0, threads: 1 }));
    const values = arrays.spectrum.data as Float64Array;
    // Kernels and biases 9 x 2 + 2 and 9 x 2 x 3 + 3; a dense layer from 1 x 1 x 3.
    expect(values).toHaveLength(20 + 57 + 40);
    expect(numbers.asymmetry).toBeLessThan(1e-12);
    expect(values.every((value, i) => i === 0 || value >= values[i - 1])).toBe(true);

    const random = randomStream(1, 'convnet-spectrum', '0');
    const algebra = await linearAlgebra({ threads: 1 });
    const [network, data] = [smallConvnet(config), await digits(config, random.stream('data'))];
    const start = initialConvolutionalWeights(network, random.stream('initial weights'));
    const { batch, rate, steps } = config;
    const options = { algorithm: 'sgd', batch, rate, steps, recordEvery: 'never' } as const;
    const computing = { linearAlgebra: algebra, precision: 'float64' } as const;
    const { weights } = await train(network, start, data, options, random.stream('training'), computing);
    const normalisation = { mode: 'evaluation', statistics: new Float64Array(0) } as const;
    const objective = objectiveOf(convolutionalSums(network, data, algebra, { normalisation }));
    const step = 1e-6;
    const slopeAt = (i: number, by: number) => {
      const gradient = new Float64Array(weights.length);
      const moved = weights.slice();
      moved[i] += by;
      objective.gradient(moved, gradient);
      return gradient[i];
    };
    const trace = weights.reduce((sum, _, i) => sum + (slopeAt(i, step) - slopeAt(i, -step)) / (2 * step), 0);
    // Differences of gradients are known to 1e-16 / 1e-6 each.
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0) - trace)).toBeLessThan(117 * 1e-9);
  });

  it('starts networks of both batches at the same weights and digits', async () => {
    const [large, small] = await Promise.all(
      [10, 5].map((batch) => compute(convnetSpectrum.unit({ ...config, batch }, { repetition: 0, threads: 1 }))),
    );
    // Summed in other pieces.
    expect(large.arrays.loss.data[0]).toBeCloseTo(small.arrays.loss.data[0], 12);
    expect(large.arrays.loss.data.at(-1)).not.toBe(small.arrays.loss.data.at(-1));
  });

  it('is a network of two convolutions and one dense layer', () => {
    expect(
      smallConvnet({ side: 14, channels: [6, 12] })
        .layers.map(({ kind }) => kind)
        .join(' '),
    ).toBe('convolution relu max-pooling convolution relu max-pooling dense');
  });
});

describe('Figures 7 and 8', () => {
  it('are drawn and judged', async () => {
    const { shown } = await presented(figures7And8);
    expect(shown.figures!.map(({ id }) => id)).toEqual(['figure-7', 'figure-8']);
    const ids = shown.claims!.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(shown.claims!.every(({ id, judgedAt }) => id.startsWith('S7.') && judgedAt === 'direction')).toBe(true);
  });
});

describe('Figures 9 and 10', () => {
  it('go from large batches to small ones without a break, and are drawn and judged', async () => {
    const { shown, done } = await presented(figures9And10);
    const [{ arrays, numbers }] = [...done.values()];
    const { records } = figures9And10.profiles.smoke as { records: number };
    // The start, and the records of both parts.
    expect(arrays['training-loss'].shape).toEqual([1 + 2 * records]);
    const line = arrays['line-loss'].data;
    const position = arrays['line-position'].data;
    // The ends of the line are the ends of the parts: losses were summed in another order there.
    expect(line[position.indexOf(0)]).toBeCloseTo(arrays['training-loss'].data[records], 5);
    expect(line[position.indexOf(1)]).toBeCloseTo(arrays['training-loss'].data[2 * records], 5);
    for (const share of [...arrays['share-small'].data, ...arrays['share-large'].data, numbers.shareOfWhole]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1 + 1e-6);
    }
    expect(shown.figures!.map(({ id }) => id)).toEqual(['figure-9', 'figure-10', 'section-4-1']);
    expect(new Set(shown.claims!.map(({ id }) => id.split('.')[0]))).toEqual(new Set(['S8', 'S9', 'S12']));
  });
});
