import { describe, expect, it } from 'vitest';
import { engineMemory } from '../../src/sharded/engine-memory.js';
import { images, normalised } from './support/problems.js';

const bare = 60e6; // a thread

describe('what a worker is expected to take', () => {
  it('grows with the mini-batch and halves in float32', () => {
    const at = (batch: number, precision: 'float64' | 'float32') =>
      engineMemory(
        { network: normalised, data: images, normalisation: { mode: 'training', batch } },
        { kind: 'native', precision },
      ) - bare;
    // 3 x 3 x 3 numbers of the stem and of each of the four in the block and of the block, 3 after it, 3 outputs
    expect(at(16, 'float64') - at(8, 'float64')).toBe(8 * 2.5 * 8 * (5 * 27 + 6));
    expect(at(8, 'float32')).toBe(at(8, 'float64') / 2);
    // There are 44 images.
    expect(at(1000, 'float64')).toBe(at(44, 'float64'));
  });
});
