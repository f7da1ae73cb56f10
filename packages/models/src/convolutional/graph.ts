import type { RealArray } from '@hessian-rmt/numerics';
import type { ImageShape } from '../dataset.js';
import { inOrder, type PlacedLayer } from './layout.js';
import type { Convolution } from './network.js';
import type { PlaneShape } from './planes.js';
import { Signal } from './signal.js';
import { AveragePoolingStep } from './steps/average-pooling-step.js';
import { ConvolutionStep } from './steps/convolution-step.js';
import { DenseStep } from './steps/dense-step.js';
import { DropoutStep } from './steps/dropout-step.js';
import { MaxPoolingStep } from './steps/max-pooling-step.js';
import { NonlinearityStep } from './steps/nonlinearity-step.js';
import { NormalisationStep } from './steps/normalisation-step.js';
import { ResidualStep } from './steps/residual-step.js';
import { Sequence } from './steps/sequence.js';
import type { Step, Workspace } from './steps/step.js';

/** The layers of a network at work, with the signals between them. */
export function graphOf<T extends RealArray>(
  layers: readonly PlacedLayer[],
  input: ImageShape,
  workspace: Workspace<T>,
): Sequence<T> {
  const planeOf = planeShapes(layers);
  return new Builder(planeOf, workspace).sequence(layers, signalOf(planeOf(input), workspace, true));
}

/**
 * One margin for all tensors of a height and width: the largest padding of the convolutions that keep it, so that these
 * need no copies and layers that work number by number find the same places on both sides.
 */
function planeShapes(layers: readonly PlacedLayer[]): (shape: ImageShape) => PlaneShape {
  const margins = new Map<string, number>();
  const key = ({ height, width }: ImageShape) => `${height} x ${width}`;
  for (const { layer, input } of inOrder(layers)) {
    if (layer.kind === 'convolution' && keepsShape(layer)) {
      margins.set(key(input), Math.max(margins.get(key(input)) ?? 0, layer.padding));
    }
  }
  return ({ height, width, channels }) => ({
    height,
    width,
    channels,
    margin: margins.get(key({ height, width, channels })) ?? 0,
  });
}

function keepsShape({ size, stride, padding }: Convolution): boolean {
  return stride === 1 && 2 * padding === size - 1;
}

function signalOf<T extends RealArray>(shape: PlaneShape, { capacity, allocate }: Workspace<T>, constant = false) {
  return new Signal<T>(shape, capacity, allocate, constant);
}

class Builder<T extends RealArray> {
  constructor(
    private readonly planeOf: (shape: ImageShape) => PlaneShape,
    private readonly workspace: Workspace<T>,
  ) {}

  sequence(layers: readonly PlacedLayer[], input: Signal<T>): Sequence<T> {
    const steps: Step<T>[] = [];
    let signal = input;
    for (let i = 0; i < layers.length; i++) {
      const rectified = layers[i].layer.kind === 'batch-normalisation' && layers[i + 1]?.layer.kind === 'relu';
      const step = this.step(layers[i], rectified, signal);
      if (rectified) i++;
      steps.push(step);
      signal = step.output;
    }
    return new Sequence(steps, input, this.workspace);
  }

  /** @param rectified  whether the ReLU that follows a batch normalisation is done with it */
  private step(placed: PlacedLayer, rectified: boolean, input: Signal<T>): Step<T> {
    const { layer } = placed;
    const { workspace } = this;
    const output = signalOf(this.planeOf(placed.output), workspace);
    switch (layer.kind) {
      case 'convolution':
        return new ConvolutionStep({ ...placed, layer }, input, output, workspace);
      case 'dense':
        return new DenseStep({ ...placed, layer }, input, output, workspace);
      case 'batch-normalisation':
        return new NormalisationStep({ ...placed, layer }, rectified, input, output, workspace);
      case 'relu':
      case 'tanh':
        return new NonlinearityStep(layer.kind, input, output, workspace);
      case 'average-pooling':
        return new AveragePoolingStep(layer, input, output, workspace);
      case 'max-pooling':
        return new MaxPoolingStep(layer, input, output, workspace);
      case 'dropout':
        return new DropoutStep(layer, input, output, workspace);
      case 'residual': {
        const branch = this.sequence(placed.branch!, input);
        const shortcut = this.sequence(placed.shortcut!, input);
        return new ResidualStep(branch, shortcut, output, workspace);
      }
    }
  }
}
