import { DenseBatch, layerShapes } from '@hessian-rmt/models';
import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { sharedArray } from '../exact/scratch.js';
import { hasShift, toContrasts } from './contrasts.js';
import type { ReducedProblem } from './reduced-problem.js';

/**
 * What all samples do in one layer, for the weights that can have curvature: those between live units and live inputs.
 * A hidden unit is live when its slope is not zero on some sample (ReLU: active on it); of the last layer of softmax
 * the units are the contrasts between classes (contrasts.ts), and all of them live.
 */
export interface LayerSamples {
  readonly count: number;
  /** Positions of the live units (or contrasts) among the layer's rows. */
  readonly units: readonly number[];
  /** Positions of the live inputs among the layer's columns: the bias is one, a unit that is dead is not. */
  readonly columns: readonly number[];
  /** count x columns: the live inputs of each sample, with the 1 of the bias. */
  readonly inputs: Float64Array;
  /** count x units: whether the unit's slope is not zero. */
  readonly active: Uint8Array;
  /** count x units: delta = dloss / dz, up to a factor. */
  readonly deltas: Float64Array;
  /** count x columns: whether the input moves with the layers before, as that of the data and the bias never do. */
  readonly moving: Uint8Array;
}

/** What the last layer does with the last hidden one. */
export interface Outputs {
  /** Number of contrasts between classes; all outputs where the loss has no shift. */
  readonly contrasts: number;
  /** contrasts x live units of the last hidden layer. */
  readonly weights: Float64Array;
  /** count x contrasts. */
  readonly deltas: Float64Array;
}

/** Samples at a time (our choice): the passes are a small part of the time. */
const mostSamples = 1024;

/** The layers' samples, from the passes of the reduced problem at its weights. */
export function layerSamples(problem: ReducedProblem, linearAlgebra: LinearAlgebra): LayerSamples[] {
  const { network, weights, data } = problem;
  const { count } = data;
  const batch = new DenseBatch(network, linearAlgebra, Math.min(count, mostSamples));
  const { shapes } = batch;
  const last = shapes.length - 1;
  const inputs = shapes.map(({ columns }, l) => (l === 0 ? data.inputs : sharedArray(count * columns)));
  const deltas = shapes.map(({ rows }) => new Float64Array(count * rows));
  const slopes = shapes.map(({ rows }, l) => new Float64Array(l === last ? 0 : count * rows));
  for (let first = 0; first < count; first += batch.capacity) {
    batch.loadRange(data, first, Math.min(first + batch.capacity, count));
    batch.forward(weights);
    batch.outputGradient(1);
    for (let l = last; l >= 0; l--) {
      const { rows, columns } = shapes[l];
      if (l < last) {
        batch.backThroughWeights(l + 1, weights, batch.deltas[l + 1], batch.deltas[l], 0);
        batch.timesActivationDerivative(l, batch.deltas[l], rows);
        const slope = slopes[l].subarray(first * rows, (first + batch.count) * rows).fill(1);
        batch.timesActivationDerivative(l, slope, rows);
      }
      deltas[l].set(batch.deltas[l].subarray(0, batch.count * rows), first * rows);
      if (l > 0) inputs[l].set(batch.activations[l].subarray(0, batch.count * columns), first * columns);
    }
  }

  const contrasts = hasShift(network);
  const all = (length: number) => Array.from({ length }, (_, i) => i);
  const live = slopes.map((slope, l) => {
    const ever = new Uint8Array(shapes[l].rows);
    for (let at = 0; at < slope.length; at++) if (slope[at] !== 0) ever[at % ever.length] = 1;
    return all(ever.length).filter((k) => ever[k] === 1);
  });
  return shapes.map(({ rows, columns }, l) => {
    const units = l < last ? live[l] : all(rows).slice(contrasts ? 1 : 0);
    const liveColumns = l === 0 ? all(data.dimension) : [...live[l - 1], ...(network.bias ? [columns - 1] : [])];
    const stride = l === 0 ? data.dimension : columns;
    if (l === last && contrasts) for (let n = 0; n < count; n++) toContrasts(deltas[l], n * rows, rows, 1);
    const ofUnits = l < last ? picked(slopes[l], count, rows, units) : new Float64Array(count * units.length).fill(1);
    const ofInputs = new Float64Array(count * liveColumns.length);
    if (l > 0) {
      const below = picked(slopes[l - 1], count, shapes[l - 1].rows, live[l - 1]);
      const hidden = live[l - 1].length;
      for (let n = 0; n < count; n++) {
        ofInputs.set(below.subarray(n * hidden, (n + 1) * hidden), n * liveColumns.length);
      }
    }
    return {
      count,
      units,
      columns: liveColumns,
      inputs: picked(inputs[l], count, stride, liveColumns),
      active: Uint8Array.from(ofUnits, notZero),
      deltas: picked(deltas[l], count, rows, units),
      moving: Uint8Array.from(ofInputs, notZero),
    };
  });
}

/** The last layer of these, as the last hidden one sees it; undefined where the only layer is the last. */
export function outputsOf({ network, weights }: ReducedProblem, layers: readonly LayerSamples[]): Outputs | undefined {
  const last = layers.length - 1;
  if (last === 0) return undefined;
  const { rows, columns, offset } = layerShapes(network)[last];
  const matrix = weights.slice(offset, offset + rows * columns);
  if (hasShift(network)) for (let q = 0; q < columns; q++) toContrasts(matrix, q, rows, columns);
  const { units, deltas } = layers[last];
  const below = layers[last - 1].units;
  const ofLive = picked(matrix, rows, columns, below);
  const first = (rows - units.length) * below.length;
  return { contrasts: units.length, weights: ofLive.subarray(first), deltas };
}

const notZero = (value: number): number => (value === 0 ? 0 : 1);

/** These columns of a matrix with `count` rows; the matrix itself if that is all of them. */
function picked(matrix: Float64Array, count: number, stride: number, columns: readonly number[]): Float64Array {
  const width = columns.length;
  if (width === stride) return matrix;
  const result = new Float64Array(count * width);
  for (let n = 0; n < count; n++)
    for (let j = 0; j < width; j++) result[n * width + j] = matrix[n * stride + columns[j]];
  return result;
}
