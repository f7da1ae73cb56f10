import type { Activation, DenseNetwork, LossName, Weights } from '../network.js';

/** How a file keeps the weights of a layer: `torch` outputs x inputs, `keras` inputs x outputs. */
export type WeightLayout = 'torch' | 'keras';

export interface DenseNetworkFileOptions {
  /** Files of weights do not tell it. Default relu, as `mlp` has it. */
  readonly activation?: Activation;
  /** Default softmax-cross-entropy, as `mlp` has it. */
  readonly loss?: LossName;
  /** Default: what names and shapes say. Needed where all layers are square and no name tells. */
  readonly layout?: WeightLayout;
  /**
   * The layers from the inputs to the outputs, each by its name (`fc1`) or that of its kernel (`fc1.weight`). Default: all
   * that are in the file, in the order that names and shapes say. With it, other tensors of the file are left aside.
   */
  readonly layers?: readonly string[];
}

/** Where the tensors of a layer stand in the file. */
export interface DenseLayerTensors {
  readonly kernel: string;
  readonly bias: string | null;
  /** Outputs and inputs, whatever the layout of the file. */
  readonly shape: readonly [outputs: number, inputs: number];
}

export interface DenseNetworkFile {
  readonly network: DenseNetwork;
  readonly weights: Weights;
  /** SHA-256 (hex) of the file. */
  readonly checksum: string;
  readonly layout: WeightLayout;
  /** From the inputs to the outputs. */
  readonly layers: readonly DenseLayerTensors[];
}

/**
 * A dense network from the weights in an `.npz` or `.safetensors` file, as PyTorch, Keras and NumPy users have them.
 *
 * @throws DataFileError naming file and tensor when the file is damaged or holds other than dense layers that follow one another
 */
export async function readDenseNetwork(
  path: string,
  _options: DenseNetworkFileOptions = {},
): Promise<DenseNetworkFile> {
  throw new Error(`${path}: readDenseNetwork is not there yet`);
}
