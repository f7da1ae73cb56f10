import type { RealArray } from '@hessian-rmt/numerics';
import { type Grid, gridOf } from '../grid.js';
import type { Pooling } from '../network.js';
import type { Deltas, Signal } from '../signal.js';
import type { Step, Workspace } from './step.js';

/** The largest of each window, the first of equal ones: a choice of inputs, through which all derivatives pass. NaN wins. */
export class MaxPoolingStep<T extends RealArray> implements Step<T> {
  /** Where in the input the largest lies, for every channel of every output pixel, in the order of `chosen`. */
  private readonly chosen: Int32Array;
  private readonly from: Grid;
  private readonly to: Grid;

  constructor(
    private readonly layer: Pooling,
    readonly input: Signal<T>,
    readonly output: Signal<T>,
    private readonly workspace: Workspace<T>,
  ) {
    this.from = gridOf(input.shape);
    this.to = gridOf(output.shape);
    this.chosen = new Int32Array(workspace.capacity * this.to.height * this.to.rowLength);
  }

  forward(): void {
    const { layer, input, from, to, chosen, workspace } = this;
    const { size, stride } = layer;
    const x = input.values;
    let next = 0;
    for (let n = 0; n < workspace.images; n++) {
      for (let oy = 0; oy < to.height; oy++) {
        for (let ox = 0; ox < to.width; ox++) {
          const window = from.origin + n * from.imageStride + stride * (oy * from.rowStride + ox * from.channels);
          for (let c = 0; c < to.channels; c++) {
            let best = window + c;
            for (let ky = 0; ky < size; ky++) {
              for (let kx = 0; kx < size; kx++) {
                const at = window + ky * from.rowStride + kx * from.channels + c;
                if (x[at] > x[best] || Number.isNaN(x[at])) best = at;
              }
            }
            chosen[next++] = best;
          }
        }
      }
    }
    this.pick(x, this.output.values);
  }

  tangent(): void {
    this.pick(this.input.tangents, this.output.tangents);
  }

  backward(deltas: Deltas<T>): Deltas<T> | undefined {
    const { input, workspace } = this;
    if (input.constant) return undefined;
    const back = workspace.pool.takeLike(deltas, input.shape);
    this.putBack(deltas.values, back.values);
    if (back.tangents) this.putBack(deltas.tangents!, back.tangents);
    return back;
  }

  private pick(from: T, to: T): void {
    const { chosen } = this;
    const { height, rowLength, rowStride, imageStride, origin } = this.to;
    let next = 0;
    for (let n = 0; n < this.workspace.images; n++) {
      for (let y = 0; y < height; y++) {
        const row = origin + n * imageStride + y * rowStride;
        for (let i = row; i < row + rowLength; i++) to[i] = from[chosen[next++]];
      }
    }
  }

  private putBack(from: T, to: T): void {
    const { chosen } = this;
    const { height, rowLength, rowStride, imageStride, origin } = this.to;
    to.fill(0);
    let next = 0;
    for (let n = 0; n < this.workspace.images; n++) {
      for (let y = 0; y < height; y++) {
        const row = origin + n * imageStride + y * rowStride;
        for (let i = row; i < row + rowLength; i++) to[chosen[next++]] += from[i];
      }
    }
  }
}
