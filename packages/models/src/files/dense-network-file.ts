import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { DataFileError } from '../data/data-file-error.js';
import {
  type Activation,
  type DenseNetwork,
  type LayerShape,
  type LossName,
  layerShapes,
  mlp,
  parameterCount,
  type Weights,
} from '../network.js';
import { type ArrangedLayer, arrangeLayers } from './arrange-layers.js';
import { denseLayers } from './dense-layers.js';
import { readTensors } from './read-tensors.js';
import type { Tensor } from './tensor.js';
import { type WeightLayout, weightLayouts } from './weight-layout.js';

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
 * A dense network from the weights in an `.npz` or `.safetensors` file, as users of PyTorch, Keras and NumPy have them
 * (docs/data.md lists the names). Float16, bfloat16 and float32 become float64, exactly.
 *
 * Nothing in such a file says what happens between the layers: that they follow one another, with one activation between
 * them and none after the last, is the caller's word.
 *
 * Where the order is not given by `layers`, layers whose names differ in numbers come by their numbers, and each takes what
 * the one before it gives. Of several such orders an `.npz` file has the one in which it was written; a `.safetensors` file,
 * which is sorted by name, is refused.
 *
 * @throws DataFileError naming file and tensor when the file is missing or damaged, holds other than dense layers that
 *   follow one another, has biases in some layers only, leaves layout or order open, or has a weight that is not finite
 * @throws Error naming file and array when the archive or an array of an `.npz` file is damaged
 * @throws RangeError for an unknown activation, loss or layout, or a layer named twice
 */
export async function readDenseNetwork(path: string, options: DenseNetworkFileOptions = {}): Promise<DenseNetworkFile> {
  const { activation, loss, layout, layers: wanted } = options;
  checkOptions(options);
  const { tensors, keepsOrder } = await readTensors(path);
  const found = denseLayers(tensors, wanted, path);
  const arranged = arrangeLayers(found, { file: path, keepsOrder, layout, inOrder: wanted !== undefined });
  const { layers } = arranged;
  const widths = [layers[0].inputs, ...layers.map(({ outputs }) => outputs)];
  const network = mlp(widths, {
    ...(activation ? { activation } : {}),
    ...(loss ? { loss } : {}),
    bias: layers[0].bias !== null,
  });
  const weights = new Float64Array(parameterCount(network));
  for (const [l, place] of layerShapes(network).entries()) placeLayer(weights, place, layers[l], arranged.layout, path);
  return {
    network,
    weights,
    checksum: await checksumOf(path),
    layout: arranged.layout,
    layers: layers.map(({ kernel, bias, outputs, inputs }) => ({
      kernel: kernel.name,
      bias: bias?.name ?? null,
      shape: [outputs, inputs] as const,
    })),
  };
}

function checkOptions({ activation, loss, layout, layers }: DenseNetworkFileOptions): void {
  // As soon as possible, and not after a file of gigabytes.
  mlp([1, 1], { ...(activation ? { activation } : {}), ...(loss ? { loss } : {}) });
  if (layout !== undefined && !weightLayouts.includes(layout)) {
    throw new RangeError(`readDenseNetwork: layout must be one of ${weightLayouts.join(', ')}; found ${layout}`);
  }
  if (layers && (layers.length === 0 || new Set(layers).size < layers.length)) {
    throw new RangeError(`readDenseNetwork: layers must be one or more different names, found [${layers.join(', ')}]`);
  }
}

/** Writes [W | b] of a layer: row i is what enters unit i. */
function placeLayer(
  weights: Weights,
  { offset, rows, columns }: LayerShape,
  { kernel, bias, inputs }: ArrangedLayer,
  layout: WeightLayout,
  file: string,
): void {
  const entries = finiteValues(kernel, file);
  const [byOutput, byInput] = layout === 'torch' ? [inputs, 1] : [1, rows];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < inputs; j++) weights[offset + i * columns + j] = entries[i * byOutput + j * byInput];
  }
  if (!bias) return;
  finiteValues(bias, file).forEach((value, i) => {
    weights[offset + i * columns + inputs] = value;
  });
}

function finiteValues(tensor: Tensor, file: string): Float64Array {
  const values = tensor.values();
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return values;
  const place = tensor.shape.length === 2 ? [Math.floor(bad / tensor.shape[1]), bad % tensor.shape[1]] : [bad];
  throw new DataFileError(file, 'finite weights', `${values[bad]} in "${tensor.name}" at [${place.join(', ')}]`);
}

async function checksumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return hash.digest('hex');
}
