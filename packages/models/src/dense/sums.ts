import type { LinearAlgebra } from '@hessian-rmt/numerics';
import type { Dataset } from '../dataset.js';
import { type DenseNetwork, parameterCount } from '../network.js';
import { checkRange } from '../sample-range.js';
import type { CurvatureKind, SampleSums } from '../sample-sums.js';
import { type SampleSource, samplesOf } from '../samples.js';
import { DenseBatch } from './batch.js';
import { correctOf } from './correct.js';
import type { DenseObjectiveOptions } from './objective.js';
import { checkFit } from './output-loss.js';
import { type DenseProduct, DenseTangent } from './tangent.js';

const products: Readonly<Record<CurvatureKind, DenseProduct>> = {
  hessian: 'hessianProduct',
  'gauss-newton': 'gaussNewtonProduct',
  'empirical-fisher': 'empiricalFisherProduct',
};

/**
 * Sums over samples of loss, gradient and second-order products of a dense network, in float64.
 *
 * @throws RangeError when the samples do not fit the network
 */
export function denseSums(
  network: DenseNetwork,
  samples: Dataset | SampleSource,
  linearAlgebra: LinearAlgebra,
  { chunk = 1024 }: DenseObjectiveOptions = {},
): SampleSums {
  if (!Number.isSafeInteger(chunk) || chunk < 1) {
    throw new RangeError(`denseSums: chunk must be a positive integer, found ${chunk}`);
  }
  const source = 'range' in samples ? samples : samplesOf(samples);
  if (!('range' in samples)) checkFit(network, samples);
  const { name, count } = source;
  const parameters = parameterCount(network);
  const outputs = network.widths[network.widths.length - 1];
  const batch = new DenseBatch(network, linearAlgebra, Math.min(chunk, count));
  let tangent: DenseTangent | undefined;

  let loaded: Dataset | undefined;
  let loadedRange = '';
  const forEachChunk = (from: number, to: number, visit: (data: Dataset, start: number) => void) => {
    checkRange(name, 1, count, from, to);
    for (let start = from; start < to; start += chunk) {
      const range = `${start}..${Math.min(start + chunk, to)}`;
      // A range that is one chunk stays loaded for the next product.
      if (!loaded || range !== loadedRange) {
        loaded = source.range(start, Math.min(start + chunk, to));
        if ('range' in samples) checkFit(network, loaded);
        batch.loadRange(loaded, 0, loaded.count);
        loadedRange = range;
      }
      visit(loaded, start);
    }
  };
  const check = (what: string, vector: Float64Array) => {
    if (vector.length !== parameters) {
      throw new RangeError(`${what}: expected ${parameters} parameters, found ${vector.length}`);
    }
  };
  const outputsOfBatch = () => batch.activations[batch.activations.length - 1].subarray(0, batch.count * outputs);

  return {
    parameters,
    outputs,
    count,
    granule: 1,
    identity: `${linearAlgebra.library.identity}, float64`,
    loss(weights, from, to) {
      check('weights', weights);
      let [loss, correct] = [0, 0];
      forEachChunk(from, to, ({ labels }) => {
        batch.forward(weights);
        loss += batch.outputGradient(1);
        correct += correctOf(outputsOfBatch(), outputs, labels, batch.count);
      });
      return { loss, correct };
    },
    addGradient(weights, from, to, sum) {
      check('weights', weights);
      check('sum', sum);
      let loss = 0;
      forEachChunk(from, to, () => {
        batch.forward(weights);
        loss += batch.outputGradient(1);
        batch.backward(weights, sum, 1);
      });
      return loss;
    },
    addProduct(kind, weights, vector, from, to, sum) {
      check('weights', weights);
      check('vector', vector);
      check('sum', sum);
      tangent ??= new DenseTangent(batch);
      forEachChunk(from, to, () => tangent![products[kind]](weights, vector, 1, sum, 1));
    },
    outputsOf(weights, from, to) {
      check('weights', weights);
      checkRange(name, 1, count, from, to);
      const all = new Float64Array((to - from) * outputs);
      forEachChunk(from, to, (_data, start) => {
        batch.forward(weights);
        all.set(outputsOfBatch(), (start - from) * outputs);
      });
      return all;
    },
    dispose() {},
  };
}
