// Eigenvalues of the Gaussian orthogonal ensemble by LAPACK from the full matrix, against those from the tridiagonal
// model of the same law, whose draws are counted in. The ratio grows with n. After a build:
//
//   node bench/tridiagonal.js [--library PATH|portable] [--threads N] [--repeats N] [sizes ...]
//
// The runs of a size alternate, so that other work on the machine slows both; the least time of each counts. Processor
// time forgives other work, but counts the waiting of a library's threads: compare it on one thread.

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
console.log('         seconds                      processor seconds');
console.log('     n   full   tridiagonal   ratio   full   tridiagonal   ratio');

for (const n of sizes) {
  const random = randomStream(1, `${n}`);
  const matrix = gaussianOrthogonal(n, random);
  const full = () => algebra.symmetricEigenvalues(matrix, n);
  const tridiagonal = () => betaHermiteEigenvalues({ size: n, beta: 1 }, random, algebra);
  const runs = [];
  for (let i = 0; i < repeats; i++) runs.push([await time(full), await time(tridiagonal)]);
  const columns = ['wall', 'processor'].flatMap((clock) => {
    const [slow, fast] = [0, 1].map((which) => Math.min(...runs.map((run) => run[which][clock])));
    return [slow.toFixed(3).padStart(7), fast.toFixed(4).padStart(14), (slow / fast).toFixed(1).padStart(8)];
  });
  console.log(String(n).padStart(6) + columns.join(''));
}

async function time(run) {
  const before = process.cpuUsage();
  const start = performance.now();
  await run();
  const wall = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { wall, processor: (user + system) / 1e6 };
}
