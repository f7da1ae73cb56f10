import type { RealArray } from '@hessian-rmt/numerics';
import type { Nonlinearity } from '../network.js';
import { planeLength } from '../planes.js';
import type { Deltas, Signal } from '../signal.js';
import type { Step, Workspace } from './step.js';

// As in dense/activation.ts: derivatives are read off the outputs a = f(z); ReLU has derivative 0 at 0, its loops have no
// branch, and NaN stays NaN. Both functions are 0 at 0, so that the loops may run over margins.

interface Loops {
  value<T extends RealArray>(z: T, a: T, length: number): void;
  /** result := f'(z) v, for tangents and deltas. */
  derivative<T extends RealArray>(a: T, v: T, result: T, length: number): void;
  /** result := result + f''(z) R{z} e. Missing where f'' is 0. */
  curvature?<T extends RealArray>(a: T, tangents: T, e: T, result: T, length: number): void;
}

const loops: Readonly<Record<Nonlinearity['kind'], Loops>> = {
  relu: {
    value(z, a, length) {
      for (let i = 0; i < length; i++) a[i] = 0.5 * (z[i] + Math.abs(z[i]));
    },
    derivative(a, v, result, length) {
      for (let i = 0; i < length; i++) result[i] = v[i] * Number(a[i] > 0);
    },
  },
  tanh: {
    value(z, a, length) {
      for (let i = 0; i < length; i++) a[i] = Math.tanh(z[i]);
    },
    derivative(a, v, result, length) {
      for (let i = 0; i < length; i++) result[i] = v[i] * (1 - a[i] * a[i]);
    },
    // f'' R{z} = -2 a (1 - a^2) R{z} = -2 a R{a}
    curvature(a, tangents, e, result, length) {
      for (let i = 0; i < length; i++) result[i] -= 2 * a[i] * tangents[i] * e[i];
    },
  },
};

/** a = f(z): delta_z = f'(z) delta_a, R{delta_z} = f'(z) R{delta_a} + f''(z) R{z} delta_a. */
export class NonlinearityStep<T extends RealArray> implements Step<T> {
  private readonly loops: Loops;

  constructor(
    kind: Nonlinearity['kind'],
    readonly input: Signal<T>,
    readonly output: Signal<T>,
    private readonly workspace: Workspace<T>,
  ) {
    this.loops = loops[kind];
  }

  forward(): void {
    this.loops.value(this.input.values, this.output.values, this.length);
  }

  tangent(): void {
    const { input, output } = this;
    this.loops.derivative(output.values, input.tangents, output.tangents, this.length);
  }

  backward(deltas: Deltas<T>): Deltas<T> | undefined {
    const { input, output, loops, length } = this;
    if (input.constant) return undefined;
    const back = this.workspace.pool.takeLike(deltas, input.shape);
    loops.derivative(output.values, deltas.values, back.values, length);
    if (back.tangents) {
      loops.derivative(output.values, deltas.tangents!, back.tangents, length);
      loops.curvature?.(output.values, output.tangents, deltas.values, back.tangents, length);
    }
    return back;
  }

  private get length(): number {
    return planeLength(this.input.shape, this.workspace.images);
  }
}
