// Hessian-vector products of PreResNets by tfjs on one thread: images a second (of processor time), what they need of the
// heap, and where the time goes.
//
// usage: node bench/tensor-products.js [--backend wasm] [--depth 8] [--batch 64] [--repeats 5] [--profile]
import { parseArgs } from 'node:util';
import { randomStream } from '@hessian-rmt/numerics';
import { initialConvolutionalWeights, openBackend, preResNet, tensorSums } from '../dist/index.js';
import { peakBytes } from '../dist/tensorflow/heap.js';

const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'wasm' },
    depth: { type: 'string', default: '8' },
    batch: { type: 'string', default: '64' },
    repeats: { type: 'string', default: '5' },
    profile: { type: 'boolean', default: false },
  },
});
const [depth, batch, repeats] = [values.depth, values.batch, values.repeats].map(Number);
const backend = await openBackend(values.backend);
const { tf } = backend;
const random = randomStream(1, 'bench');
const network = preResNet(depth, { input: { height: 32, width: 32, channels: 3 }, classes: 10 });
const images = {
  name: 'noise',
  count: batch,
  dimension: 3072,
  classes: 10,
  inputs: random.stream('inputs').normals(batch * 3072),
  labels: Uint8Array.from({ length: batch }, (_, n) => n % 10),
  checksum: '',
};
const sums = tensorSums(backend, network, images, { normalisation: { mode: 'training', batch } });
const weights = initialConvolutionalWeights(network, random);
const vector = random.stream('vector').normals(weights.length);
const sum = new Float64Array(weights.length);
const product = () => sums.addProduct('hessian', weights, vector, 0, batch, sum);

/** Milliseconds of processor time. */
const timed = (f) => {
  const start = process.cpuUsage();
  f();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
};

product();
const best = Math.min(...Array.from({ length: repeats }, () => timed(product)));
console.log(`${network.name}, ${backend.description}, mini-batch of ${batch}`);
console.log(`H v: ${best.toFixed(0)} ms, ${((1000 * batch) / best).toFixed(1)} images/s (best of ${repeats})`);
const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
const heap = tf.backend().wasm ? `, heap ${mebibytes(tf.backend().wasm.HEAPU8.length)}` : '';
console.log(`tensors ${mebibytes(peakBytes(tf, product))}${heap}`);

if (values.profile) {
  // Kernels that are run by others count as part of these.
  const engine = tf.engine();
  const run = engine.runKernelFunc;
  const kernels = new Map();
  let depthOfCalls = 0;
  engine.runKernelFunc = (call) => {
    let result;
    depthOfCalls++;
    const ms = timed(() => {
      result = run.call(engine, call);
    });
    depthOfCalls--;
    if (depthOfCalls === 0) {
      const { calls = 0, total = 0 } = kernels.get(call.kernelName) ?? {};
      kernels.set(call.kernelName, { calls: calls + 1, total: total + ms });
    }
    return result;
  };
  const whole = timed(product);
  engine.runKernelFunc = run;
  for (const [name, { calls, total }] of [...kernels].sort(([, a], [, b]) => b.total - a.total).slice(0, 16)) {
    console.log(`${((100 * total) / whole).toFixed(1).padStart(6)} % in ${String(calls).padStart(4)} of ${name}`);
  }
}
