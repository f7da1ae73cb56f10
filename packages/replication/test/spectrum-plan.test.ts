import { InsufficientMemoryError } from '@hessian-rmt/curvature';
import { datasetNames, mlp, pixelScalings, sampleFormats, weightLayouts } from '@hessian-rmt/models';
import { describe, expect, it } from 'vitest';
import * as choices from '../src/commands/spectrum-sources.js';
import { batchesOfUnits } from '../src/spectrum/batches.js';
import { chooseExact, type MatrixSize, requireLanczosToFit } from '../src/spectrum/exact-or-lanczos.js';
import { selectedParameters } from '../src/spectrum/selected-parameters.js';

const network = mlp([784, 100, 10]);
const size: MatrixSize = { network, parameters: 79_510, selected: null, samples: 1000, inputs: 784_000 };
const anything = { method: null, deflate: null };
const plenty = 1e12;

describe('which way to the eigenvalues', () => {
  it('exact by deflation for a batch, whose levels are few', () => {
    expect(chooseExact({ ...size, samples: 16 }, anything, 2e9)).toEqual({
      route: 'deflated',
      why: '2,710 levels are no more than 20,000, and their matrix fits',
    });
  });

  it('Lanczos for what is large, and for what does not fit', () => {
    expect(chooseExact(size, anything, plenty)).toEqual({ route: null, why: '79,510 levels are more than 20,000' });
    expect(chooseExact(size, anything, 8e9).why).toMatch(/^a matrix would take 5\d\.\d GB, and 8\.00 GB are left$/);
  });

  it('the whole matrix when deflation does not fit beside it', () => {
    const many = { ...size, network: mlp([10, 20, 3]), parameters: 283, samples: 1e7, inputs: 1e8 };
    expect(chooseExact(many, anything, 1.2e9).route).toBe('whole');
    expect(chooseExact(many, anything, 1e10).route).toBe('deflated');
  });

  it('a block from products when it is small, else from the whole matrix', () => {
    expect(chooseExact({ ...size, selected: 1010 }, anything, 1e9).route).toBe('products');
    expect(chooseExact({ ...size, selected: 10_000 }, anything, plenty).route).toBe('whole');
    expect(chooseExact({ ...size, selected: 10_000 }, anything, 4e9).route).toBe('products');
  });

  it('an exact spectrum that was asked for and does not fit is refused with numbers and with what to do', () => {
    const asked = () => chooseExact(size, { ...anything, method: 'exact' }, 8e9);
    expect(asked).toThrow(InsufficientMemoryError);
    expect(asked).toThrow(/79,510 levels \(take --method lanczos, --layers .*GB needed .*8\.00 GB available/);
    expect(() => requireLanczosToFit(size, { steps: 100, vectors: 1 }, 5e7)).toThrow(/100 steps .*take fewer --steps/);
    expect(() => requireLanczosToFit(size, { steps: 100, vectors: 1 }, 5e8)).not.toThrow();
  });
});

describe('parameters by the names in their file', () => {
  const small = mlp([2, 3, 2]);
  const layers = [
    { kernel: '0.weight', bias: '0.bias', shape: [3, 2] },
    { kernel: '2.weight', bias: '2.bias', shape: [2, 3] },
  ] as const;

  it('are where the weight vector has them: rows of [W | b]', () => {
    expect(selectedParameters(small, layers, ['0.bias'])).toEqual({
      tensors: ['0.bias'],
      indices: Uint32Array.of(2, 5, 8),
    });
    expect([...selectedParameters(small, layers, ['2.*']).indices]).toEqual([9, 10, 11, 12, 13, 14, 15, 16]);
    expect(selectedParameters(small, layers, ['*.bias', '0.bias']).tensors).toEqual(['0.bias', '2.bias']);
    expect(selectedParameters(small, layers, ['*']).indices).toHaveLength(17);
  });

  it('a pattern without a match is refused, also beside one that has', () => {
    expect(() => selectedParameters(small, layers, ['*', 'fc'])).toThrow('matches fc; there are 0.weight, 0.bias, 2');
  });
});

it('batches are spread over units, in order', () => {
  expect(batchesOfUnits(64, 17)).toEqual([
    { size: 64, first: 0, count: 8 },
    { size: 64, first: 8, count: 8 },
    { size: 64, first: 16, count: 1 },
  ]);
});

it('the choices of the options are those of the packages that take them', () => {
  expect(choices.datasetChoices).toEqual(datasetNames);
  expect(choices.formatChoices).toEqual(sampleFormats);
  expect(choices.layoutChoices).toEqual(weightLayouts);
  expect(choices.scalingChoices).toEqual([...pixelScalings, 'none']);
  const wrong = (options: object) => () => mlp([1, 1], options as never);
  expect(wrong({ activation: '' })).toThrow(`activation must be one of ${choices.activationChoices.join(', ')};`);
  expect(wrong({ loss: '' })).toThrow(`loss must be one of ${choices.lossChoices.join(', ')};`);
});
