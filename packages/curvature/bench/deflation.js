// Spectra of 157 batches of 64 images by deflation, all of them timed, against the time of full eigenproblems, from 3 of
// them (or as many as the first argument says). 784-10-100-10, P = 9,960, and 784-10-100-100-10, P = 20,060 (a few
// batches). Fashion-MNIST's test images, one epoch of training. Two batches at a time, each on one thread, where there
// are two. On a quiet machine:
//
//     node packages/curvature/bench/deflation.js [full eigenproblems] [batches of the larger network]

import {
  deflatedSpectrum,
  deflationEntries,
  eigenvalues,
  exactHessian,
  measuredRoundingFloor,
} from '@hessian-rmt/curvature';
import { dataset, initialWeights, mlp, parameterCount, slice, train } from '@hessian-rmt/models';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';

const batch = 64;
const la = await linearAlgebra();
const random = randomStream(0, 'bench');
const test = await dataset('fashion-mnist', { split: 'test' });
const training = await dataset('fashion-mnist', { split: 'train' });
const [fullProblems, largerBatches] = [Number(process.argv[2] ?? 3), Number(process.argv[3] ?? 2)];
console.log(`${la.library.description}, ${la.library.threads} threads; ${test.name}`);

const small = await trained([784, 10, 100, 10]);
const batches = Array.from({ length: Math.ceil(test.count / batch) }, (_, b) =>
  slice(test, b * batch, Math.min((b + 1) * batch, test.count)),
);
const deflated = await timedSpectra(small, batches);
const full = [];
const into = new Float64Array(new SharedArrayBuffer(8 * parameterCount(small.network) ** 2));
for (let b = 0; b < fullProblems; b++) {
  const start = performance.now();
  const matrix = await exactHessian(small.network, small.weights, batches[b], { linearAlgebra: la, into });
  const { values } = await eigenvalues(matrix, { linearAlgebra: la, overwrite: true });
  full.push((performance.now() - start) / 1000);
  const { inEpsilons } = measuredRoundingFloor(values, deflated.spectra[b]);
  console.log(
    `  full eigenproblem: ${full[b].toFixed(1)} s; off by ${inEpsilons.largest.toFixed(1)} epsilon max |lambda|`,
  );
}
if (fullProblems > 0) {
  const mean = full.reduce((sum, seconds) => sum + seconds) / full.length;
  const times = (mean * batches.length) / deflated.seconds;
  console.log(
    `  ${batches.length} full ones by the mean of ${full.length}: ${times.toFixed(0)} times the time of deflation`,
  );
}
if (largerBatches > 0) await timedSpectra(await trained([784, 10, 100, 100, 10]), batches.slice(0, largerBatches));

async function trained(widths) {
  const network = mlp(widths);
  const start = initialWeights(network, random.stream('weights'));
  const options = { algorithm: 'sgd', rate: 0.003, momentum: 0.9, batch: 128, epochs: 1 };
  const { weights } = await train(network, start, training, options, random.stream('training'), { linearAlgebra: la });
  return { network, weights };
}

async function timedSpectra({ network, weights }, samples) {
  const spectra = [];
  const start = performance.now();
  await la.sideBySide(async (atOnce) => {
    let next = 0;
    const run = async () => {
      const memory = new Float64Array(new SharedArrayBuffer(8 * deflationEntries(network, batch)));
      while (next < samples.length) {
        const b = next++;
        spectra[b] = await deflatedSpectrum(network, weights, samples[b], { linearAlgebra: la, into: memory });
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, 2) }, run));
  });
  const seconds = (performance.now() - start) / 1000;
  const sizes = spectra.map(({ values }) => values.length);
  const tiny = spectra.map(({ values }) => values.filter((value) => Math.abs(value) < resolution(values)).length);
  console.log(
    `${network.widths.join('-')}, P = ${parameterCount(network)}: ${samples.length} batches of ${batch} in ${seconds.toFixed(1)} s, ` +
      `${(seconds / samples.length).toFixed(2)} s each; ${Math.min(...sizes)} to ${Math.max(...sizes)} values, ` +
      `at most ${Math.max(...tiny)} below 10 epsilon max |lambda|`,
  );
  return { spectra, seconds };
}

function resolution(values) {
  return 10 * Number.EPSILON * Math.max(Math.abs(values[0]), values[values.length - 1]);
}
