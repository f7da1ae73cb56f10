import { type DenseLayerTensors, type DenseNetwork, layerShapes } from '@hessian-rmt/models';

/** Some tensors of a network, by the names that they have in its file. */
export interface SelectedParameters {
  readonly tensors: readonly string[];
  /** Positions in the weight vector, ascending. */
  readonly indices: Uint32Array;
}

/**
 * The tensors that match a pattern: a name as it stands in the file, in which `*` stands for any characters.
 *
 * @throws RangeError when a pattern matches nothing, with the names that there are
 */
export function selectedParameters(
  network: DenseNetwork,
  layers: readonly DenseLayerTensors[],
  patterns: readonly string[],
): SelectedParameters {
  const named = layers.flatMap(({ kernel, bias }) => (bias === null ? [kernel] : [kernel, bias]));
  const expressions = patterns.map(fromGlob);
  const empty = expressions.findIndex((expression) => !named.some((name) => expression.test(name)));
  if (empty >= 0) {
    throw new RangeError(`no tensor of the network matches ${patterns[empty]}; there are ${named.join(', ')}`);
  }
  const tensors = named.filter((name) => expressions.some((expression) => expression.test(name)));
  // Within a layer the weights are [W | b], row after row.
  const indices = layerShapes(network).flatMap(({ offset, rows, columns }, l) => {
    const { kernel, bias } = layers[l];
    const positions = Array.from({ length: rows * columns }, (_, i) => i);
    const isBias = (i: number) => bias !== null && i % columns === columns - 1;
    return positions.filter((i) => tensors.includes(isBias(i) ? bias! : kernel)).map((i) => offset + i);
  });
  return { tensors, indices: Uint32Array.from(indices) };
}

function fromGlob(glob: string): RegExp {
  const literal = glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`);
}
