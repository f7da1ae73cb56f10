import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { expect, it } from 'vitest';
import { memorisationTask } from '../src/memorisation.js';
import { minimisers } from '../src/minimisers.js';
import { unitContext } from './unit-context.js';

it('minima of linear networks are those of linear regression, from every start', async () => {
  const [n, m] = [3, 12];
  const random = randomStream(1, 'minima');
  const algebra = await linearAlgebra({ threads: 1 });
  const config = { size: n, samples: m, activation: 'identity', tasks: 2, starts: 2, maxIterations: 5000 } as const;
  const { arrays } = await minimisers.run(config, unitContext(random, algebra));
  for (let task = 0; task < 2; task++) {
    const stream = random.stream(`identity n=${n} m=${m}`).stream(`task-${task}`).stream('data');
    const { inputs, targets } = memorisationTask(n, m, stream);
    // Residual of regression on an orthonormal basis of the inputs (Gram-Schmidt), over the mean of y^2, halved.
    const basis: number[][] = [];
    for (let i = 0; i < n; i++) {
      const column = Array.from({ length: m }, (_, k) => inputs[k * n + i]);
      for (const b of basis) subtract(column, b);
      const length = Math.hypot(...column);
      basis.push(column.map((x) => x / length));
    }
    let residual = 0;
    for (let o = 0; o < n; o++) {
      const column = Array.from({ length: m }, (_, k) => targets![k * n + o]);
      for (const b of basis) subtract(column, b);
      residual += column.reduce((sum, x) => sum + x * x, 0);
    }
    const expected = residual / targets!.reduce((sum, y) => sum + y * y, 0) / 2;
    for (let start = 0; start < 2; start++) expect(arrays.energy.data[2 * task + start]).toBeCloseTo(expected, 8);
  }
});

function subtract(column: number[], direction: readonly number[]): void {
  const share = column.reduce((sum, x, i) => sum + x * direction[i], 0);
  direction.forEach((x, i) => {
    column[i] -= share * x;
  });
}
