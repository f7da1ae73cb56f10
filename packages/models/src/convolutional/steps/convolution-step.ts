import type { RealArray } from '@hessian-rmt/numerics';
import { type Convolution, convolution } from '../convolution.js';
import { addToChannels, type Grid, gridOf, sumOfChannels } from '../grid.js';
import type { PlacedLayer } from '../layout.js';
import type { Convolution as ConvolutionLayer } from '../network.js';
import type { Deltas, Signal } from '../signal.js';
import { type OwnParameters, ownParameters } from './own-parameters.js';
import type { Step, Workspace } from './step.js';

/** y = x * k + b. All terms are bilinear: R{x * k} = R{x} * k + x * R{k}, and so on for the two maps that go back. */
export class ConvolutionStep<T extends RealArray> implements Step<T> {
  private readonly maps: Convolution<T>;
  private readonly kernel: OwnParameters<T>;
  private readonly bias: OwnParameters<T> | undefined;
  private readonly grid: Grid;

  constructor(
    { layer, parameters }: PlacedLayer<ConvolutionLayer>,
    readonly input: Signal<T>,
    readonly output: Signal<T>,
    private readonly workspace: Workspace<T>,
  ) {
    const { size, stride, padding } = layer;
    const { linearAlgebra, capacity, precision } = workspace;
    const shapes = { input: input.shape, output: output.shape, size, stride, padding };
    this.maps = convolution<T>(shapes, linearAlgebra, { capacity, precision });
    this.kernel = ownParameters(workspace, parameters[0]);
    this.bias = parameters.length > 1 ? ownParameters(workspace, parameters[1]) : undefined;
    this.grid = gridOf(output.shape);
  }

  forward(): void {
    const { maps, kernel, bias, input, output, workspace } = this;
    maps.forward(input.values, kernel.weights, output.values, workspace.images, 0);
    if (bias) addToChannels(output.values, bias.weights, this.grid, workspace.images);
  }

  tangent(): void {
    const { maps, kernel, bias, input, output, workspace } = this;
    const { images } = workspace;
    maps.forward(input.values, kernel.vector, output.tangents, images, 0);
    if (!input.constant) maps.forward(input.tangents, kernel.weights, output.tangents, images, 1);
    if (bias) addToChannels(output.tangents, bias.vector, this.grid, images);
  }

  backward({ values, tangents }: Deltas<T>): Deltas<T> | undefined {
    const { maps, kernel, bias, input, workspace } = this;
    const { images, pool } = workspace;
    if (bias) sumOfChannels(tangents ?? values, this.grid, images, bias.result);
    maps.kernelGradient(input.values, tangents ?? values, kernel.result, images, 0);
    if (input.constant) return undefined;
    if (tangents) maps.kernelGradient(input.tangents, values, kernel.result, images, 1);

    const back = pool.take(input.shape);
    maps.inputGradient(values, kernel.weights, back, images, 0);
    if (!tangents) return { values: back };
    const tangentsBack = pool.take(input.shape);
    maps.inputGradient(tangents, kernel.weights, tangentsBack, images, 0);
    maps.inputGradient(values, kernel.vector, tangentsBack, images, 1);
    return { values: back, tangents: tangentsBack };
  }
}
