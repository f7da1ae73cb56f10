import type { LinearAlgebra, RandomStream, RealArray } from '@hessian-rmt/numerics';
import { type Dataset, select } from '../dataset.js';
import { correctOf } from '../dense/correct.js';
import { alongOwnGradients, checkFit, outputLosses } from '../dense/output-loss.js';
import type { Weights } from '../network.js';
import type { CurvatureKind } from '../sample-sums.js';
import { channelKernels } from './channel-maps.js';
import { graphOf } from './graph.js';
import { convolutionalParameterCount, inOrder, placedLayers, shapeName, statisticsCount } from './layout.js';
import type { ConvolutionalNetwork } from './network.js';
import { fromPlanes, type Precision, toPlanes, zeros } from './planes.js';
import { DeltaPool } from './signal.js';
import type { Sequence } from './steps/sequence.js';
import type { Workspace } from './steps/step.js';

/**
 * How a pass is run: with fixed statistics of batch normalisation, or with those of the batch, and then with dropout if
 * there is a stream to draw its masks from.
 */
export type PassMode =
  | { readonly mode: 'evaluation'; readonly statistics: Float64Array }
  | { readonly mode: 'training'; readonly dropout?: RandomStream };

export interface LossSum {
  /** Summed over the samples. */
  readonly loss: number;
  /** Samples whose largest output is that of their class, the first of equal ones; NaN for regression. */
  readonly correct: number;
}

export interface ConvolutionalBatchOptions {
  /** What activations and their derivatives are stored and convolved in; losses are float64 always. Default float64. */
  readonly precision?: Precision;
}

/** Means and variances of the last pass in training mode. */
export interface BatchStatistics {
  /** In the layout of `statisticsBlocks`; variances divided by the number of pixels. */
  readonly statistics: Float64Array;
  /** Of each of `statisticsBlocks`, the number of pixels that its statistics are taken over: images x height x width. */
  readonly pixels: readonly number[];
}

/**
 * Passes of up to `capacity` samples at once through a convolutional network, in buffers that are used again and again:
 * the loss, its gradient, and products with its second-order matrices by the R-operator (Pearlmutter 1994), layer by
 * layer and without automatic differentiation. Everything is a SUM over the loaded samples.
 *
 * Methods throw RangeError when a vector does not have the length that the network has.
 */
export class ConvolutionalBatch {
  readonly parameters: number;
  /** Samples loaded. */
  count = 0;

  private readonly workspace: Workspace<RealArray>;
  private readonly graph: Sequence<RealArray>;
  /** Height times width of the input of each of `statisticsBlocks`. */
  private readonly pixelsOfImage: readonly number[];
  private labels: Uint8Array = new Uint8Array(0);
  private targets: Float64Array = new Float64Array(0);

