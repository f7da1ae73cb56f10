import type { ImageShape } from '../dataset.js';
import type { LossName } from '../network.js';

/**
 * A network of convolutions, normalisations and residual blocks, as a plain description: a list of layers that are run
 * one after the other. Images are height x width x channels, channels innermost (dataset.ts). The loss is the mean over
 * samples, as for dense networks.
 */
export interface ConvolutionalNetwork {
  readonly kind: 'convolutional';
  /** For figures and manifests: `PreResNet-8 (widths 16, 32, 64)`. */
  readonly name: string;
  readonly input: ImageShape;
  readonly classes: number;
  readonly loss: LossName;
  readonly layers: readonly Layer[];
}

export type Layer = Convolution | Dense | BatchNormalisation | Nonlinearity | Pooling | Dropout | Residual;

/** Cross-correlation with zero padding, as in PyTorch and tfjs: output size floor((size + 2 padding - kernel) / stride) + 1. */
export interface Convolution {
  readonly kind: 'convolution';
  /** Unique among the layers that have parameters: `stage1.block2.conv1`. */
  readonly name: string;
  readonly outputs: number;
  /** Height and width of the kernel. */
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
  readonly bias: boolean;
}

/** Fully connected; an image is read row after row, channels innermost. */
export interface Dense {
  readonly kind: 'dense';
  readonly name: string;
  readonly outputs: number;
  readonly bias: boolean;
}

/**
 * (x - mean) / sqrt(variance + epsilon) * scale + shift, channel by channel (Ioffe & Szegedy 2015); the variance is that
 * over all pixels of a mini-batch, divided by their number.
 */
export interface BatchNormalisation {
  readonly kind: 'batch-normalisation';
  readonly name: string;
  readonly epsilon: number;
}

export interface Nonlinearity {
  readonly kind: 'relu' | 'tanh';
}

/** Windows of size x size without padding; what does not fill a window is left out. */
export interface Pooling {
  readonly kind: 'average-pooling' | 'max-pooling';
  readonly size: number;
  readonly stride: number;
}

/** Acts in training only: zero with this probability, else divided by 1 - rate. */
export interface Dropout {
  readonly kind: 'dropout';
  readonly rate: number;
}

/** branch(x) + shortcut(x); an empty shortcut is the identity. */
export interface Residual {
  readonly kind: 'residual';
  readonly branch: readonly Layer[];
  readonly shortcut: readonly Layer[];
}

/**
 * Where a tensor of parameters lies in the weight vector. Layers follow each other as they are run, a block's branch before
 * its shortcut. A convolution has its kernel [size, size, inputs, outputs] and its bias; a dense layer the row-major matrix
 * [W | b] of outputs x (inputs + 1), as in network.ts; batch normalisation its scale and its shift.
 */
export interface ParameterBlock {
  /** Name of the layer and of the tensor: `stage1.block2.conv1.kernel`. */
  readonly name: string;
  readonly kind: 'kernel' | 'bias' | 'matrix' | 'scale' | 'shift';
  readonly offset: number;
  readonly size: number;
  readonly shape: readonly number[];
}

/**
 * How batch normalisation takes part in a loss and its derivatives.
 *
 * `evaluation`: with fixed statistics; the loss is then a mean over samples. `training`: each mini-batch with its own mean
 * and variance, which depend on the weights and are differentiated; the loss is the mean over fixed mini-batches of
 * `batch` consecutive samples, each weighted by its number of samples.
 */
export type Normalisation =
  | { readonly mode: 'evaluation'; readonly statistics: Float64Array }
  | { readonly mode: 'training'; readonly batch: number };
