import type { RealArray } from '@hessian-rmt/numerics';
import type { PlacedLayer } from '../layout.js';
import type { BatchNormalisation } from '../network.js';
import type { Deltas, Signal } from '../signal.js';
import { type Grid, gridOf } from './grid.js';
import {
  affine,
  combine,
  type DeltaSums,
  deltaSums,
  deltasBack,
  deltaTangentSums,
  deltaTangentsBack,
  moments,
  tangentMoments,
} from './normalisation-loops.js';
import { type OwnParameters, ownParameters } from './own-parameters.js';
import type { Step, Workspace } from './step.js';

/**
 * Batch normalisation y = g h + b with h = s (x - m), s = (v + epsilon)^(-1/2), and the ReLU that follows it, if one does.
 *
 * In training mode m and v are the batch's mean and variance. With <.> the mean over the pixels of a channel:
 *   R{m} = <R{x}>,  R{s} = -s^2 q,  q = <h R{x}>,  R{h} = s (R{x} - R{m} - q h),
 *   delta_x = g s (e - <e> - h <e h>) for the deltas e of y (Ioffe & Szegedy 2015, sec. 3), and R{} of this by the product
 *   rule. In evaluation mode m and v are fixed, so R{m}, R{s} and the means <e>, <e h> drop out.
 */
export class NormalisationStep<T extends RealArray> implements Step<T> {
  private readonly scale: OwnParameters<T>;
  private readonly shift: OwnParameters<T>;
  private readonly epsilon: number;
  private readonly channels: number;
  private readonly grid: Grid;
  /** Views of the workspace's statistics. */
  private readonly mean: Float64Array;
  private readonly variance: Float64Array;
  /** s, R{m}, q and R{s} of each channel. */
  private readonly inverse: Float64Array;
  private readonly meanTangent: Float64Array;
  private readonly projection: Float64Array;
  private readonly inverseTangent: Float64Array;
  private readonly sums: DeltaSums;
  /** Of the map that runs, channel by channel (normalisation-loops.ts). */
  private readonly coefficients: Readonly<Record<'a' | 'b' | 'c' | 'd' | 'f', Float64Array>>;

  constructor(
    { layer, parameters, statistics }: PlacedLayer<BatchNormalisation>,
    /** Whether a ReLU follows, which is then part of this step. */
    private readonly rectified: boolean,
    readonly input: Signal<T>,
    readonly output: Signal<T>,
    private readonly workspace: Workspace<T>,
  ) {
    const { offset, channels } = statistics!;
    this.scale = ownParameters(workspace, parameters[0]);
    this.shift = ownParameters(workspace, parameters[1]);
    this.epsilon = layer.epsilon;
    this.channels = channels;
    this.grid = gridOf(input.shape);
    this.mean = workspace.statistics.subarray(offset, offset + channels);
    this.variance = workspace.statistics.subarray(offset + channels, offset + 2 * channels);
    const numbers = () => new Float64Array(channels);
    this.inverse = numbers();
    this.meanTangent = numbers();
    this.projection = numbers();
    this.inverseTangent = numbers();
    this.sums = { e: numbers(), ex: numbers(), et: numbers(), r: numbers(), rx: numbers() };
    this.coefficients = { a: numbers(), b: numbers(), c: numbers(), d: numbers(), f: numbers() };
  }

  /** Pixels of a channel in the batch. */
  private get pixels(): number {
    return this.workspace.images * this.grid.height * this.grid.width;
  }

  forward(): void {
    const { input, output, workspace, scale, shift, grid, mean, variance, inverse, rectified } = this;
    const { a, b } = this.coefficients;
    if (workspace.training) this.takeStatistics();
    for (let i = 0; i < this.channels; i++) {
      inverse[i] = 1 / Math.sqrt(variance[i] + this.epsilon);
      a[i] = scale.weights[i] * inverse[i];
      b[i] = shift.weights[i] - a[i] * mean[i];
    }
    affine(input.values, a, b, rectified, grid, workspace.images, output.values);
  }

  private takeStatistics(): void {
    const { input, workspace, grid, mean, variance, pixels } = this;
    const { a: origin, b: sum, c: squares } = this.coefficients;
    // Around the first pixel, so that the difference of moments keeps its digits when the mean is far from 0.
    for (let i = 0; i < this.channels; i++) origin[i] = input.values[grid.origin + i];
    moments(input.values, origin, grid, workspace.images, sum, squares);
    for (let i = 0; i < this.channels; i++) {
      const shift = sum[i] / pixels;
      mean[i] = origin[i] + shift;
      // Not below 0 by rounding; NaN stays NaN.
      variance[i] = Math.max(squares[i] / pixels - shift * shift, 0);
    }
  }