  /** @throws RangeError for layers that do not fit together (`placedLayers`) or a capacity that is not a positive integer */
  constructor(
    readonly network: ConvolutionalNetwork,
    linearAlgebra: LinearAlgebra,
    readonly capacity: number,
    { precision = 'float64' }: ConvolutionalBatchOptions = {},
  ) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new RangeError(`${network.name}: capacity must be a positive integer, found ${capacity}`);
    }
    const layers = placedLayers(network);
    this.parameters = convolutionalParameterCount(network);
    const parameterVector = () => zeros<RealArray>(precision, this.parameters);
    const kernels = channelKernels(precision);
    const allocate = (length: number) => kernels?.allocate(length) ?? zeros<RealArray>(precision, length);
    this.workspace = {
      linearAlgebra,
      precision,
      capacity,
      allocate,
      pool: new DeltaPool(capacity, allocate),
      kernels,
      weights: parameterVector(),
      vector: parameterVector(),
      result: parameterVector(),
      statistics: new Float64Array(statisticsCount(network)),
      images: 0,
      training: false,
      dropout: undefined,
    };
    this.graph = graphOf(layers, network.input, this.workspace);
    this.pixelsOfImage = inOrder(layers).flatMap(({ statistics, input }) =>
      statistics ? [input.height * input.width] : [],
    );
  }

  /**
   * Loads all samples of the data, or those of these indices.
   *
   * @throws RangeError when there are more than `capacity`, or when inputs, classes or targets do not fit the network
   */
  load(data: Dataset, indices?: ArrayLike<number>): void {
    const { network, workspace, graph } = this;
    const samples = indices ? select(data, indices) : data;
    if (samples.count > this.capacity) {
      throw new RangeError(`${data.name}: expected at most ${this.capacity} samples at once, found ${samples.count}`);
    }
    checkConvolutionalFit(network, samples);
    this.count = samples.count;
    workspace.images = samples.count;
    toPlanes(graph.input.shape, samples.inputs, samples.count, graph.input.values);
    this.labels = samples.labels;
    this.targets = samples.targets ?? this.targets;
  }

  /** The outputs (logits), count x classes, in a fresh array. */
  outputs(weights: Weights, mode: PassMode): Float64Array {
    this.forward(weights, mode);
    return this.outputValues();
  }

  loss(weights: Weights, mode: PassMode): LossSum {
    const z = this.outputs(weights, mode);
    return this.lossOf(z, new Float64Array(z.length));
  }

  /** The loss; writes its gradient (beta = 0) or adds it (beta = 1). */
  gradient(weights: Weights, gradient: Float64Array, mode: PassMode, beta: 0 | 1 = 0): LossSum {
    this.check('gradient', gradient, this.parameters);
    const z = this.outputs(weights, mode);
    const delta = new Float64Array(z.length);
    const sum = this.lossOf(z, delta);
    this.backward(delta);
    this.hand(gradient, beta);
    return sum;
  }

  /** Writes the product of a second-order matrix of the loss with the vector (beta = 0) or adds it (beta = 1). */
  product(
    kind: CurvatureKind,
    weights: Weights,
    vector: Float64Array,
    product: Float64Array,
    mode: PassMode,
    beta: 0 | 1 = 0,
  ): void {
    this.check('vector', vector, this.parameters);
    this.check('product', product, this.parameters);
    const { workspace, graph, count, network } = this;
    const z = this.outputs(weights, mode);
    workspace.vector.set(vector);
    graph.tangent();
    const tangents = fromPlanes(graph.output.shape, graph.output.tangents, count);
    const delta = new Float64Array(z.length);
    if (kind === 'empirical-fisher') {
      this.lossOf(z, delta);
      alongOwnGradients(delta, tangents, count, network.classes, 1);
      this.backward(delta);
    } else {
      const deltaTangents = new Float64Array(z.length);
      outputLosses[network.loss].hessianProduct(z, tangents, count, network.classes, 1, deltaTangents);
      if (kind === 'gauss-newton') this.backward(deltaTangents);
      else {
        this.lossOf(z, delta);
        this.backward(delta, deltaTangents);
      }
    }
    this.hand(product, beta);
  }

  /** Of the last pass in training mode. @throws Error when the last pass was not in that mode */
  batchStatistics(): BatchStatistics {
    const { workspace, pixelsOfImage } = this;
    if (!workspace.training)
      throw new Error(`${this.network.name}: no batch has been run in training mode just before`);
    return {
      statistics: workspace.statistics.slice(),
      pixels: pixelsOfImage.map((pixels) => pixels * workspace.images),
    };
  }

  private forward(weights: Weights, mode: PassMode): void {
    const { workspace, graph } = this;
    this.check('weights', weights, this.parameters);
    workspace.weights.set(weights);
    workspace.training = mode.mode === 'training';
    if (mode.mode === 'evaluation') {
      this.check('statistics', mode.statistics, workspace.statistics.length);
      workspace.statistics.set(mode.statistics);
    }
    workspace.dropout = mode.mode === 'training' ? mode.dropout : undefined;
    graph.forward();
  }

  private outputValues(): Float64Array {
    const { shape, values } = this.graph.output;
    return fromPlanes(shape, values, this.count);
  }

  /** The loss of outputs z; writes dl/dz. */
  private lossOf(z: Float64Array, delta: Float64Array): LossSum {
    const { network, labels, targets, count } = this;
    const loss = outputLosses[network.loss].gradient(z, { labels, targets }, count, network.classes, 1, delta);
    return { loss, correct: correctOf(z, network.classes, labels, count) };
  }

  /** From deltas of the outputs to the workspace's result. */
  private backward(values: Float64Array, tangents?: Float64Array): void {
    const { graph, workspace, count } = this;
    const { shape } = graph.output;
    const toDelta = (rows: Float64Array) => {
      const delta = workspace.pool.take(shape);
      toPlanes(shape, rows, count, delta);
      return delta;
    };
    const deltas = tangents ? { values: toDelta(values), tangents: toDelta(tangents) } : { values: toDelta(values) };
    const back = graph.backward(deltas);
    if (back && back !== deltas) workspace.pool.give(back, graph.input.shape);
    workspace.pool.give(deltas, shape);
  }

  private hand(vector: Float64Array, beta: 0 | 1): void {
    const { result } = this.workspace;
    if (beta === 0) vector.set(result);
    else for (let i = 0; i < vector.length; i++) vector[i] += result[i];
  }

  private check(name: string, vector: Float64Array, length: number): void {
    if (vector.length === length) return;
    throw new RangeError(`${this.network.name}: expected ${name} of ${length} numbers, found ${vector.length}`);
  }
}

/** @throws RangeError naming what of the data does not fit the network's inputs, outputs or loss */
export function checkConvolutionalFit({ input, classes, loss }: ConvolutionalNetwork, data: Dataset): void {
  checkFit({ widths: [input.height * input.width * input.channels, classes], loss }, data);
  const { image } = data;
  if (image && (image.height !== input.height || image.width !== input.width || image.channels !== input.channels)) {
    throw new RangeError(`${data.name}: expected images of ${shapeName(input)}, found ${shapeName(image)}`);
  }
}
