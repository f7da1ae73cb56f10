import type { RealArray } from '@hessian-rmt/numerics';
import type { Deltas, Signal } from '../signal.js';
import type { Step, Workspace } from './step.js';

/** Layers one after the other; without any, the identity: output and input are then one signal. */
export class Sequence<T extends RealArray> implements Step<T> {
  readonly output: Signal<T>;

  constructor(
    private readonly steps: readonly Step<T>[],
    readonly input: Signal<T>,
    private readonly workspace: Workspace<T>,
  ) {
    this.output = steps.length === 0 ? input : steps[steps.length - 1].output;
  }

  forward(): void {
    for (const step of this.steps) step.forward();
  }

  tangent(): void {
    for (const step of this.steps) step.tangent();
  }

  /** An empty sequence returns the deltas that it is given. */
  backward(deltas: Deltas<T>): Deltas<T> | undefined {
    if (this.input.constant && this.steps.length === 0) return undefined;
    let current = deltas;
    for (let i = this.steps.length - 1; i >= 0; i--) {
      const { output } = this.steps[i];
      const back = this.steps[i].backward(current);
      if (current !== deltas) this.workspace.pool.give(current, output.shape);
      if (!back) return undefined;
      current = back;
    }
    return current;
  }
}