  tangent(): void {
    const { input, output, workspace, scale, shift, grid, mean, inverse, rectified, pixels } = this;
    const { meanTangent, projection, inverseTangent, coefficients } = this;
    const { a, b, c } = coefficients;
    if (workspace.training) {
      tangentMoments(input.values, input.tangents, mean, grid, workspace.images, meanTangent, projection);
      for (let i = 0; i < this.channels; i++) {
        meanTangent[i] /= pixels;
        projection[i] *= inverse[i] / pixels;
        inverseTangent[i] = -inverse[i] * inverse[i] * projection[i];
      }
    } else {
      for (const zero of [meanTangent, projection, inverseTangent]) zero.fill(0);
    }
    // R{y} = R{g} h + g R{h} + R{b}
    for (let i = 0; i < this.channels; i++) {
      const g = scale.weights[i];
      a[i] = g * inverse[i];
      b[i] = scale.vector[i] * inverse[i] + g * inverseTangent[i];
      c[i] = shift.vector[i] - a[i] * meanTangent[i] - b[i] * mean[i];
    }
    combine(
      input.tangents,
      input.values,
      output.values,
      rectified,
      this.coefficients,
      grid,
      workspace.images,
      output.tangents,
    );
  }

  backward({ values, tangents }: Deltas<T>): Deltas<T> | undefined {
    return tangents ? this.backwardWithTangents({ values, tangents }) : this.backwardOfGradient(values);
  }

  private backwardOfGradient(delta: T): Deltas<T> | undefined {
    const { input, output, workspace, scale, shift, grid, mean, inverse, rectified, sums } = this;
    const { images, pool } = workspace;
    deltaSums(input.values, output.values, delta, mean, rectified, grid, images, sums);
    for (let i = 0; i < this.channels; i++) {
      shift.result[i] = sums.e[i];
      scale.result[i] = inverse[i] * sums.ex[i];
    }
    if (input.constant) return undefined;
    this.coefficientsBack();
    const back = pool.take(input.shape);
    deltasBack(input.values, output.values, delta, rectified, this.coefficients, grid, images, back);
    return { values: back };
  }

  /** delta_x = a e + b x + c. */
  private coefficientsBack(): void {
    const { scale, mean, inverse, sums } = this;
    const { a, b, c } = this.coefficients;
    const share = this.workspace.training ? 1 / this.pixels : 0;
    for (let i = 0; i < this.channels; i++) {
      const s = inverse[i];
      a[i] = scale.weights[i] * s;
      b[i] = -a[i] * s * (s * sums.ex[i] * share);
      c[i] = -a[i] * sums.e[i] * share - b[i] * mean[i];
    }
  }

  private backwardWithTangents(deltas: { readonly values: T; readonly tangents: T }): Deltas<T> | undefined {
    const { input, output, workspace, scale, shift, grid, mean, inverse, rectified, sums } = this;
    const { meanTangent, projection, inverseTangent, coefficients } = this;
    const { a, b, c, d, f } = coefficients;
    const { images, pool } = workspace;
    deltaTangentSums(input, output.values, deltas, mean, rectified, grid, images, sums);
    for (let i = 0; i < this.channels; i++) {
      shift.result[i] = sums.r[i];
      scale.result[i] = this.rScaleGradient(i);
    }
    if (input.constant) return undefined;

    this.coefficientsBack();
    const values = pool.take(input.shape);
    deltasBack(input.values, output.values, deltas.values, rectified, this.coefficients, grid, images, values);

    // delta_x = g s (e - p - h t), p = <e>, t = <e h>: R{} of each factor, collected by what it multiplies.
    const share = workspace.training ? 1 / this.pixels : 0;
    for (let i = 0; i < this.channels; i++) {
      const s = inverse[i];
      const p = sums.e[i] * share;
      const t = s * sums.ex[i] * share;
      const pTangent = sums.r[i] * share;
      const tTangent = this.rScaleGradient(i) * share;
      const gs = scale.weights[i] * s;
      const gsTangent = scale.vector[i] * s + scale.weights[i] * inverseTangent[i];
      // h = s (x - m) and R{h} = s (R{x} - R{m} - q h)
      const onH = -gsTangent * t - gs * (tTangent - s * projection[i] * t);
      a[i] = gs;
      d[i] = gsTangent;
      f[i] = -gs * s * t;
      b[i] = onH * s;
      c[i] = -gsTangent * p - gs * pTangent + gs * s * t * meanTangent[i] - b[i] * mean[i];
    }
    const tangents = pool.take(input.shape);
    deltaTangentsBack(input, output.values, deltas, rectified, this.coefficients, grid, images, tangents);
    return { values, tangents };
  }

  /** R{sum of e h} = sum of R{e} h + e R{h}. */
  private rScaleGradient(i: number): number {
    const { inverse, meanTangent, projection, sums } = this;
    const s = inverse[i];
    return s * (sums.rx[i] + sums.et[i] - meanTangent[i] * sums.e[i] - projection[i] * s * sums.ex[i]);
  }
}
