import type { RealArray } from '@hessian-rmt/numerics';
import { gridOf } from '../grid.js';
import type { Pooling } from '../network.js';
import type { Deltas, Signal } from '../signal.js';
import type { Step, Workspace } from './step.js';

/** The mean over windows: a linear map, so tangents go the way of values. */
export class AveragePoolingStep<T extends RealArray> implements Step<T> {
  constructor(
    private readonly layer: Pooling,
    readonly input: Signal<T>,
    readonly output: Signal<T>,
    private readonly workspace: Workspace<T>,
  ) {}

  forward(): void {
    this.average(this.input.values, this.output.values);
  }

  tangent(): void {
    this.average(this.input.tangents, this.output.tangents);
  }

  backward(deltas: Deltas<T>): Deltas<T> | undefined {
    const { input, workspace } = this;
    if (input.constant) return undefined;
    const back = workspace.pool.takeLike(deltas, input.shape);
    this.spread(deltas.values, back.values);
    if (back.tangents) this.spread(deltas.tangents!, back.tangents);
    return back;
  }

  private average(from: T, to: T): void {
    const { channels } = this.input.shape;
    const share = 1 / this.layer.size ** 2;
    const sums = new Float64Array(channels);
    this.forEachWindow((output, firstRow, rowStride) => {
      const { size } = this.layer;
      sums.fill(0);
      for (let y = 0; y < size; y++) {
        let at = firstRow + y * rowStride;
        for (let x = 0; x < size; x++) for (let c = 0; c < channels; c++) sums[c] += from[at++];
      }
      for (let c = 0; c < channels; c++) to[output + c] = sums[c] * share;
    });
  }

  /** The adjoint of `average`. */
  private spread(from: T, to: T): void {
    const { channels } = this.input.shape;
    const share = 1 / this.layer.size ** 2;
    to.fill(0);
    this.forEachWindow((output, firstRow, rowStride) => {
      const { size } = this.layer;
      for (let y = 0; y < size; y++) {
        let at = firstRow + y * rowStride;
        for (let x = 0; x < size; x++) for (let c = 0; c < channels; c++) to[at++] += from[output + c] * share;
      }
    });
  }

  private forEachWindow(visit: (output: number, firstRow: number, rowStride: number) => void): void {
    const { layer, workspace } = this;
    const input = gridOf(this.input.shape);
    const output = gridOf(this.output.shape);
    for (let n = 0; n < workspace.images; n++) {
      for (let y = 0; y < output.height; y++) {
        for (let x = 0; x < output.width; x++) {
          visit(
            output.origin + n * output.imageStride + y * output.rowStride + x * output.channels,
            input.origin + n * input.imageStride + layer.stride * (y * input.rowStride + x * input.channels),
            input.rowStride,
          );
        }
      }
    }
  }
}
