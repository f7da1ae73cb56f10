import { placedLayers } from '../convolutional/layout.js';
import type { ConvolutionalNetwork, Layer } from '../convolutional/network.js';
import type { ImageShape } from '../dataset.js';
import { convolution, dense, maxPooling, normalisation, relu } from './layers.js';

/** Convolutions of one width, then a 2x2 max-pooling. */
export interface VggStage {
  readonly convolutions: number;
  readonly width: number;
}

export interface VggOptions {
  readonly input: ImageShape;
  readonly classes: number;
  readonly stages: readonly VggStage[];
  /** Widths of the dense layers before the last. */
  readonly hidden: readonly number[];
  /** Batch normalisation after each convolution. Default true. */
  readonly normalised?: boolean;
  /** Before each dense layer but the last; 0 for none. Default 1/2 (Simonyan & Zisserman 2014, sec. 3.1). */
  readonly dropout?: number;
}

export interface Vgg16Options {
  readonly input: ImageShape;
  readonly classes: number;
  /** Of the five stages. Default 64, 128, 256, 512, 512. */
  readonly widths?: readonly [number, number, number, number, number];
  /** Of the two hidden dense layers. Default 512. */
  readonly hidden?: number;
  /** Default true. */
  readonly normalised?: boolean;
  /** Default 1/2. */
  readonly dropout?: number;
}

/**
 * VGG-16 with batch normalisation (Simonyan & Zisserman 2014, configuration D) for 32x32 images, as in Granziol et al.
 * 2020, App. I: stages of 2, 2, 3, 3, 3 convolutions of size 3, then dense layers 512-512-classes with dropout before the
 * first two. For CIFAR-100 it has 15,291,300 parameters (the paper's count) and the 8,448 scales and shifts of its
 * normalisations.
 *
 * @throws RangeError for images smaller than 32x32, which five poolings leave nothing of; see `vggLike`
 */
export function vgg16({
  input,
  classes,
  widths = [64, 128, 256, 512, 512],
  hidden = 512,
  normalised = true,
  dropout = 0.5,
}: Vgg16Options): ConvolutionalNetwork {
  const stages = widths.map((width, i) => ({ convolutions: i < 2 ? 2 : 3, width }));
  const network = vggLike({ input, classes, stages, hidden: [hidden, hidden], normalised, dropout });
  const kind = normalised ? 'VGG-16 with batch normalisation' : 'VGG-16';
  return { ...network, name: `${kind} (widths ${widths.join(', ')}; dense ${hidden}, ${hidden})` };
}

/**
 * A network in the manner of VGG: stages of 3x3 convolutions, each with (batch normalisation and) ReLU, a 2x2 max-pooling
 * after each stage, and dense layers. Shallower and narrower ones suit smaller images; their name says what they are.
 *
 * @throws RangeError where images are too small for the poolings, or a number is out of range
 */
export function vggLike(options: VggOptions): ConvolutionalNetwork {
  const { input, classes, stages, hidden, normalised = true, dropout = 0.5 } = options;
  const convolutional = stages.flatMap(({ convolutions, width }, stage): Layer[] => [
    ...Array.from({ length: convolutions }, (_, n): Layer[] => {
      const name = `stage${stage + 1}`;
      const normalising = normalised ? [normalisation(`${name}.norm${n + 1}`)] : [];
      return [convolution(`${name}.conv${n + 1}`, width, 3), ...normalising, relu];
    }).flat(),
    maxPooling(2),
  ]);
  const dropping: Layer[] = dropout > 0 ? [{ kind: 'dropout', rate: dropout }] : [];
  const layersWithWeights = stages.reduce((sum, { convolutions }) => sum + convolutions, 0) + hidden.length + 1;
  const stagesText = stages.map(({ convolutions, width }) => `${convolutions}x${width}`).join(', ');
  const network: ConvolutionalNetwork = {
    kind: 'convolutional',
    name: `VGG-like, ${layersWithWeights} layers${normalised ? ' with batch normalisation' : ''} (${stagesText}; dense ${hidden.join(', ') || 'none'})`,
    input,
    classes,
    loss: 'softmax-cross-entropy',
    layers: [
      ...convolutional,
      ...hidden.flatMap((width, n): Layer[] => [...dropping, dense(`dense${n + 1}`, width), relu]),
      dense(`dense${hidden.length + 1}`, classes),
    ],
  };
  placedLayers(network);
  return network;
}
