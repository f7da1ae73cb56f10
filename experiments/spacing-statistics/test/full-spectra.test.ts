import { exactHessian } from '@hessian-rmt/curvature';
import { initialWeights, slice } from '@hessian-rmt/models';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { computeUnit, type Unit, type UnitKind, type UnitResult } from '@hessian-rmt/replication';
import { describe, expect, it, vi } from 'vitest';
import { batchSpectra, deflatedLevels } from '../src/batch-spectra.js';
import { batchesThere, type Condition, deflatedUnit, fullResults, fullUnits, weightsFor } from '../src/conditions.js';
import { type FullSpectraConfig, fullSpectra } from '../src/full-spectra.js';
import { images } from '../src/images-available.js';
import { networkOf } from '../src/networks.js';
import { samplesOf } from '../src/samples.js';
import { wholeSetSpectrum } from '../src/whole-set-spectrum.js';

vi.mock('../src/samples.js', async (original) => (await import('./read-once.js')).readOnce(await original()));

const algebra = await linearAlgebra({ threads: 1 });

// 16 pixels: P = 170. Batches of 10 leave (10 - 1) x 10 levels, at most.
const condition: Condition = {
  network: 'softmax regression',
  images: images.digits,
  inputs: 16,
  epochs: 0,
  keep: [0],
  epoch: 0,
  split: 'test',
  batch: 10,
};
const network = networkOf('softmax regression', 16);
const weights = initialWeights(network, randomStream(1, 'weights')).map((value) => 3 * value);
const n = weights.length;
const trained: UnitResult = { numbers: {}, arrays: { weights: { shape: [1, n], data: weights } } };

const kinds: readonly UnitKind[] = [batchSpectra, fullSpectra, wholeSetSpectrum];
const compute = (unit: Unit): Promise<UnitResult> =>
  computeUnit(kinds.find(({ name }) => name === unit.kind)!, unit, {
    seed: 1,
    linearAlgebra: algebra,
    of: () => Promise.resolve(trained),
  });

async function computed(units: readonly Unit[]) {
  const results = await Promise.all(units.map(compute));
  return { of: (unit: Unit) => results[units.indexOf(unit)] };
}

/** The Hessian of the summed loss of test batch `i`, by products of the samples' own factors. */
async function summedHessian(i: number, batch = condition.batch): Promise<Float64Array> {
  const samples = slice(await samplesOf(weightsFor(condition).training.data, 'test'), i * batch, (i + 1) * batch);
  const hessian = new Float64Array(n * n);
  for (let s = 0; s < samples.count; s++) {
    const x = [...samples.inputs.subarray(s * 16, (s + 1) * 16), 1];
    const e = Array.from({ length: 10 }, (_, k) =>
      Math.exp(x.reduce((sum, value, j) => sum + value * weights[k * 17 + j], 0)),
    );
    const total = e.reduce((sum, value) => sum + value, 0);
    const p = e.map((value) => value / total);
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) {
        const [k, m] = [Math.floor(a / 17), Math.floor(b / 17)];
        hessian[a * n + b] += ((k === m ? p[k] : 0) - p[k] * p[m]) * x[a % 17] * x[b % 17];
      }
    }
  }
  return hessian;
}

const largest = (one: ArrayLike<number>, other: ArrayLike<number>) =>
  Array.from(one).reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0);

/** `levels`, and between the negative and the positive ones the zeros that `size` asks for. */
function padded(levels: Float64Array, size: number): number[] {
  const all = [...levels, ...new Array<number>(size - levels.length).fill(0)];
  return all.sort((a, b) => a - b);
}

const options = { repetition: 0, threads: 1 };
const full = (own: Partial<FullSpectraConfig>) =>
  fullSpectra.unit(
    { weights: weightsFor(condition), split: 'test', batch: 10, first: 3, count: 3, inFloat64: 2, ...own },
    options,
  );

