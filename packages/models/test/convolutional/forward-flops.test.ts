import { expect, test } from 'vitest';
import { forwardFlops, leNet } from '../../src/index.js';

test('operations of LeNet-5 are those counted by hand', () => {
  // Two convolutions of 5 x 5 (28 x 28 pixels of 6 from 1, 10 x 10 of 16 from 6), three dense layers with biases.
  const convolutions = 28 * 28 * 6 * 25 + 10 * 10 * 16 * 25 * 6;
  const dense = 120 * 401 + 84 * 121 + 10 * 85;
  const network = leNet({ input: { height: 28, width: 28, channels: 1 }, classes: 10 });
  expect(forwardFlops(network)).toBe(2 * (convolutions + dense));
});
