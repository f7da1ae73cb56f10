import type { RealArray } from '@hessian-rmt/numerics';
import { gridOf } from '../grid.js';
import type { Dropout } from '../network.js';
import { zeros } from '../planes.js';
import type { Deltas, Signal } from '../signal.js';
import type { Step, Workspace } from './step.js';

/** Entries are zero with probability `rate`, else divided by 1 - rate; the identity when there is no random stream. */
export class DropoutStep<T extends RealArray> implements Step<T> {
  /** What each entry is multiplied by: 0 in margins. */
  private readonly mask: T;
  private active = false;

  constructor(
    private readonly layer: Dropout,
    readonly input: Signal<T>,
    readonly output: Signal<T>,
    private readonly workspace: Workspace<T>,
  ) {
    this.mask = zeros<T>(workspace.precision, input.values.length);
  }

  forward(): void {
    this.active = this.workspace.dropout !== undefined && this.layer.rate > 0;
    if (this.active) this.draw(this.workspace.dropout!);
    this.multiply(this.input.values, this.output.values);
  }

  tangent(): void {
    this.multiply(this.input.tangents, this.output.tangents);
  }

  backward(deltas: Deltas<T>): Deltas<T> | undefined {
    const { input, workspace } = this;
    if (input.constant) return undefined;
    const back = workspace.pool.takeLike(deltas, input.shape);
    this.multiply(deltas.values, back.values);
    if (back.tangents) this.multiply(deltas.tangents!, back.tangents);
    return back;
  }

  private draw(random: NonNullable<Workspace<T>['dropout']>): void {
    const { rate } = this.layer;
    const { height, rowLength, rowStride, imageStride, origin } = gridOf(this.input.shape);
    for (let n = 0; n < this.workspace.images; n++) {
      for (let y = 0; y < height; y++) {
        const row = origin + n * imageStride + y * rowStride;
        for (let i = row; i < row + rowLength; i++) this.mask[i] = random.uniform() < rate ? 0 : 1 / (1 - rate);
      }
    }
  }

  private multiply(from: T, to: T): void {
    const { mask } = this;
    if (!this.active) to.set(from);
    else for (let i = 0; i < mask.length; i++) to[i] = mask[i] * from[i];
  }
}
