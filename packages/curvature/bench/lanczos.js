// What Lanczos itself costs beside the products: orthogonalisation against the whole basis, for P = 1,000,000 and
// 100 steps. The operator is a diagonal one, whose time is known and taken off. Beside it, in the same run, one product
// with the exact Hessian of a dense network of about that many weights. Run on a quiet machine (1.2 GB):
//
//     node packages/curvature/bench/lanczos.js [P] [steps] [samples of the network's product]

import { fromMatvec, hessianOperator, lanczos } from '@hessian-rmt/curvature';
import { gaussianClusters, initialWeights, mlp, parameterCount } from '@hessian-rmt/models';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';

const [size, steps, samples] = [process.argv[2] ?? 1e6, process.argv[3] ?? 100, process.argv[4] ?? 2000].map(Number);
const la = await linearAlgebra();
const random = randomStream(0, 'bench');
console.log(`${la.library.description}, ${la.library.threads} threads; P = ${size}, ${steps} steps`);

const into = new Float64Array(size * steps).fill(1);
let inProducts = 0;
const diagonal = fromMatvec(size, (v) => {
  const start = performance.now();
  const product = v.map((x, i) => (x * i) / size);
  inProducts += performance.now() - start;
  return product;
});
const start = performance.now();
let last = start;
const perStep = [];
await lanczos(diagonal, {
  linearAlgebra: la,
  steps,
  start: { random: random.stream('start') },
  into,
  progress: () => {
    const now = performance.now();
    perStep.push(now - last);
    last = now;
  },
});
const own = (performance.now() - start - inProducts) / 1000;
const rate = (2 * 8 * size * ((steps * (steps + 1)) / 2)) / own / 1e9;
console.log(`  Lanczos itself: ${own.toFixed(2)} s, ${(own / steps).toFixed(3)} s a step in the mean,`);
console.log(`  ${(perStep[steps - 1] / 1000).toFixed(3)} s the last one; the basis is read at ${rate.toFixed(1)} GB/s`);

const width = Math.max(1, Math.round(size / 996));
const network = mlp([784, width, 200, 10]);
const data = gaussianClusters({ count: 10, samples, dimension: 784 }, random.stream('data'));
const weights = initialWeights(network, random.stream('weights'));
const operator = hessianOperator(network, weights, data, { linearAlgebra: la });
const v = random.stream('v').normals(parameterCount(network));
let best = Number.POSITIVE_INFINITY;
for (let i = 0; i < 3; i++) {
  const begun = performance.now();
  await operator.matvec(v);
  best = Math.min(best, (performance.now() - begun) / 1000);
}
console.log(
  `  a product with the Hessian of ${network.widths.join('-')} (P = ${v.length}), ${samples} samples: ${best.toFixed(2)} s`,
);
const of = (images) => ((100 * own) / steps / ((best * images) / samples)).toPrecision(2);
console.log(`  Lanczos itself is ${of(samples)} % of that, ${of(50_000)} % of a product over 50,000 samples`);
