import { DataFileError } from '../data/data-file-error.js';
import { roleOf, rolesByPosition, type TensorRole } from './layer-names.js';
import type { Tensor } from './tensor.js';

/** The tensors of a dense layer, as the file has them. */
export interface DenseLayer {
  readonly name: string;
  readonly kernel: Tensor;
  readonly bias: Tensor | null;
}

interface Group {
  readonly name: string;
  readonly kernels: Tensor[];
  readonly biases: Tensor[];
}

/**
 * The dense layers among the tensors of a file, in the order of their first tensors, or those of these names in this order.
 *
 * @throws DataFileError naming file and tensor when something is no dense layer's, or a layer lacks a tensor or has two
 */
export function denseLayers(
  tensors: readonly Tensor[],
  wanted: readonly string[] | undefined,
  file: string,
): DenseLayer[] {
  const byPosition = rolesByPosition(tensors);
  const groups = new Map<string, Group>();
  for (const tensor of tensors) {
    const role: TensorRole | undefined = byPosition ? byPosition.get(tensor) : roleOf(tensor.name);
    if (!role) {
      if (wanted) continue;
      throw new DataFileError(file, denseOnly, described(tensor));
    }
    const group = groups.get(role.layer) ?? { name: role.layer, kernels: [], biases: [] };
    groups.set(role.layer, group);
    group[role.role === 'kernel' ? 'kernels' : 'biases'].push(tensor);
  }
  const all = [...groups.values()];
  const layers = (wanted?.map((name) => named(name, all, file)) ?? all).map((group) => layerOf(group, file));
  if (layers.length === 0) throw new DataFileError(file, denseOnly, 'no tensor');
  checkBiases(layers, file);
  return layers;
}

export const described = ({ name, shape }: Tensor) => `"${name}" of shape (${shape.join(', ')})`;

const elsewhere = 'a network of another kind, as with convolution or normalisation, plugs in as an operator';
const denseOnly = `kernels and biases of dense layers only (${elsewhere})`;

function named(name: string, groups: readonly Group[], file: string): Group {
  const found = groups.find((group) => group.name === name || group.kernels.some((kernel) => kernel.name === name));
  if (found) return found;
  throw new DataFileError(file, `a layer "${name}"`, groups.map((group) => `"${group.name}"`).join(', ') || 'none');
}

function layerOf({ name, kernels, biases }: Group, file: string): DenseLayer {
  const [kernel, bias = null] = [kernels[0], biases[0]];
  const surplus = kernels[1] ?? biases[1];
  if (surplus) throw new DataFileError(file, `one kernel and one bias of layer "${name}"`, `${described(surplus)} too`);
  if (!kernel) throw new DataFileError(file, `a kernel beside the bias ${described(bias!)}`, 'none');
  if (kernel.shape.length !== 2 || kernel.shape.includes(0)) {
    const expected = `a matrix of weights, at least 1 x 1, for each dense layer (${elsewhere})`;
    throw new DataFileError(file, expected, described(kernel));
  }
  // NumPy users keep a bias as a row or column as often as not.
  if (bias && bias.shape.filter((size) => size !== 1).length > 1) {
    throw new DataFileError(file, `a vector as the bias of ${described(kernel)}`, described(bias));
  }
  return { name, kernel, bias };
}

/** Biases that are made up would add parameters to the Hessian that the network does not have. */
function checkBiases(layers: readonly DenseLayer[], file: string): void {
  const without = layers.find(({ bias }) => bias === null);
  const withBias = layers.find(({ bias }) => bias !== null);
  if (!without || !withBias) return;
  const found = `${described(withBias.bias!)} but none beside ${described(without.kernel)}`;
  throw new DataFileError(file, 'a bias in every layer, or in none', found);
}
