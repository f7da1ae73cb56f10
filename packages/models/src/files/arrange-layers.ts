import { DataFileError } from '../data/data-file-error.js';
import { type DenseLayer, described } from './dense-layers.js';
import { roleOf } from './layer-names.js';
import { byNumbers, chainsOf, firstBreak, isChain, type SizedLayer } from './layer-order.js';
import { matrixOf, type WeightLayout, weightLayouts } from './weight-layout.js';

export interface ArrangedLayer extends SizedLayer, DenseLayer {}

export interface Arrangement {
  readonly layout: WeightLayout;
  /** From the inputs to the outputs. */
  readonly layers: readonly ArrangedLayer[];
}

export interface ArrangeOptions {
  readonly file: string;
  /** Whether the order of the layers is the one in which their tensors were written. */
  readonly keepsOrder: boolean;
  readonly layout?: WeightLayout | undefined;
  /** Whether the caller gave the layers in their order. */
  readonly inOrder: boolean;
}

/**
 * Layout and order of the layers of a file: what is given, else what the names say, else the one way in which biases have
 * as many elements as layers have outputs, and layers take what the layer before them gives.
 *
 * @throws DataFileError naming file and tensors when there is no such way, or more than one
 */
export function arrangeLayers(layers: readonly DenseLayer[], options: ArrangeOptions): Arrangement {
  const { file } = options;
  const layout = options.layout ?? namedLayout(layers, file);
  const attempts = (layout ? [layout] : weightLayouts).map((candidate) => attempt(layers, candidate, options));
  const fitting = attempts.filter((result): result is Attempt => !(result instanceof DataFileError));
  if (fitting.length === 2) {
    const kernels = layers.map(({ kernel }) => described(kernel)).join(', ');
    const found = `${kernels}, which fit as ${matrixOf.torch} (layout torch) and as ${matrixOf.keras} (layout keras): give the layout`;
    throw new DataFileError(file, 'names or shapes that tell outputs from inputs', found);
  }
  if (fitting.length === 1) return inOneOrder(fitting[0], options);
  throw attempts[0];
}

type Attempt = Omit<Arrangement, 'layers'> & { readonly orders: readonly (readonly ArrangedLayer[])[] };

/** The orders that fit the layout, two at most; or why there is none. */
function attempt(
  layers: readonly DenseLayer[],
  layout: WeightLayout,
  options: ArrangeOptions,
): Attempt | DataFileError {
  const sized = layers.map((layer) => {
    const [rows, columns] = layer.kernel.shape;
    return layout === 'torch'
      ? { ...layer, outputs: rows, inputs: columns }
      : { ...layer, outputs: columns, inputs: rows };
  });
  const other = layout === 'torch' ? 'keras' : 'torch';
  const hint = `layout ${layout}: kernels are ${matrixOf[layout]}; the other layout is ${other}`;
  const misfit = sized.find(({ bias, outputs }) => bias && elements(bias.shape) !== outputs);
  if (misfit) {
    const expected = `${misfit.outputs} biases, as ${described(misfit.kernel)} has outputs`;
    return new DataFileError(options.file, expected, `${described(misfit.bias!)} (${hint})`);
  }
  const given = options.inOrder ? firstBreak(sized) < 0 : options.keepsOrder && isChain(sized);
  if (given) return { layout, orders: [sized] };
  const orders = options.inOrder ? [] : (chainsOf(sized) ?? [sized, sized]);
  if (orders.length > 0) return { layout, orders };
  const line = options.inOrder ? sized : byNumbers(sized);
  const broken = firstBreak(line);
  const expected = `a layer of ${line[broken - 1].outputs} inputs after ${described(line[broken - 1].kernel)}`;
  return new DataFileError(options.file, expected, `${described(line[broken].kernel)} (${hint})`);
}

function inOneOrder({ layout, orders }: Attempt, { file }: ArrangeOptions): Arrangement {
  if (orders.length === 1) return { layout, layers: orders[0] };
  const names = orders[0].map(({ name }) => name).join(', ');
  throw new DataFileError(
    file,
    'names or shapes that tell the order of the layers',
    `${names}: give the layers in their order`,
  );
}

function namedLayout(layers: readonly DenseLayer[], file: string): WeightLayout | undefined {
  const said = layers.map(({ kernel }) => ({ kernel, layout: roleOf(kernel.name)?.layout }));
  const [torch, keras] = weightLayouts.map((layout) => said.find((kernel) => kernel.layout === layout));
  if (torch && keras) {
    const found = `${described(torch.kernel)} and ${described(keras.kernel)}: give the layout`;
    throw new DataFileError(file, 'kernels named as in one library', found);
  }
  return torch?.layout ?? keras?.layout;
}

const elements = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);
