// Eigenvalues alone, one-stage against two-stage reduction, with the rate of gemm beside them; the crossover that
// `method: 'auto'` takes comes from here. After a build:
//
//   node bench/eigenvalues.js [--library PATH|portable] [--threads N] [--repeats N] [sizes ...]

import { parseArgs } from 'node:util';
import { linearAlgebra, randomStream } from '../dist/index.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    library: { type: 'string' },
    threads: { type: 'string' },
    repeats: { type: 'string', default: '3' },
  },
});
const sizes = positionals.length > 0 ? positionals.map(Number) : [500, 1000, 1500, 2000, 3000, 4000];
const repeats = Number(values.repeats);

const algebra = await linearAlgebra({
  ...(values.library && { library: values.library }),
  ...(values.threads && { threads: Number(values.threads) }),
});
console.log(`${algebra.library.description}, ${algebra.library.threads} threads, best of ${repeats}`);
console.log('     n   gemm GF   float32 GF   one-stage s   two-stage s   float32 one-stage s   two-stage s');

for (const n of sizes) {
  const matrix = symmetric(n);
  const single = Float32Array.from(matrix);
  const row = [
    (2 * n ** 3) / 1e9 / (await best(() => multiply(matrix, n))),
    (2 * n ** 3) / 1e9 / (await best(() => multiply(single, n))),
    await best(() => algebra.symmetricEigenvalues(matrix, n, { method: 'one-stage' })),
    await best(() => algebra.symmetricEigenvalues(matrix, n, { method: 'two-stage' })),
    await best(() => algebra.symmetricEigenvalues(single, n, { method: 'one-stage' })),
    await best(() => algebra.symmetricEigenvalues(single, n, { method: 'two-stage' })),
  ];
  const widths = [10, 13, 14, 14, 22, 14];
  console.log(String(n).padStart(6) + row.map((x, i) => x.toFixed(i < 2 ? 1 : 3).padStart(widths[i])).join(''));
}

/** Least seconds of several runs: other work on the machine only adds. */
async function best(run) {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await run();
    least = Math.min(least, (performance.now() - start) / 1000);
  }
  return least;
}

function multiply(a, n) {
  const c = a instanceof Float64Array ? new Float64Array(n * n) : new Float32Array(n * n);
  return algebra.gemmAsync({ m: n, n, k: n, a, lda: n, b: a, ldb: n, c, ldc: n });
}

function symmetric(n) {
  const matrix = randomStream(1).normals(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) matrix[j * n + i] = matrix[i * n + j];
  return matrix;
}
