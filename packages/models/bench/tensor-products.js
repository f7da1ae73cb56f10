/**
 * Images per second (of processor time) of Hessian-vector products by tfjs on one thread, with the share of each kernel and the wasm heap.
 *
 *     node bench/tensor-products.js [backend = wasm] [depth = 8] [batch = 64] [products = 5]
 *
 * A PreResNet (widths 16, 32, 64) on random 32 x 32 images, batch normalisation in training mode.
 */

import { randomStream } from '@hessian-rmt/numerics';
import { openBackend, parametersOf, preResNet, tensorSums } from '../dist/index.js';

const [choice = 'wasm', depth = '8', images = '64', products = '5'] = process.argv.slice(2);
const backend = await openBackend(choice);
const { tf } = backend;
const batch = Number(images);
const input = { height: 32, width: 32, channels: 3 };
const network = preResNet(Number(depth), { input, classes: 10 });
const random = randomStream(1, 'bench');
const dimension = 32 * 32 * 3;
const data = {
  name: 'normals',
  count: batch,
  dimension,
  classes: 10,
  inputs: random.stream('inputs').normals(batch * dimension),
  labels: Uint8Array.from({ length: batch }, (_, n) => n % 10),
  checksum: '',
  image: input,
};
const sums = tensorSums(backend, network, data, { normalisation: { mode: 'training', batch } });
const weights = random.stream('weights').normals(parametersOf(network), 0.1);
const vector = random.stream('vector').normals(weights.length);
const product = () => sums.addProduct('hessian', weights, vector, 0, batch, new Float64Array(weights.length));

product();
let best = Number.POSITIVE_INFINITY;
for (let i = 0; i < Number(products); i++) {
  const start = process.cpuUsage();
  product();
  const { user, system } = process.cpuUsage(start);
  best = Math.min(best, (user + system) / 1000);
}
console.log(`${network.name}, ${backend.description}, batch ${batch}`);
console.log(`H v: ${best.toFixed(0)} ms, ${((1000 * batch) / best).toFixed(1)} images/s (best of ${products})`);
const { wasm } = tf.backend();
if (wasm) console.log(`wasm heap: ${(wasm.HEAPU8.length / 2 ** 20).toFixed(0)} MiB`);

const { kernels, peakBytes } = await tf.profile(async () => product());
const times = new Map();
const total = 0;
for (const { name, kernelTimeMs } of kernels) {
  const { calls = 0, ms = 0 } = times.get(name) ?? {};
  times.set(name, { calls: calls + 1, ms: ms + kernelTimeMs });
}
console.log(`tensors, aliases counted as copies: ${(peakBytes / 2 ** 20).toFixed(0)} MiB at most`);
for (const [name, { calls, ms }] of [...times].sort(([, a], [, b]) => b.ms - a.ms).slice(0, 20)) {
  console.log(`${ms.toFixed(1).padStart(8)} ms ${String(calls).padStart(5)} calls  ${name}`);
}
