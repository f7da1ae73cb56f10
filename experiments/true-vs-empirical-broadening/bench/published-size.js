// What the published size takes: each kind of unit of the profile `paper` at one mini-batch, and the whole by arithmetic.
// Random images of CIFAR's shape; nothing is learnt and no data set is needed.
//
//   node bench/published-size.js        one thread
//
// Seconds are processor seconds: what else runs on the machine counts little.

import { convolutionalSums, forwardFlops, initialConvolutionalWeights, preResNet, vgg16 } from '@hessian-rmt/models';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';

const input = { height: 32, width: 32, channels: 3 };
const batch = 128;
const images = 50_000;
const random = randomStream(1);
const algebra = await linearAlgebra({ threads: 1 });

const conditions = [
  {
    name: 'PreResNet-110, CIFAR-100',
    network: preResNet(110, { input, classes: 100 }),
    epochs: { Normal: 225, Overfit: 1000 },
    spectra: { 'empirical, m = 100': [100, 1], 'augmented, m = 80': [80, 30] },
  },
  {
    name: 'VGG-16, CIFAR-100',
    network: vgg16({ input, classes: 100 }),
    epochs: { Normal: 300 },
    spectra: { 'empirical, m = 100': [100, 1], 'augmented, m = 10': [10, 100] },
  },
];

function imagesFor(classes) {
  const dimension = 3 * 32 * 32;
  return {
    name: 'random images',
    count: batch,
    dimension,
    classes,
    inputs: random.stream('images').normals(batch * dimension),
    labels: Uint8Array.from({ length: batch }, (_, i) => i % classes),
    checksum: '',
    image: input,
  };
}

/** Processor seconds of a call, the better of two. */
function secondsOf(call) {
  const once = () => {
    const before = process.cpuUsage();
    call();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  return Math.min(once(), once());
}

const days = (seconds) =>
  seconds < 86_400 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} d`;
console.log(
  `${algebra.library.identity}, one thread, float32, mini-batches of ${batch}, batch normalisation in training mode`,
);
for (const { name, network, epochs, spectra } of conditions) {
  const weights = initialConvolutionalWeights(network, random.stream('weights'));
  const vector = random.stream('vector').normals(weights.length);
  const sums = convolutionalSums(network, imagesFor(network.classes), algebra, {
    normalisation: { mode: 'training', batch },
    precision: 'float32',
  });
  const sum = new Float64Array(weights.length);
  const gradient = secondsOf(() => sums.addGradient(weights, 0, batch, sum));
  const product = secondsOf(() => sums.addProduct('hessian', weights, vector, 0, batch, sum));
  const resident = process.memoryUsage.rss() / 2 ** 30;
  console.log(
    `\n${name}: P = ${weights.length.toLocaleString('en')}, ${(forwardFlops(network) / 1e6).toFixed(0)} MF an image forward; ${resident.toFixed(2)} GiB resident`,
  );
  console.log(
    `  gradient ${(batch / gradient).toFixed(1)} images/s, Hessian-vector product ${(batch / product).toFixed(1)} images/s`,
  );
  for (const [schedule, count] of Object.entries(epochs)) {
    console.log(`  training, ${schedule}, ${count} epochs: ${days((gradient / batch) * images * count)} on one core`);
  }
  for (const [spectrum, [steps, copies]] of Object.entries(spectra)) {
    const seconds = (product / batch) * images * copies * steps;
    const basis = (8 * weights.length * steps) / 2 ** 30;
    console.log(`  spectrum, ${spectrum}: ${days(seconds)} on one core, basis of ${basis.toFixed(1)} GiB`);
  }
  sums.dispose();
}
