import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linearAlgebra } from '@hessian-rmt/numerics';
import { expect, it } from 'vitest';
import {
  alexNet32,
  convolutionalSums,
  type Dataset,
  leNet,
  parametersOf,
  preResNet,
  vggLike,
} from '../../src/index.js';
import { relativeError } from '../support/naive-network.js';

/** Written by test/fixtures/architectures.py (PyTorch 1.13). */
const reference: Record<string, { parameters: number; outputs: number[] }> = JSON.parse(
  await readFile(join(import.meta.dirname, '../fixtures/architectures.json'), 'utf8'),
);
const classes = 3;
const square = (side: number, channels: number) => ({ input: { height: side, width: side, channels }, classes });
const stages = [
  { convolutions: 1, width: 2 },
  { convolutions: 2, width: 3 },
];

it.each([
  ['PreResNet-47', preResNet(47, { ...square(8, 3), widths: [2, 3, 4] })],
  ['VGG-like', vggLike({ ...square(8, 3), stages, hidden: [5] })],
  ['LeNet', leNet({ ...square(10, 1), channels: [2, 3], hidden: [5, 4], size: 3 })],
  ['AlexNet', alexNet32({ ...square(16, 3), channels: [2, 3, 4, 3, 2] })],
])('%s is the network written out in PyTorch: as many parameters, the same outputs', async (name, network) => {
  const { input } = network;
  const dimension = input.height * input.width * input.channels;
  const data: Dataset = {
    name: 'waves',
    count: 2,
    dimension,
    classes,
    inputs: Float64Array.from({ length: 2 * dimension }, (_, i) => Math.sin(0.37 * i) + 0.5 * Math.cos(0.011 * i * i)),
    labels: Uint8Array.of(0, 1),
    checksum: '',
    image: input,
  };
  expect(parametersOf(network)).toBe(reference[name].parameters);
  const weights = Float64Array.from({ length: parametersOf(network) }, (_, i) => 0.4 * Math.sin(1.3 * i + 0.2));
  const normalisation = { mode: 'training', batch: 2 } as const;
  const sums = convolutionalSums(network, data, await linearAlgebra(), { normalisation });
  expect(relativeError(sums.outputsOf(weights, 0, 2), reference[name].outputs)).toBeLessThan(1e-11);
});
