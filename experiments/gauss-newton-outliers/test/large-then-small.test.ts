import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linearAlgebra } from '@hessian-rmt/numerics';
import { computeUnit } from '@hessian-rmt/replication';
import { describe, expect, it, vi } from 'vitest';
import { availableImages } from '../src/images-available.js';
import { type LargeThenSmallConfig, largeThenSmall } from '../src/large-then-small.js';
import { bringCifar } from './bring-cifar.js';

describe('large-then-small', () => {
  it('goes on after a kill, to the same numbers, from the last record', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'large-then-small-'));
    await bringCifar(directory, 'data_batch_1.bin', 40);
    await bringCifar(directory, 'test_batch.bin', 10);
    vi.stubEnv('HESSIAN_RMT_DATA', directory);
    const { source } = await availableImages(directory);
    const config: LargeThenSmallConfig = {
      source,
      training: 20,
      testing: 10,
      channels: [3, 4, 4, 4, 4],
      rate: 0.02,
      batches: { large: 10, small: 2 },
      records: 2,
      every: 3,
      early: [1],
      directions: 2,
      lanczosSteps: 4,
    };
    const unit = largeThenSmall.unit(config, { repetition: 0, threads: 1 });
    const options = { seed: 1, linearAlgebra: await linearAlgebra({ threads: 1 }) };
    const folder = join(directory, 'scratch');
    await mkdir(folder);
    const killed = (at: string) => ({
      ...options,
      scratch: async () => folder,
      progress: (_: number, doing: string) => {
        if (doing.startsWith(at)) throw new Error(`killed: ${at}`);
      },
    });
    const whole = await computeUnit(largeThenSmall, unit, options);
    await expect(computeUnit(largeThenSmall, unit, killed('small batch'))).rejects.toThrow('killed: small batch');
    const doing: string[] = [];
    const resumed = await computeUnit(largeThenSmall, unit, {
      ...options,
      scratch: async () => folder,
      progress: (_, what) => doing.push(what),
    });
    expect(resumed).toEqual(whole);
    // The first record of part II was there.
    expect(doing.filter((what) => what.startsWith('large'))).toHaveLength(0);
    expect(doing.filter((what) => what.startsWith('small'))).toHaveLength(1);
    vi.unstubAllEnvs();
    await rm(directory, { recursive: true });
  });
});
