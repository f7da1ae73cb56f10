import {
  type ConvolutionalNetwork,
  forwardFlops,
  type ImageShape,
  type PlacedLayer,
  placedLayers,
  preResNet,
  vgg16,
  vggLike,
} from '@hessian-rmt/models';
import type { UnitCost } from '@hessian-rmt/replication';
import type { ImagesConfig } from './network-images.js';

/** A network as plain data. */
export type NetworkConfig =
  | {
      readonly kind: 'pre-resnet';
      readonly depth: number;
      readonly widths: readonly [number, number, number];
    }
  /** As published; 32 x 32 images. */
  | { readonly kind: 'vgg-16' }
  /** Its smaller relative, for smaller images. */
  | {
      readonly kind: 'vgg-like';
      readonly stages: readonly { readonly convolutions: number; readonly width: number }[];
      readonly hidden: readonly number[];
    };

/** The network for these images. */
export function networkOf(config: NetworkConfig, images: ImagesConfig): ConvolutionalNetwork {
  const { input, classes } = shapeOf(images);
  switch (config.kind) {
    case 'pre-resnet':
      return preResNet(config.depth, { input, classes, widths: config.widths });
    case 'vgg-16':
      return vgg16({ input, classes });
    case 'vgg-like':
      return vggLike({ input, classes, stages: config.stages, hidden: config.hidden });
  }
}

function shapeOf({ source, side }: ImagesConfig): { readonly input: ImageShape; readonly classes: number } {
  const coloured = source.dataset === 'cifar10' || source.dataset === 'cifar100';
  return {
    input: { height: side, width: side, channels: coloured ? 3 : 1 },
    classes: source.dataset === 'cifar100' ? 100 : 10,
  };
}

/**
 * What passes over images take, to a factor of two: a gradient is three, a Hessian-vector product eight. Convolutions run at
 * two thirds of the rate of large products; normalisation and its like take 4 ns for each activation and pass (measured
 * on one thread of a Xeon).
 */
export function costOfPasses(
  network: ConvolutionalNetwork,
  passes: number,
): Required<Pick<UnitCost, 'flops' | 'seconds'>> {
  return { flops: 1.5 * passes * forwardFlops(network), seconds: 4e-9 * passes * activations(placedLayers(network)) };
}

function activations(layers: readonly PlacedLayer[]): number {
  return layers.reduce(
    (sum, { output: { height, width, channels }, branch = [], shortcut = [] }) =>
      sum + height * width * channels + activations(branch) + activations(shortcut),
    0,
  );
}
