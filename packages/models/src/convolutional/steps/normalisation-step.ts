import type { RealArray } from '@hessian-rmt/numerics';
import type { ChannelMaps } from '../channel-call.js';
import { channelMaps } from '../channel-maps.js';
import { type Grid, gridOf } from '../grid.js';
import type { PlacedLayer } from '../layout.js';
import type { BatchNormalisation } from '../network.js';
import type { Deltas, Signal } from '../signal.js';
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
  private readonly maps: ChannelMaps<T>;
  /** Views of the workspace's statistics. */
  private readonly mean: Float64Array;
  private readonly variance: Float64Array;
  /** s, R{m}, q and R{s} of each channel. */
  private readonly inverse: Float64Array;
  private readonly meanTangent: Float64Array;
  private readonly projection: Float64Array;
  private readonly inverseTangent: Float64Array;
  /** Of the deltas in the pass that runs: of e, e (x - m), e R{x}, R{e} and R{e} (x - m). */
  private readonly sums: readonly Float64Array[];
  /** Of the map that runs (channel-formulas.ts), by channel. */
  private readonly coefficients: readonly Float64Array[];

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
    this.sums = Array.from({ length: 5 }, numbers);
    this.coefficients = Array.from({ length: 7 }, numbers);
    this.maps = channelMaps(input.shape, workspace.kernels);
  }

  /** Pixels of a channel in the batch. */
  private get pixels(): number {
    return this.workspace.images * this.grid.height * this.grid.width;
  }

  forward(): void {
    const { input, output, workspace, scale, shift, mean, variance, inverse } = this;
    const { images } = workspace;
    const [a, b] = this.coefficients;
    if (workspace.training) this.takeStatistics();
    for (let i = 0; i < this.channels; i++) {
      inverse[i] = 1 / Math.sqrt(variance[i] + this.epsilon);
      a[i] = scale.weights[i] * inverse[i];
      b[i] = shift.weights[i] - a[i] * mean[i];
    }
    this.maps.affine({
      streams: [input.values],
      rectified: this.rectifiedOutput,
      coefficients: [a, b],
      results: [output.values],
      images,
    });
  }

  private takeStatistics(): void {
    const { input, workspace, grid, mean, variance, pixels } = this;
    const [origin, sum, squares] = this.coefficients;
    // Around the first pixel, so that the difference of moments keeps its digits when the mean is far from 0.
    for (let i = 0; i < this.channels; i++) origin[i] = input.values[grid.origin + i];
    const call = { streams: [input.values], coefficients: [origin], sums: [sum, squares], images: workspace.images };
    this.maps.moments(call);
    for (let i = 0; i < this.channels; i++) {
      const shift = sum[i] / pixels;
      mean[i] = origin[i] + shift;
      // Not below 0 by rounding; NaN stays NaN.
      variance[i] = Math.max(squares[i] / pixels - shift * shift, 0);
    }
  }

  tangent(): void {
    const { input, output, workspace, scale, shift, mean, inverse, pixels } = this;
    const { meanTangent, projection, inverseTangent } = this;
    const { images } = workspace;
    const [a, b, c] = this.coefficients;
    const streams = [input.values, input.tangents];
    if (workspace.training) {
      this.maps.tangentMoments({ streams, coefficients: [mean], sums: [meanTangent, projection], images });
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
    const coefficients = [a, b, c];
    this.maps.tangents({ streams, rectified: this.rectifiedOutput, coefficients, results: [output.tangents], images });
  }

  backward({ values, tangents }: Deltas<T>): Deltas<T> | undefined {
    return tangents ? this.backwardWithTangents(values, tangents) : this.backwardOfGradient(values);
  }

  private backwardOfGradient(delta: T): Deltas<T> | undefined {
    const { input, workspace, scale, shift, mean, inverse, maps, rectifiedOutput: rectified } = this;
    const { images, pool } = workspace;
    const [e, ex] = this.sums;
    const streams = [delta, input.values];
    maps.deltaSums({ streams, rectified, coefficients: [mean], sums: [e, ex], images });
    for (let i = 0; i < this.channels; i++) {
      shift.result[i] = e[i];
      scale.result[i] = inverse[i] * ex[i];
    }
    if (input.constant) return undefined;
    const coefficients = this.coefficientsBack();
    const values = pool.take(input.shape);
    maps.deltasBack({ streams, rectified, coefficients, results: [values], images });
    return { values };
  }

  /** delta_x = a e + b x + c. */
  private coefficientsBack(): Float64Array[] {
    const { scale, mean, inverse } = this;
    const [e, ex] = this.sums;
    const [a, b, c] = this.coefficients;
    const share = this.workspace.training ? 1 / this.pixels : 0;
    for (let i = 0; i < this.channels; i++) {
      const s = inverse[i];
      a[i] = scale.weights[i] * s;
      b[i] = -a[i] * s * (s * ex[i] * share);
      c[i] = -a[i] * e[i] * share - b[i] * mean[i];
    }
    return [a, b, c];
  }

  private backwardWithTangents(delta: T, deltaTangents: T): Deltas<T> | undefined {
    const { input, workspace, scale, shift, mean, maps, sums, rectifiedOutput: rectified } = this;
    const { images, pool } = workspace;
    const streams = [delta, input.values, deltaTangents, input.tangents];
    maps.deltaTangentSums({ streams, rectified, coefficients: [mean], sums, images });
    for (let i = 0; i < this.channels; i++) {
      shift.result[i] = sums[3][i];
      scale.result[i] = this.scaleGradientTangent(i);
    }
    if (input.constant) return undefined;
    const coefficients = [...this.coefficientsBack(), ...this.tangentCoefficientsBack()];
    const [values, tangents] = [pool.take(input.shape), pool.take(input.shape)];
    maps.deltaTangentsBack({ streams, rectified, coefficients, results: [values, tangents], images });
    return { values, tangents };
  }

  /**
   * R{delta_x} = a R{e} + d e + f R{x} + k x + l: of delta_x = g s (e - p - h t) with p = <e>, t = <e h>, R{} of each
   * factor, collected by what it multiplies.
   */
  private tangentCoefficientsBack(): Float64Array[] {
    const { workspace, scale, mean, inverse, meanTangent, projection, inverseTangent } = this;
    const [e, ex, , r] = this.sums;
    const [, , , d, f, k, l] = this.coefficients;
    const share = workspace.training ? 1 / this.pixels : 0;
    for (let i = 0; i < this.channels; i++) {
      const s = inverse[i];
      const t = s * ex[i] * share;
      const tTangent = this.scaleGradientTangent(i) * share;
      const gs = scale.weights[i] * s;
      const gsTangent = scale.vector[i] * s + scale.weights[i] * inverseTangent[i];
      // h = s (x - m) and R{h} = s (R{x} - R{m} - q h)
      const onH = -gsTangent * t - gs * (tTangent - s * projection[i] * t);
      d[i] = gsTangent;
      f[i] = -gs * s * t;
      k[i] = onH * s;
      l[i] = -gsTangent * e[i] * share - gs * r[i] * share + gs * s * t * meanTangent[i] - k[i] * mean[i];
    }
    return [d, f, k, l];
  }

  /** R{sum of e h} = sum of R{e} h + e R{h}. */
  private scaleGradientTangent(i: number): number {
    const { inverse, meanTangent, projection } = this;
    const [e, ex, et, , rx] = this.sums;
    const s = inverse[i];
    return s * (rx[i] + et[i] - meanTangent[i] * e[i] - projection[i] * s * ex[i]);
  }

  /** What tells where the ReLU lets pass, if there is one. */
  private get rectifiedOutput(): T | undefined {
    return this.rectified ? this.output.values : undefined;
  }
}
