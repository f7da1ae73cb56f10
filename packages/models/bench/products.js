// Hessian-vector products of PreResNets: images a second of processor time (which other work on the machine disturbs less
// than the clock's), beside PyTorch's double backward in the same run, and where the time goes.
//
// usage: node bench/products.js [--depth 8] [--batch 128] [--repeats 3] [--precision float32] [--kind hessian]
//          [--chunk 16 (evaluation mode in chunks, else training mode)] [--profile] [--torch python3]
import { execFileSync } from 'node:child_process';
import { Session } from 'node:inspector/promises';
import { parseArgs } from 'node:util';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { convolutionalSums, initialConvolutionalWeights, preResNet, statisticsCount } from '../dist/index.js';

const { values } = parseArgs({
  options: {
    depth: { type: 'string', default: '8' },
    batch: { type: 'string', default: '128' },
    repeats: { type: 'string', default: '3' },
    precision: { type: 'string', default: 'float32' },
    kind: { type: 'string', default: 'hessian' },
    chunk: { type: 'string' },
    profile: { type: 'boolean', default: false },
    torch: { type: 'string' },
  },
});
const [depth, batch, repeats] = [values.depth, values.batch, values.repeats].map(Number);
const library = await linearAlgebra({ threads: 1 });
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
const evaluation = { mode: 'evaluation', statistics: new Float64Array(statisticsCount(network)).fill(1) };
const sums = convolutionalSums(network, images, library, {
  normalisation: values.chunk ? evaluation : { mode: 'training', batch },
  precision: values.precision,
  ...(values.chunk ? { chunk: Number(values.chunk) } : {}),
});
const weights = initialConvolutionalWeights(network, random);
const vector = random.stream('vector').normals(weights.length);
const sum = new Float64Array(weights.length);

const product = () => {
  const start = process.cpuUsage();
  sums.addProduct(values.kind, weights, vector, 0, batch, sum);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
};
const torch = (threads) =>
  JSON.parse(
    execFileSync(values.torch, [
      new URL('torch_products.py', import.meta.url).pathname,
      ...[depth, batch, threads, 1, values.precision].map(String),
    ]),
  ).imagesPerSecond;

product();
const best = { 'here, 1 thread': 0, 'PyTorch, 1 thread': 0 };
const better = (name, rate) => {
  best[name] = Math.max(best[name], rate);
};
for (let i = 0; i < repeats; i++) {
  better('here, 1 thread', batch / Math.min(product(), product()));
  if (values.torch) {
    better('PyTorch, 1 thread', torch(1));
  }
}
console.log(
  `${network.name}, ${values.kind} v, ${values.precision}, batches of ${batch}: images a second of processor time`,
);
for (const [name, rate] of Object.entries(best)) if (rate > 0) console.log(`  ${name}: ${rate.toFixed(1)}`);

if (values.profile) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  for (let i = 0; i < repeats; i++) product();
  const { profile } = await session.post('Profiler.stop');
  const self = new Map();
  for (const { id, callFrame } of profile.nodes) {
    self.set(id, `${callFrame.functionName} ${callFrame.url.split('/').pop()}`);
  }
  const times = new Map();
  profile.samples.forEach((id, i) => {
    const name = self.get(id);
    times.set(name, (times.get(name) ?? 0) + profile.timeDeltas[i]);
  });
  const total = [...times.values()].reduce((a, b) => a + b, 0);
  for (const [name, time] of [...times].sort((a, b) => b[1] - a[1]).slice(0, 22)) {
    console.log(`  ${((100 * time) / total).toFixed(1).padStart(5)} %  ${name}`);
  }
}
