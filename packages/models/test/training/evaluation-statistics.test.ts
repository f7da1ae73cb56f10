import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  augmented,
  type ConvolutionalNetwork,
  convolutionalSums,
  type Dataset,
  evaluationStatistics,
  initialConvolutionalWeights,
  preResNet,
  statisticsBlocks,
  vggLike,
} from '../../src/index.js';
import { relativeError } from '../support/naive-network.js';
import { meanAndUnbiasedVariance } from '../support/statistics.js';

const algebra = await linearAlgebra();
const random = randomStream(31);
const image = { height: 8, width: 8, channels: 2 };
const data: Dataset = {
  name: 'noise',
  count: 50,
  dimension: 128,
  classes: 3,
  inputs: random.normals(50 * 128).map((x, i) => (i % 2 === 0 ? x : 2 * x + 3)),
  labels: Uint8Array.from({ length: 50 }, (_, n) => n % 3),
  checksum: '',
  image,
};
const onInputs: ConvolutionalNetwork = {
  kind: 'convolutional',
  name: 'by hand',
  input: image,
  classes: 3,
  loss: 'softmax-cross-entropy',
  layers: [
    { kind: 'batch-normalisation', name: 'norm', epsilon: 1e-5 },
    { kind: 'dense', name: 'dense', outputs: 3, bias: true },
  ],
};
const resnet = preResNet(8, { input: image, classes: 3, widths: [2, 3, 4] });
const weights = initialConvolutionalWeights(resnet, random.stream('weights'));

describe('statistics at weights that have none', () => {
  it.each([16, 50, 128])(
    'are means over mini-batches of %i samples, each counted as often as it has samples',
    (batch) => {
      const first = initialConvolutionalWeights(onInputs, random.stream('inputs'));
      const expected = [0, 0, 0, 0];
      for (let from = 0; from < 50; from += batch) {
        const to = Math.min(from + batch, 50);
        [0, 1].forEach((channel) => {
          const values = Array.from(data.inputs.subarray(from * 128, to * 128)).filter((_, i) => i % 2 === channel);
          const { mean, variance } = meanAndUnbiasedVariance(values);
          expected[channel] += (mean * (to - from)) / 50;
          expected[2 + channel] += (variance * (to - from)) / 50;
        });
      }
      const found = evaluationStatistics(onInputs, first, data, algebra, { batch });
      expect(relativeError(found, expected)).toBeLessThan(1e-13);
    },
  );

  it('of one mini-batch of all data give its outputs again, but for the divisor n - 1', () => {
    const statistics = evaluationStatistics(resnet, weights, data, algebra, { batch: 50 });
    // Back to the divisor n of training mode.
    for (const { name, offset, channels } of statisticsBlocks(resnet)) {
      const side =
        name === 'last.norm' || name === 'stage3.block1.norm2'
          ? 2
          : name.includes('stage3') || name === 'stage2.block1.norm2'
            ? 4
            : 8;
      const n = 50 * side * side;
      for (let i = offset + channels; i < offset + 2 * channels; i++) statistics[i] *= (n - 1) / n;
    }
    const outputs = (normalisation: Parameters<typeof convolutionalSums>[3]['normalisation']) =>
      convolutionalSums(resnet, data, algebra, { normalisation }).outputsOf(weights, 0, 50);
    const found = outputs({ mode: 'evaluation', statistics });
    expect(relativeError(found, outputs({ mode: 'training', batch: 50 }))).toBeLessThan(1e-12);
  });

  it('are taken over augmented copies too, and in float32', () => {
    const copies = augmented(data, { copies: 3 }, random.stream('copies'));
    const exact = evaluationStatistics(resnet, weights, copies, algebra, { batch: 32 });
    const materialised = evaluationStatistics(resnet, weights, copies.range(0, 150), algebra, { batch: 32 });
    expect(materialised).toEqual(exact);
    const single = evaluationStatistics(resnet, weights, copies, algebra, { batch: 32, precision: 'float32' });
    expect(relativeError(single, exact)).toBeLessThan(1e-5);
    expect(single).not.toEqual(exact);
  });

  it('are none for a network without batch normalisation', () => {
    const stages = [{ convolutions: 1, width: 2 }];
    const plain = vggLike({ input: image, classes: 3, stages, hidden: [], normalised: false });
    const first = initialConvolutionalWeights(plain, random);
    expect(evaluationStatistics(plain, first, data, algebra)).toHaveLength(0);
  });
});
