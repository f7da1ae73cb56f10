import type { RealArray } from '@hessian-rmt/numerics';
import { planeLength } from '../planes.js';
import type { Deltas, Signal } from '../signal.js';
import type { Sequence } from './sequence.js';
import type { Step, Workspace } from './step.js';

/** branch(x) + shortcut(x): tangents add up going forward, deltas going back. */
export class ResidualStep<T extends RealArray> implements Step<T> {
  readonly input: Signal<T>;

  constructor(
    private readonly branch: Sequence<T>,
    private readonly shortcut: Sequence<T>,
    readonly output: Signal<T>,
    private readonly workspace: Workspace<T>,
  ) {
    this.input = branch.input;
  }

  forward(): void {
    const { branch, shortcut, output } = this;
    branch.forward();
    shortcut.forward();
    this.add(branch.output.values, shortcut.output.values, output.values, output);
  }

  tangent(): void {
    const { branch, shortcut, output } = this;
    branch.tangent();
    shortcut.tangent();
    this.add(branch.output.tangents, shortcut.output.tangents, output.tangents, output);
  }

  backward(deltas: Deltas<T>): Deltas<T> | undefined {
    const { input, branch, shortcut } = this;
    const { pool } = this.workspace;
    const ofBranch = branch.backward(deltas);
    const ofShortcut = shortcut.backward(deltas);
    if (!ofBranch || !ofShortcut) return undefined;
    const back = pool.takeLike(deltas, input.shape);
    this.add(ofBranch.values, ofShortcut.values, back.values, input);
    if (back.tangents) this.add(ofBranch.tangents!, ofShortcut.tangents!, back.tangents, input);
    // An empty sequence returns what it was given.
    for (const returned of [ofBranch, ofShortcut]) if (returned !== deltas) pool.give(returned, input.shape);
    return back;
  }

  private add(a: T, b: T, sum: T, { shape }: Signal<T>): void {
    const length = planeLength(shape, this.workspace.images);
    for (let i = 0; i < length; i++) sum[i] = a[i] + b[i];
  }
}
