// What a machine without a BLAS library pays: products and eigenvalues of the portable implementation against those of
// the library, side by side in one run, each the best of several. After a build:
//
//   node bench/portable.js [--library PATH] [--threads N] [--repeats N] [sizes ...]
//
// The library's threads hold for the whole process: measure one thread and two in two runs.

import { parseArgs } from 'node:util';
import { linearAlgebra, portableLinearAlgebra, randomStream } from '../dist/index.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    library: { type: 'string' },
    threads: { type: 'string', default: '1' },
    repeats: { type: 'string', default: '3' },
  },
});
const sizes = positionals.length > 0 ? positionals.map(Number) : [500, 1000, 2000];
const threads = Number(values.threads);
const repeats = Number(values.repeats);

const library = await linearAlgebra({ threads, ...(values.library && { library: values.library }) });
const portable = portableLinearAlgebra({ threads });
for (const algebra of [library, portable]) console.log(algebra.library.description);
console.log(`${threads} threads, best of ${repeats}: seconds of the library, of the portable one, and their ratio`);
console.log('                                        library   portable   ratio');

for (const n of sizes) {
  const a = symmetric(n);
  const c = new Float64Array(n * n);
  const product = { m: n, n, k: n, a, lda: n, b: a, ldb: n, c, ldc: n };
  await compare(`gemm n = ${n}`, (algebra) => algebra.gemmAsync(product));
  await compare(`eigenvalues n = ${n}`, (algebra) => algebra.symmetricEigenvalues(a, n));
}

// The products of one step of SGD on a network 100-30-30, 32 samples: five thousand calls each, on the calling thread.
for (const [m, n, k, transposeA, transposeB] of [
  [32, 30, 101, false, true],
  [30, 101, 32, true, false],
  [32, 100, 30, false, false],
]) {
  const [a, b, c] = [m * k, k * n, m * n].map((size) => new Float64Array(size).fill(0.5));
  const stored = { a, lda: transposeA ? m : k, b, ldb: transposeB ? k : n, c, ldc: n };
  const product = { m, n, k, transposeA, transposeB, ...stored };
  await compare(`5000 gemm ${m} x ${k} by ${k} x ${n}`, (algebra) => {
    for (let i = 0; i < 5000; i++) algebra.gemm(product);
  });
}

/** In turn, so that other work on the machine slows both. */
async function compare(name, run) {
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [i, algebra] of [library, portable].entries()) {
      const start = performance.now();
      await run(algebra);
      least[i] = Math.min(least[i], (performance.now() - start) / 1000);
    }
  }
  const numbers = least.map((x) => x.toFixed(4).padStart(11)).join('');
  console.log(name.padEnd(36) + numbers + (least[1] / least[0]).toFixed(1).padStart(8));
}

function symmetric(n) {
  const matrix = randomStream(1).normals(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) matrix[j * n + i] = matrix[i * n + j];
  return matrix;
}
