// Eigenvalues of the Gaussian orthogonal ensemble by LAPACK from the full matrix, against those from the tridiagonal
// model of the same law, whose draws are counted in. The ratio grows with n. After a build:
//
//   node bench/tridiagonal.js [--library PATH|portable] [--threads N] [--repeats N] [sizes ...]
//
// The runs of a size alternate, so that other work on the machine slows both; the least time of each counts.

import { parseArgs } from 'node:util';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { betaHermiteEigenvalues, gaussianOrthogonal } from '../dist/index.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    library: { type: 'string' },
    threads: { type: 'string' },
    repeats: { type: 'string', default: '5' },
  },
});
const sizes = positionals.length > 0 ? positionals.map(Number) : [500, 1000, 2000, 4000];
const repeats = Number(values.repeats);

const algebra = await linearAlgebra({
  ...(values.library && { library: values.library }),
  ...(values.threads && { threads: Number(values.threads) }),
});
console.log(`${algebra.library.description}, ${algebra.library.threads} threads, best of ${repeats}`);
console.log('     n   full matrix s   tridiagonal s   ratio');

for (const n of sizes) {
  const random = randomStream(1, `${n}`);
  const matrix = gaussianOrthogonal(n, random);
  const least = { dense: Number.POSITIVE_INFINITY, tridiagonal: Number.POSITIVE_INFINITY };
  for (let i = 0; i < repeats; i++) {
    const dense = await seconds(() => algebra.symmetricEigenvalues(matrix, n));
    const tridiagonal = await seconds(() => betaHermiteEigenvalues({ size: n, beta: 1 }, random, algebra));
    least.dense = Math.min(least.dense, dense);
    least.tridiagonal = Math.min(least.tridiagonal, tridiagonal);
  }
  const ratio = least.dense / least.tridiagonal;
  console.log(
    String(n).padStart(6) +
      least.dense.toFixed(4).padStart(16) +
      least.tridiagonal.toFixed(4).padStart(16) +
      ratio.toFixed(1).padStart(8),
  );
}

async function seconds(run) {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}
