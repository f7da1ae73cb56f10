// Hessian and spectrum of 784-10-100-100-10 (P = 20,060) on all 60,000 images of Fashion-MNIST: 3.2 GB, one matrix.
// Prints the time of each part, beside dgemm's rate and LAPACK's own time on the same entries. On a quiet machine:
//
//     node packages/curvature/bench/full-data.js [images]

import { eigenvalues, exactHessian } from '@hessian-rmt/curvature';
import { dataset, initialWeights, mlp, parameterCount, slice } from '@hessian-rmt/models';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';

const la = await linearAlgebra();
const random = randomStream(0, 'bench');
const started = performance.now();

const images = await timed('read Fashion-MNIST', async () => {
  const all = await dataset('fashion-mnist', { split: 'train' });
  return slice(all, 0, Number(process.argv[2] ?? all.count));
});
const network = mlp([784, 10, 100, 100, 10], { activation: 'tanh' });
const weights = initialWeights(network, random.stream('weights'));
const n = parameterCount(network);
console.log(
  `${la.library.description}, ${la.library.threads} threads; ${images.name}, ${images.count} images; P = ${n}`,
);

const rate = dgemmRate(4000);
const { value: hessian, seconds } = await clocked(() => exactHessian(network, weights, images, { linearAlgebra: la }));
const counted = (images.count * n ** 2) / seconds / 1e9;
const share = (counted / rate).toFixed(2);
say('exact Hessian', seconds, `${counted.toFixed(1)} GF counted as N P^2, ${share} of dgemm's ${rate.toFixed(1)} GF`);

// LAPACK destroys the triangle it is given and the diagonal; the other triangle serves the second run.
const diagonal = Float64Array.from({ length: n }, (_, i) => hessian.data[i * n + i]);
const ours = await timed('eigenvalues', () => eigenvalues(hessian, { linearAlgebra: la, overwrite: true }));
diagonal.forEach((value, i) => {
  hessian.data[i * n + i] = value;
});
say(
  'in all',
  (performance.now() - started) / 1000,
  `largest resident set ${(process.resourceUsage().maxRSS / 2 ** 20).toFixed(1)} GiB`,
);
console.log(`  extremes ${ours.values[0]}, ${ours.values[n - 1]}`);

async function timed(title, work) {
  const { value, seconds } = await clocked(work);
  say(title, seconds);
  return value;
}

async function clocked(work) {
  const start = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - start) / 1000 };
}

function say(title, seconds, rest = '') {
  console.log(`${title.padEnd(20)} ${seconds.toFixed(1).padStart(7)} s  ${rest}`);
}

/** GF of a square product, the best of three. */
function dgemmRate(size) {
  const [a, b] = ['a', 'b'].map((name) => random.stream(name).normals(size * size));
  const c = new Float64Array(size * size);
  const seconds = [];
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    la.gemm({ m: size, n: size, k: size, a, lda: size, b, ldb: size, c, ldc: size });
    seconds.push((performance.now() - start) / 1000);
  }
  return (2 * size ** 3) / Math.min(...seconds) / 1e9;
}
