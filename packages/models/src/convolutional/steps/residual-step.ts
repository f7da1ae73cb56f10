import type { RealArray } from '@hessian-rmt/numerics';
import type { ChannelMaps } from '../channel-call.js';
import { channelMaps } from '../channel-maps.js';
import type { Deltas, Signal } from '../signal.js';
import type { Sequence } from './sequence.js';
import type { Step, Workspace } from './step.js';

/** branch(x) + shortcut(x): tangents add up going forward, deltas going back. */
export class ResidualStep<T extends RealArray> implements Step<T> {
  readonly input: Signal<T>;
  private readonly forwards: ChannelMaps<T>;
  private readonly backwards: ChannelMaps<T>;

  constructor(
    private readonly branch: Sequence<T>,
    private readonly shortcut: Sequence<T>,
    readonly output: Signal<T>,
    private readonly workspace: Workspace<T>,
  ) {
    this.input = branch.input;
    this.forwards = channelMaps(output.shape, workspace.kernels);
    this.backwards = channelMaps(this.input.shape, workspace.kernels);
  }

  forward(): void {
    const { branch, shortcut, output } = this;
    branch.forward();
    shortcut.forward();
    const streams = [branch.output.values, shortcut.output.values];
    this.forwards.add({ streams, results: [output.values], images: this.workspace.images });
  }

  tangent(): void {
    const { branch, shortcut, output } = this;
    branch.tangent();
    shortcut.tangent();
    const streams = [branch.output.tangents, shortcut.output.tangents];
    this.forwards.add({ streams, results: [output.tangents], images: this.workspace.images });
  }

  backward(deltas: Deltas<T>): Deltas<T> | undefined {
    const { input, branch, shortcut, backwards } = this;
    const { pool, images } = this.workspace;
    const ofBranch = branch.backward(deltas);
    const ofShortcut = shortcut.backward(deltas);
    if (!ofBranch || !ofShortcut) return undefined;
    const back = pool.takeLike(deltas, input.shape);
    backwards.add({ streams: [ofBranch.values, ofShortcut.values], results: [back.values], images });
    if (back.tangents) {
      backwards.add({ streams: [ofBranch.tangents!, ofShortcut.tangents!], results: [back.tangents], images });
    }
    // An empty sequence returns what it was given.
    for (const returned of [ofBranch, ofShortcut]) if (returned !== deltas) pool.give(returned, input.shape);
    return back;
  }
}
