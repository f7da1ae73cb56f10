import type { Tensor } from './tensor.js';
import type { WeightLayout } from './weight-layout.js';

/** What the name of a tensor says: the layer it belongs to, and which of the layer's two tensors it is. */
export interface TensorRole {
  readonly layer: string;
  readonly role: 'kernel' | 'bias';
  /** Where the name is used with one layout only. */
  readonly layout?: WeightLayout;
}

const kernelWords = 'weights?|kernel|W|w|coefs?';
const biasWords = 'bias(?:es)?|b|intercepts?';

/** `fc1.weight`, `dense/bias:0`, `layer1_W`, `weight`. */
const wordLast = new RegExp(`^(?:(.*)[./_])?(?:(${kernelWords})|${biasWords})(?::0)?$`);
/** `W1`, `b_1`, `coefs_0`. */
const wordFirst = new RegExp(`^(?:(${kernelWords})|${biasWords})_?(\\d+)$`);
/** Keras 3: `layers/dense/vars/0`, the kernel, and `vars/1`, the bias. */
const variables = /^(.*)\/vars\/([01])$/;
/** What `np.savez` calls arrays that it is given without names. */
const unnamed = /^arr_(\d+)$/;

/** @returns undefined for a name that no dense layer has */
export function roleOf(name: string): TensorRole | undefined {
  const keras = variables.exec(name);
  if (keras) return { layer: keras[1], role: keras[2] === '0' ? 'kernel' : 'bias', layout: 'keras' };
  const numbered = wordFirst.exec(name);
  if (numbered) return { layer: numbered[2], role: numbered[1] ? 'kernel' : 'bias' };
  const named = wordLast.exec(name);
  if (!named) return undefined;
  const [, layer = '', word] = named;
  const layout = word === 'weight' ? 'torch' : word === 'kernel' ? 'keras' : undefined;
  return { layer, role: word ? 'kernel' : 'bias', ...(layout ? { layout } : {}) };
}

/**
 * The roles of arrays without names, as `np.savez(path, *model.get_weights())` writes them: matrices are kernels, and a
 * vector is the bias of the kernel before it.
 *
 * @returns undefined unless all tensors are such arrays
 */
export function rolesByPosition(tensors: readonly Tensor[]): Map<Tensor, TensorRole> | undefined {
  const positionOf = ({ name }: Tensor) => Number(unnamed.exec(name)?.[1] ?? Number.NaN);
  if (tensors.some((tensor) => Number.isNaN(positionOf(tensor)))) return undefined;
  const roles = new Map<Tensor, TensorRole>();
  let layer = '';
  for (const tensor of tensors.toSorted((a, b) => positionOf(a) - positionOf(b))) {
    const role = tensor.shape.length === 1 ? 'bias' : 'kernel';
    if (role === 'kernel') layer = tensor.name;
    roles.set(tensor, { layer, role });
  }
  return roles;
}

/**
 * What is the same in the names of layers that are counted, and the numbers that count them: `0.2`, `dense_1` and
 * `fc3`. A part of a name without a number is the first, as Keras has `dense`, `dense_1`.
 */
export function counted(layer: string): { readonly stem: string; readonly numbers: readonly number[] } {
  const parts = layer.split(/[./]/).map((part) => (/\d$/.test(part) ? part : `${part}_0`));
  const name = parts.join('.');
  return { stem: name.replace(/\d+/g, '#'), numbers: (name.match(/\d+/g) ?? []).map(Number) };
}
