import type { DenseNetwork } from '@hessian-rmt/models';
import { layerShapes } from '@hessian-rmt/models';
import { hasShift } from './contrasts.js';
import type { LayerSamples } from './layer-samples.js';

/** Eigenvalues that are zero whatever the weights' values: each counted once, under the first cause that holds. */
export interface StructuralZeros {
  readonly total: number;
  /** Softmax: adding the same weights to every class, one direction for each column of the last layer. */
  readonly shift: number;
  /** First-layer weights orthogonal to all inputs (bias included), of every unit or contrast between classes. */
  readonly inputSpan: number;
  /** Weights from and to hidden units whose slope is zero on every sample. */
  readonly deadUnits: number;
  /** What is left: inputs and gradients of the few samples on which a unit is active do not span its weights. */
  readonly fewSamples: number;
}

/**
 * @param inputRank  of the inputs, bias included
 * @param kept  size of the deflated matrix
 */
export function structuralZeros(
  network: DenseNetwork,
  layers: readonly Pick<LayerSamples, 'units' | 'columns'>[],
  inputRank: number,
  kept: number,
): StructuralZeros {
  const shapes = layerShapes(network);
  const last = shapes.length - 1;
  const shift = hasShift(network) ? shapes[last].columns : 0;
  const unitsAt = (l: number) => shapes[l].rows - (l === last && hasShift(network) ? 1 : 0);
  const inputSpan = unitsAt(0) * (shapes[0].columns - inputRank);
  let live = 0;
  let all = 0;
  shapes.forEach(({ columns }, l) => {
    all += unitsAt(l) * (l === 0 ? inputRank : columns);
    live += layers[l].units.length * layers[l].columns.length;
  });
  const total = shapes.reduce((sum, { rows, columns }) => sum + rows * columns, 0) - kept;
  return { total, shift, inputSpan, deadUnits: all - live, fewSamples: live - kept };
}