describe('Whole spectra of batches', () => {
  it('in float64 are those of the Hessian of the summed loss, of the last batches', async () => {
    const { arrays } = await compute(full({}));
    expect(arrays.float64.shape).toEqual([2, n]);
    for (const [row, batch] of [4, 5].entries()) {
      const expected = await algebra.symmetricEigenvalues(await summedHessian(batch), n);
      const found = arrays.float64.data.subarray(row * n, (row + 1) * n);
      expect(largest(found, expected)).toBeLessThan(64 * 2 ** -52 * expected[n - 1]);
    }
  });

  it('in float32 are those of the matrix rounded to float32, of all batches', async () => {
    const { arrays } = await compute(full({}));
    expect(arrays.float32.shape).toEqual([3, n]);
    const data = await samplesOf(weightsFor(condition).training.data, 'test');
    for (const [row, batch] of [3, 4, 5].entries()) {
      const found = arrays.float32.data.subarray(row * n, (row + 1) * n);
      const exact = await algebra.symmetricEigenvalues(await summedHessian(batch), n);
      expect(largest(found, exact)).toBeLessThan(64 * 2 ** -23 * exact[n - 1]);
      const matrix = (
        await exactHessian(network, weights, slice(data, 10 * batch, 10 * batch + 10), { linearAlgebra: algebra })
      ).data;
      const rounded = Float32Array.from(matrix, (value) => 10 * value);
      expect([...found]).toEqual([...(await algebra.symmetricEigenvalues(rounded, n, { method: 'one-stage' }))]);
    }
  });

  it('have floors that are the largest distance from the deflated spectrum with its zeros', async () => {
    const result = await compute(full({}));
    const { arrays } = result;
    const deflated = deflatedLevels(result).map((levels) => padded(levels, n));
    const row = (name: string, i: number) => arrays[name].data.subarray(i * n, (i + 1) * n);
    expect([...arrays['floor-float32'].data]).toEqual([0, 1, 2].map((i) => largest(row('float32', i), deflated[i])));
    expect([...arrays['floor-float64'].data]).toEqual([0, 1].map((i) => largest(row('float64', i), deflated[i + 1])));
    // Both precisions round: neither floor is zero, and they are as far apart as their epsilons, but for two decades.
    const [single, double] = [arrays['floor-float32'].data[1], arrays['floor-float64'].data[0]];
    expect(double).toBeGreaterThan(0);
    expect(Math.abs(Math.log10(single / double) - Math.log10(2 ** 29))).toBeLessThan(2);
  });

  it('stand beside deflated spectra that are those of the mean loss times the number of samples', async () => {
    const beside = deflatedLevels(await compute(full({ inFloat64: 0 })));
    const alone = deflatedLevels(await compute(deflatedUnit(condition, 6, 0)));
    expect(beside.map(({ length }) => length)).toEqual(alone.slice(3).map(({ length }) => length));
    beside.forEach((levels, i) => {
      expect([...levels]).toEqual([...alone[3 + i]].map((value) => 10 * value));
    });
  });

  it('have as many structural zeros by cause as levels are missing, batch by batch', async () => {
    const { arrays } = await compute(deflatedUnit(condition, 4, 0));
    expect(arrays.zeros.shape).toEqual([4, 4]);
    for (let i = 0; i < 4; i++) {
      const [shift, inputSpan, deadUnits, fewSamples] = arrays.zeros.data.subarray(4 * i, 4 * i + 4);
      expect(shift + inputSpan + deadUnits + fewSamples + arrays['levels-per-batch'].data[i]).toBe(n);
      // A shift of all logits, for every input and the bias; ten inputs at most span ten directions, nine classes each.
      expect(shift).toBe(17);
      expect(inputSpan).toBeGreaterThanOrEqual(9 * 7);
      expect([deadUnits, fewSamples]).toEqual([0, 0]);
    }
  });
});

describe('The spectrum of a whole set', () => {
  it('is that of the mean of the Hessians of its batches', async () => {
    const { testing } = images.digits;
    const split = 'test';
    const result = await compute(wholeSetSpectrum.unit({ weights: weightsFor(condition), split }, options));
    const hessian = (await summedHessian(0, testing)).map((value) => value / testing);
    const expected = await algebra.symmetricEigenvalues(hessian, n);
    const [levels] = deflatedLevels(result);
    expect(result.numbers).toMatchObject({ parameters: n, samples: testing });
    expect(largest(padded(levels, n), expected)).toBeLessThan(64 * 2 ** -52 * expected[n - 1]);
  });
});

describe('The units of whole spectra', () => {
  const batchesOf = (units: readonly Unit[]) =>
    units.flatMap(({ config }) => {
      const { first, count } = config as FullSpectraConfig;
      return Array.from({ length: count }, (_, i) => first + i);
    });
  const inFloat64 = (units: readonly Unit[]) =>
    units.flatMap(({ config }) => {
      const { first, count, inFloat64: last } = config as FullSpectraConfig;
      return Array.from({ length: last }, (_, i) => first + count - last + i);
    });

  it('cover the batches from the first, each once', () => {
    for (const batches of [1, 2, 3, 6, 11, 12, 24, 36]) {
      const units = fullUnits(condition, { batches, inFloat64: 1, threads: 1 });
      expect(batchesOf(units)).toEqual(Array.from({ length: batches }, (_, i) => i));
      expect(units).toHaveLength(batches < 3 ? 1 : 3);
    }
  });

  it('take to float64 the last batches of the analysed third, or that third and more', () => {
    const of = (batches: number, wanted: number) =>
      inFloat64(fullUnits(condition, { batches, inFloat64: wanted, threads: 1 }));
    expect(of(12, 2)).toEqual([2, 3]);
    expect(of(12, 4)).toEqual([0, 1, 2, 3]);
    expect(of(12, 12)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(of(11, 11)).toEqual(Array.from({ length: 11 }, (_, i) => i));
    expect(of(1, 1)).toEqual([0]);
  });

  it('are no more than the set has', () => {
    const few = { ...condition, images: { ...images.digits, training: 139, testing: 45 } };
    expect(batchesThere(few, 36)).toBe(4);
    expect(batchesThere({ ...few, split: 'train' }, 36)).toBe(13);
    expect(batchesOf(fullUnits(few, { batches: 36, inFloat64: 1, threads: 1 }))).toEqual([0, 1, 2, 3]);
    expect(deflatedUnit(few, 36, 0).config).toMatchObject({ first: 0, count: 4 });
  });

  it('give together what one unit of all batches gives, in their order', async () => {
    const units = fullUnits(condition, { batches: 6, inFloat64: 6, threads: 1 });
    const [parts, whole] = [
      fullResults(await computed(units), units),
      await compute(full({ first: 0, count: 6, inFloat64: 6 })),
    ];
    expect(parts.size).toBe(n);
    for (const name of ['float32', 'float64'] as const) {
      expect(parts[name].flatMap((row) => [...row])).toEqual([...whole.arrays[name].data]);
    }
    expect(parts.deflated.map((levels) => [...levels])).toEqual(deflatedLevels(whole).map((levels) => [...levels]));
    expect(parts.floor32).toEqual([...whole.arrays['floor-float32'].data]);
    expect(parts.floor64).toEqual([...whole.arrays['floor-float64'].data]);
  });
});
