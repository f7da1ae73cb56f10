import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { principalComponents } from '../../src/data/principal-components.js';
import type { Dataset } from '../../src/dataset.js';

const plain = { name: 'test', classes: 0, labels: new Uint8Array(), checksum: '' };

describe('principalComponents', () => {
  it('are the variances of coordinates that do not correlate, whatever the mean', async () => {
    // Two coordinates over the four sign patterns: variances 9 and 4, means 5 and -1, no correlation.
    const inputs = Float64Array.of(8, 1, 8, -3, 2, 1, 2, -3);
    const data: Dataset = { ...plain, count: 4, dimension: 2, inputs };
    const variances = await principalComponents(data, await linearAlgebra());
    expect(variances[0]).toBeCloseTo(4, 12);
    expect(variances[1]).toBeCloseTo(9, 12);
  });

  it('sum to the total variance, and leave the rank of few samples', async () => {
    const [count, dimension] = [6, 10];
    const inputs = randomStream(3, 'principal components').normals(count * dimension);
    const variances = await principalComponents({ ...plain, count, dimension, inputs }, await linearAlgebra());
    let total = 0;
    for (let j = 0; j < dimension; j++) {
      const column = Array.from({ length: count }, (_, n) => inputs[n * dimension + j]);
      const mean = column.reduce((sum, x) => sum + x, 0) / count;
      total += column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / count;
    }
    expect(variances.reduce((sum, x) => sum + x, 0)).toBeCloseTo(total, 12);
    expect(variances.filter((x) => x > 1e-12)).toHaveLength(count - 1);
  });
});
