import type { RealArray } from '@hessian-rmt/numerics';
import { type PlaneShape, planeLength } from './planes.js';

/** Gives arrays of zeros of one precision. */
export type Allocate<T extends RealArray> = (length: number) => T;

/** A tensor between two layers for a batch of images, with its directional derivatives along a vector of parameters. */
export class Signal<T extends RealArray> {
  readonly values: T;
  private derivatives: T | undefined;

  constructor(
    readonly shape: PlaneShape,
    /** Images at once, at most. */
    capacity: number,
    private readonly allocate: Allocate<T>,
    /** Whether no parameter acts on it: the inputs. Its tangents are then zero and stay so. */
    readonly constant = false,
  ) {
    this.values = allocate(planeLength(shape, capacity));
  }

  /** R{values}; allocated when first asked for, since training never does. */
  get tangents(): T {
    this.derivatives ??= this.allocate(this.values.length);
    return this.derivatives;
  }
}

/**
 * What comes back to a signal: the derivatives of the loss with respect to its values and, for a product with the
 * Hessian, R{} of these.
 */
export interface Deltas<T extends RealArray> {
  readonly values: T;
  readonly tangents?: T;
}

/** Buffers for deltas, which live only from one layer to the one before. Whatever else they hold, margins are zero. */
export class DeltaPool<T extends RealArray> {
  private readonly free = new Map<string, T[]>();

  constructor(
    private readonly capacity: number,
    private readonly allocate: Allocate<T>,
  ) {}

  take(shape: PlaneShape): T {
    return this.shelf(shape).pop() ?? this.allocate(planeLength(shape, this.capacity));
  }

  /** Buffers for a signal of this shape, with tangents like the deltas that they are made from. */
  takeLike({ tangents }: Deltas<T>, shape: PlaneShape): Deltas<T> {
    const values = this.take(shape);
    return tangents ? { values, tangents: this.take(shape) } : { values };
  }

  give({ values, tangents }: Deltas<T>, shape: PlaneShape): void {
    this.shelf(shape).push(values);
    if (tangents) this.shelf(shape).push(tangents);
  }

  private shelf({ height, width, channels, margin }: PlaneShape): T[] {
    const key = `${height}/${width}/${channels}/${margin}`;
    let shelf = this.free.get(key);
    if (!shelf) {
      shelf = [];
      this.free.set(key, shelf);
    }
    return shelf;
  }
}
