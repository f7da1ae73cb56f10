import { layerShapes, type Network, type ParameterBlock, parameterBlocks } from '@hessian-rmt/models';

/** Some of a network's parameters, whole tensors of them. */
export interface ParameterSelection {
  /** In the order of the weight vector. */
  readonly blocks: readonly ParameterBlock[];
  /** Positions in the weight vector, ascending. */
  readonly indices: Uint32Array;
}

/**
 * The tensors of parameters in the order of the weight vector. Those of a convolutional network bear the names of its
 * layers, `stage1.block2.conv1.kernel`; layer l (from 1) of a dense network is one tensor, `layer2.matrix`: [W | b].
 */
export function namedParameters(network: Network): readonly ParameterBlock[] {
  if (network.kind === 'convolutional') return parameterBlocks(network);
  return layerShapes(network).map(({ offset, rows, columns }, l) => ({
    name: `layer${l + 1}.matrix`,
    kind: 'matrix',
    offset,
    size: rows * columns,
    shape: [rows, columns],
  }));
}

/**
 * The parameters whose tensor's name matches: for spectra of single layers, or of all but some.
 *
 * @param pattern  a text that must match the whole name, in which `*` stands for any characters, dots included:
 *   `stage1.*.kernel`; or a regular expression that must match somewhere in the name
 * @throws RangeError when no name matches, with the names that there are
 */
export function parametersMatching(network: Network, pattern: string | RegExp): ParameterSelection {
  const all = namedParameters(network);
  const expression = typeof pattern === 'string' ? fromGlob(pattern) : new RegExp(pattern.source, unstuck(pattern));
  const blocks = all.filter(({ name }) => expression.test(name));
  if (blocks.length === 0) {
    throw new RangeError(
      `parametersMatching: no tensor of parameters matches ${pattern}; there are ${all.map(({ name }) => name).join(', ')}`,
    );
  }
  const indices = new Uint32Array(blocks.reduce((sum, { size }) => sum + size, 0));
  let at = 0;
  for (const { offset, size } of blocks) for (let i = 0; i < size; i++) indices[at++] = offset + i;
  return { blocks, indices };
}

function fromGlob(glob: string): RegExp {
  const literal = glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`);
}

/** Without the flags that make an expression go on where its last match ended. */
function unstuck({ flags }: RegExp): string {
  return flags.replace(/[gy]/g, '');
}
