import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { preResNet } from '../../src/architectures/pre-resnet.js';
import { convolutionalParameterCount, statisticsCount } from '../../src/convolutional/layout.js';
import type { SampleSource } from '../../src/samples.js';
import type { TensorBackend } from '../../src/tensorflow/backend.js';
import { heapNeed, peakBytes, requireFit, samplesThatFit } from '../../src/tensorflow/heap.js';
import { tensorSums } from '../../src/tensorflow/tensor-sums.js';
import { onEveryBackend } from './support/backends.js';
import { float32Rounding, relativeError } from './support/compare.js';

const input = { height: 8, width: 8, channels: 3 };
const network = preResNet(8, { input, classes: 4, widths: [2, 3, 4] });
const dimension = 8 * 8 * 3;

/** As many random images as one asks for, made when they are asked for. */
function imagesWithoutEnd(count: number): SampleSource {
  const like = { name: 'normals', dimension, classes: 4, checksum: '', image: input };
  const image = (n: number) => randomStream(7, `image ${n}`).normals(dimension);
  return {
    name: 'normals',
    count,
    like,
    range(from, to) {
      const inputs = new Float64Array((to - from) * dimension);
      for (let n = from; n < to; n++) inputs.set(image(n), (n - from) * dimension);
      return {
        ...like,
        count: to - from,
        inputs,
        labels: Uint8Array.from({ length: to - from }, (_, i) => (from + i) % 4),
      };
    },
  };
}

const random = randomStream(8, 'heap');
const trainingSums = (backend: TensorBackend, batch: number) =>
  tensorSums(backend, network, imagesWithoutEnd(batch), { normalisation: { mode: 'training', batch } });

onEveryBackend((backend, name) => {
  it.each(['hessian', 'gauss-newton'] as const)(
    'one sample and two tell what the %s product of a mini-batch of 8 needs, to a hundredth',
    (kind) => {
      const product = (samples: number) => {
        const sums = trainingSums(backend(), samples);
        const weights = random.normals(sums.parameters);
        sums.addProduct(kind, weights, weights, 0, samples, new Float64Array(weights.length));
      };
      const { tf } = backend();
      const need = heapNeed(tf, product);
      const measured = peakBytes(tf, () => product(8));
      expect(Math.abs((need.fixed + 8 * need.perSample) / measured - 1)).toBeLessThan(0.01);
    },
  );

  it('memory that several tensors share counts once', () => {
    const { tf } = backend();
    const bytes = peakBytes(tf, () => {
      const x = tf.ones([1000]);
      const copies = [tf.clone(x), tf.reshape(x, [10, 100]), tf.cast(x, 'float32')];
      tf.dispose([x, ...copies]);
    });
    expect(bytes).toBe(4000);
  });

  it('a tensor whose copy is disposed of keeps its values', async () => {
    const { tf } = backend();
    const x = tf.tensor1d([1, 2, 3]);
    const [copy, same] = [tf.clone(x), tf.cast(x, 'float32')];
    x.dispose();
    same.dispose();
    tf.tensor1d([7, 8, 9]);
    expect([...(await copy.data())]).toEqual([1, 2, 3]);
    expect([...(await tf.cast(copy, 'int32').data())]).toEqual([1, 2, 3]);
  });

  describe.skipIf(name !== 'wasm')('where the heap is finite', () => {
    const need = { fixed: 2 ** 28, perSample: 2 ** 27 };
    const whole = 0.8 * 2 ** 32;

    it('as many samples fit as the rest of the heap holds', () => {
      const taken = backend().tf.memory().numBytes;
      expect(samplesThatFit(backend(), 'this', need, 1000)).toBe(Math.floor((whole - taken - 2 ** 28) / 2 ** 27));
      expect(samplesThatFit(backend(), 'this', need, 3)).toBe(3);
      expect(() => requireFit(backend(), 'this', need, 3)).not.toThrow();
    });

    it('what does not fit is refused with what it needs', () => {
      const message =
        /^this of 1000 samples at once needs 128,256 MiB of the wasm heap, of which 3,27\d MiB can be used/;
      expect(() => requireFit(backend(), 'this', need, 1000)).toThrow(message);
      expect(() => requireFit(backend(), 'this', need, 1000)).toThrow(RangeError);
      expect(() => samplesThatFit(backend(), 'this', { fixed: 2 ** 33, perSample: 1 }, 5)).toThrow('this of 1 samples');
    });

    it('a mini-batch that would overflow it is refused before it is tried, and the backend lives on', () => {
      const sums = trainingSums(backend(), 1e6);
      const weights = random.normals(sums.parameters);
      const product = () => sums.addProduct('hessian', weights, weights, 0, 1e6, new Float64Array(weights.length));
      expect(product).toThrow(/^tensorSums: hessian product of PreResNet-8 .* of 1000000 samples at once needs/);
      expect(backend().tf.ones([2]).dataSync()[0]).toBe(1);
    });

    it('in evaluation mode a chunk that would overflow it is taken in parts, with the same result', () => {
      const { tf } = backend();
      const normalisation = {
        mode: 'evaluation',
        statistics: new Float64Array(statisticsCount(network)).fill(1),
      } as const;
      const images = imagesWithoutEnd(5);
      const weights = random.normals(convolutionalParameterCount(network), 0.3);
      const product = (on: TensorBackend, samples: number, taken: string[] = []) => {
        const range = (from: number, to: number) => {
          taken.push(`${from}..${to}`);
          return images.range(from, to);
        };
        const sums = tensorSums(on, network, { ...images, range }, { normalisation, chunk: 5 });
        const result = new Float64Array(weights.length);
        sums.addProduct('hessian', weights, weights, 0, samples, result);
        return result;
      };
      const { fixed, perSample } = heapNeed(tf, (samples) => product(backend(), samples));

      // The same backend, but others have taken all of its heap but what two samples need.
      const memory = () => ({ ...tf.memory(), numBytes: whole - fixed - 2.5 * perSample });
      const crowded = { ...backend(), tf: Object.create(tf, { memory: { value: memory } }) } as TensorBackend;
      const taken: string[] = [];
      const inParts = product(crowded, 5, taken);
      expect(taken.slice(-3)).toEqual(['0..2', '2..4', '4..5']);
      const expected = product(backend(), 5);
      const scale = Math.max(...expected.map(Math.abs));
      expect(
        relativeError(
          inParts.map((x) => x / scale),
          expected.map((x) => x / scale),
        ),
      ).toBeLessThan(100 * float32Rounding);
    });
  });
});
