// What one short call costs, against a plain loop. After a build: node bench/calls.js

import { linearAlgebra } from '../dist/index.js';

const algebra = await linearAlgebra();
console.log(`${algebra.library.description}; microseconds a call, best of 5`);
console.log('     n      gemm   plain loop      gemv   gemmAsync');

for (const n of [1, 2, 4, 8, 16, 32, 64]) {
  const [a, b, c] = [1, 2, 3].map(() => new Float64Array(n * n).fill(0.5));
  const product = { m: n, n, k: n, a, lda: n, b, ldb: n, c, ldc: n };
  const calls = Math.min(100_000, Math.ceil(2e7 / n ** 3));
  const row = [
    best(calls, () => algebra.gemm(product)),
    best(calls, () => plainProduct(product)),
    best(calls, () => algebra.gemv({ m: n, n, a, lda: n, x: b, y: c })),
    await bestAsync(1000, () => algebra.gemmAsync(product)),
  ];
  const widths = [10, 13, 10, 12];
  console.log(String(n).padStart(6) + row.map((x, i) => x.toFixed(2).padStart(widths[i])).join(''));
}

function best(calls, run) {
  let least = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < 5; repeat++) {
    const start = performance.now();
    for (let i = 0; i < calls; i++) run();
    least = Math.min(least, performance.now() - start);
  }
  return (least / calls) * 1000;
}

async function bestAsync(calls, run) {
  let least = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < 5; repeat++) {
    const start = performance.now();
    for (let i = 0; i < calls; i++) await run();
    least = Math.min(least, performance.now() - start);
  }
  return (least / calls) * 1000;
}

function plainProduct({ m, n, k, a, b, c }) {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += a[i * k + l] * b[l * n + j];
      c[i * n + j] = sum;
    }
  }
}
