// The whole spectrum of a Hessian, its ends by Lanczos, and how many eigenvalues stand out from the bulk.
import { eigenvalues, exactHessian, hessianOperator, lanczos, largestRatio, rankReport } from '@hessian-rmt/curvature';
import { gaussianClusters, initialWeights, mlp, train } from '@hessian-rmt/models';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';

const algebra = { linearAlgebra: await linearAlgebra({ threads: 1 }) };
const random = randomStream(1, 'curvature');
const data = gaussianClusters({ count: 5, samples: 300, dimension: 20, covariance: 0.05 }, random.stream('data'));
const network = mlp([20, 12, 5], { activation: 'tanh' });
const start = initialWeights(network, random.stream('initial weights'));
const options = { algorithm: 'gd', rate: 0.2, steps: 50 } as const;
const { weights } = await train(network, start, data, options, random.stream('training'), algebra);

// Every eigenvalue, from the matrix itself.
const spectrum = await eigenvalues(await exactHessian(network, weights, data, algebra), algebra);
const { size, values } = spectrum;
const { positive, negative, zeros } = rankReport(spectrum);
console.log(`${size} eigenvalues: ${positive} positive, ${negative} negative, ${zeros} zero`);
// 317 eigenvalues: 268 positive, 36 negative, 13 zero

// The largest, from 60 products H v and no matrix. A residual says how near an eigenvalue is.
const operator = hessianOperator(network, weights, data, algebra);
const ritz = await lanczos(operator, { ...algebra, steps: 60, start: random.stream('start').normals(size) });
for (let i = 1; i <= 3; i++) {
  const [exact, found] = [values[size - i], ritz.values[ritz.steps - i]];
  const near = Math.abs(exact - found) <= ritz.residuals[ritz.steps - i] + spectrum.roundingFloor;
  console.log(`${i}: ${exact.toFixed(6)}, by Lanczos ${found.toFixed(6)}, as near as its residual says: ${near}`);
}
// 1: 0.200122, by Lanczos 0.200122, as near as its residual says: true
// 2: 0.168863, by Lanczos 0.168863, as near as its residual says: true
// 3: 0.147182, by Lanczos 0.147182, as near as its residual says: true

const { count } = largestRatio(spectrum, { among: 20 });
console.log(`${count} of the 20 largest stand out by their ratio to the next; there are ${data.classes} classes`);
// 4 of the 20 largest stand out by their ratio to the next; there are 5 classes
