// Hessian-vector products over a pool of worker threads: how much two are faster than one, and what a pool costs beside
// the same sums on the calling thread. Ways are interleaved; the best time of each counts. Run on a quiet machine with
// two cores or more, after `npm run build`: node packages/curvature/bench/sharded.js

import { shardedProducts } from '@hessian-rmt/curvature';
import {
  convolutionalSums,
  denseSums,
  initialConvolutionalWeights,
  initialWeights,
  mlp,
  objectiveOf,
  preResNet,
} from '@hessian-rmt/models';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';

const repetitions = 5;
const random = randomStream(0, 'bench');
const la = await linearAlgebra({ threads: 1 });
console.log(`${la.library.description}, one thread each; best of ${repetitions}`);

const preResNet8 = preResNet(8, { widths: [16, 32, 64], classes: 10, input: { height: 32, width: 32, channels: 3 } });
const images = randomSamples(512, preResNet8.input, 10);
const normalisation = { mode: 'training', batch: 32 };
for (const precision of ['float32', 'float64']) {
  await compare(`PreResNet-8, ${precision}, mini-batches of 32`, {
    problem: { network: preResNet8, data: images, normalisation, engine: { kind: 'native', precision } },
    weights: initialConvolutionalWeights(preResNet8, random.stream('weights')),
    sums: convolutionalSums(preResNet8, images, la, { normalisation, precision }),
  });
}

const dense = mlp([784, 100, 10], { activation: 'tanh' });
const digits = randomSamples(10_000, { height: 28, width: 28, channels: 1 }, 10);
await compare('784-100-10, tanh, float64', {
  problem: { network: dense, data: digits },
  weights: initialWeights(dense, random.stream('weights')),
  sums: denseSums(dense, digits, la),
});

await reportCoordination();

async function compare(title, { problem, weights, sums }) {
  const { count } = problem.data;
  const pools = [];
  for (const workers of [1, 2]) pools.push(await shardedProducts(problem, { workers }));
  const vector = random.stream('vector').normals(weights.length);
  const objective = objectiveOf(sums);
  const ways = [
    () => objective.hessianVectorProduct(weights, vector),
    ...pools.map((pool) => () => pool.operator('hessian', weights).matvec(vector)),
  ];
  const [direct, one, two] = await bestTimes(ways);
  for (const pool of pools) await pool.close();
  console.log(`\n${title}: P = ${weights.length}, ${count} samples, ${pools[0].shards.length} shards`);
  for (const [who, time] of Object.entries({ 'calling thread': direct, 'one worker': one, 'two workers': two })) {
    console.log(`  ${who.padEnd(14)} ${rate(count, time.seconds)}, ${time.processor.toFixed(3)} processor-seconds`);
  }
  const speedup = one.seconds / two.seconds;
  const overhead = one.seconds / direct.seconds - 1;
  console.log(`  two workers ${speedup.toFixed(2)} times one; a pool of one takes ${percent(overhead)} more`);
}

/** A network that is next to nothing, so that what is left is the orders, the answers and the sums. */
async function reportCoordination() {
  for (const inputs of [1, 9_999]) {
    const network = mlp([inputs, 10], { activation: 'identity' });
    const data = randomSamples(256, { height: 1, width: inputs, channels: 1 }, 10);
    const weights = initialWeights(network, random.stream('weights'));
    const pool = await shardedProducts({ network, data }, { workers: 1, shard: 1 });
    const operator = pool.operator('hessian', weights);
    const objective = objectiveOf(denseSums(network, data, la, { chunk: 1 }));
    const [direct, one] = await bestTimes([
      () => objective.hessianVectorProduct(weights, weights),
      () => operator.matvec(weights),
    ]);
    const microseconds = (1e6 * (one.seconds - direct.seconds)) / pool.shards.length;
    console.log(`\ncoordination, P = ${weights.length}: ${microseconds.toFixed(0)} microseconds a shard`);
    await pool.close();
  }
}

/** Processor time is that of all threads: on a machine where others work it says more than the clock. */
async function bestTimes(ways) {
  const best = ways.map(() => ({ seconds: Number.POSITIVE_INFINITY, processor: Number.POSITIVE_INFINITY }));
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const [i, way] of ways.entries()) {
      const usage = process.cpuUsage();
      const start = performance.now();
      await way();
      const seconds = (performance.now() - start) / 1000;
      const { user, system } = process.cpuUsage(usage);
      const { seconds: fewest, processor } = best[i];
      best[i] = { seconds: Math.min(fewest, seconds), processor: Math.min(processor, (user + system) / 1e6) };
    }
  }
  return best;
}

function randomSamples(count, image, classes) {
  const dimension = image.height * image.width * image.channels;
  const stream = random.stream('samples');
  const inputs = stream.normals(count * dimension);
  const labels = Uint8Array.from({ length: count }, () => stream.integer(classes));
  return { name: 'random', count, dimension, classes, inputs, labels, checksum: '', image };
}

function rate(count, seconds) {
  return `${(count / seconds).toFixed(0)} samples/s`;
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
