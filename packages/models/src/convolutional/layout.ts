import type { ImageShape } from '../dataset.js';
import type { ConvolutionalNetwork, Layer, ParameterBlock } from './network.js';

/** Where the statistics of a batch normalisation lie in a vector of statistics: means from `offset`, then the variances. */
export interface StatisticsBlock {
  /** Name of the layer. */
  readonly name: string;
  readonly offset: number;
  readonly channels: number;
}

/** A layer with the shapes that it maps between and the places of its parameters. A dense layer gives a 1 x 1 image. */
export interface PlacedLayer<L extends Layer = Layer> {
  readonly layer: L;
  readonly input: ImageShape;
  readonly output: ImageShape;
  /** In the order in which they lie in the weight vector; empty for layers without, residual blocks included. */
  readonly parameters: readonly ParameterBlock[];
  /** Of batch normalisation alone. */
  readonly statistics?: StatisticsBlock;
  /** Of residual blocks alone. */
  readonly branch?: readonly PlacedLayer[];
  readonly shortcut?: readonly PlacedLayer[];
}

/**
 * The layers of a network with their shapes, parameters and statistics; residual blocks hold theirs.
 *
 * @throws RangeError when a size or a rate is out of range, a window does not fit its input, branch and shortcut give
 *   different shapes, two layers with parameters have one name, or the last layer does not give one output a class
 */
export function placedLayers(network: ConvolutionalNetwork): readonly PlacedLayer[] {
  const { name, input, classes, layers } = network;
  for (const [what, size] of Object.entries({ ...input, classes })) positive(name, what, size);
  const placed = new Placement(name).layers(layers, input, '');
  const output = outputShape(placed, input);
  if (output.height !== 1 || output.width !== 1 || output.channels !== classes) {
    throw new RangeError(`${name}: expected ${classes} outputs, one a class, found ${shapeName(output)}`);
  }
  return placed;
}

/** The tensors of parameters in the order in which they lie in the weight vector. @throws as `placedLayers` */
export function parameterBlocks(network: ConvolutionalNetwork): ParameterBlock[] {
  return inOrder(placedLayers(network)).flatMap(({ parameters }) => parameters);
}

/** Number of parameters, those of batch normalisation included. @throws as `placedLayers` */
export function convolutionalParameterCount(network: ConvolutionalNetwork): number {
  return parameterBlocks(network).reduce((sum, { size }) => sum + size, 0);
}

/** Where each batch normalisation has its means and variances in a vector of statistics. @throws as `placedLayers` */
export function statisticsBlocks(network: ConvolutionalNetwork): StatisticsBlock[] {
  return inOrder(placedLayers(network)).flatMap(({ statistics }) => (statistics ? [statistics] : []));
}

/** Length of a vector of statistics; 0 without batch normalisation. @throws as `placedLayers` */
export function statisticsCount(network: ConvolutionalNetwork): number {
  return statisticsBlocks(network).reduce((sum, { channels }) => sum + 2 * channels, 0);
}

/** Layers as they are run, a residual block before its branch and its branch before its shortcut. */
export function inOrder(layers: readonly PlacedLayer[]): PlacedLayer[] {
  return layers.flatMap((placed) => [placed, ...inOrder(placed.branch ?? []), ...inOrder(placed.shortcut ?? [])]);
}

/** `16 x 16 x 3`: height, width, channels. */
export function shapeName({ height, width, channels }: ImageShape): string {
  return `${height} x ${width} x ${channels}`;
}

/** What a list of layers makes of its input: the output of the last, or the input where there are none. */
export function outputShape(layers: readonly PlacedLayer[], input: ImageShape): ImageShape {
  return layers.length === 0 ? input : layers[layers.length - 1].output;
}

/** Goes through a network once, giving out places. */
class Placement {
  private readonly names = new Set<string>();
  private parametersGiven = 0;
  private statisticsGiven = 0;

  constructor(private readonly network: string) {}

  layers(layers: readonly Layer[], input: ImageShape, path: string): PlacedLayer[] {
    let shape = input;
    return layers.map((layer, index) => {
      const placed = this.layer(layer, shape, `${path}${index}`);
      shape = placed.output;
      return placed;
    });
  }

  /** @param path  where the layer stands, `4.branch.0`, to name those without a name in errors */
  private layer(layer: Layer, input: ImageShape, path: string): PlacedLayer {
    const where = `${this.network}, layer ${'name' in layer ? `"${layer.name}"` : `${path} (${layer.kind})`}`;
    if ('name' in layer) this.take(layer.name, where);
    switch (layer.kind) {
      case 'convolution': {
        const { outputs, size, stride, padding } = layer;
        for (const [what, value] of Object.entries({ outputs, size, stride })) positive(where, what, value);
        if (!Number.isSafeInteger(padding) || padding < 0) {
          throw new RangeError(`${where}: padding must be an integer, not negative, found ${padding}`);
        }
        const output = { ...windows(where, input, size, stride, padding), channels: outputs };
        const parameters = [
          this.block(layer.name, 'kernel', [size, size, input.channels, outputs]),
          ...(layer.bias ? [this.block(layer.name, 'bias', [outputs])] : []),
        ];
        return { layer, input, output, parameters };
      }
      case 'dense': {
        positive(where, 'outputs', layer.outputs);
        const columns = input.height * input.width * input.channels + (layer.bias ? 1 : 0);
        const output = { height: 1, width: 1, channels: layer.outputs };
        return { layer, input, output, parameters: [this.block(layer.name, 'matrix', [layer.outputs, columns])] };
      }
      case 'batch-normalisation': {
        if (!(layer.epsilon >= 0 && layer.epsilon < Number.POSITIVE_INFINITY)) {
          throw new RangeError(`${where}: epsilon must be finite and not negative, found ${layer.epsilon}`);
        }
        const { channels } = input;
        const parameters = [this.block(layer.name, 'scale', [channels]), this.block(layer.name, 'shift', [channels])];
        const statistics = { name: layer.name, offset: this.statisticsGiven, channels };
        this.statisticsGiven += 2 * channels;
        return { layer, input, output: input, parameters, statistics };
      }
      case 'relu':
      case 'tanh':
        return { layer, input, output: input, parameters: [] };
      case 'average-pooling':
      case 'max-pooling': {
        positive(where, 'size', layer.size);
        positive(where, 'stride', layer.stride);
        const output = { ...windows(where, input, layer.size, layer.stride, 0), channels: input.channels };
        return { layer, input, output, parameters: [] };
      }
      case 'dropout':
        if (!(layer.rate >= 0 && layer.rate < 1)) {
          throw new RangeError(`${where}: rate must be in [0, 1), found ${layer.rate}`);
        }
        return { layer, input, output: input, parameters: [] };
      case 'residual': {
        const branch = this.layers(layer.branch, input, `${path}.branch.`);
        const shortcut = this.layers(layer.shortcut, input, `${path}.shortcut.`);
        const output = outputShape(branch, input);
        const beside = outputShape(shortcut, input);
        if (shapeName(output) !== shapeName(beside)) {
          throw new RangeError(
            `${where}: branch and shortcut must give one shape, found ${shapeName(output)} and ${shapeName(beside)}`,
          );
        }
        return { layer, input, output, parameters: [], branch, shortcut };
      }
    }
  }

  private take(name: string, where: string): void {
    if (name === '' || this.names.has(name)) {
      throw new RangeError(`${where}: layers with parameters must have names of their own, found "${name}" again`);
    }
    this.names.add(name);
  }

  private block(layer: string, kind: ParameterBlock['kind'], shape: readonly number[]): ParameterBlock {
    const size = shape.reduce((product, length) => product * length, 1);
    const offset = this.parametersGiven;
    this.parametersGiven += size;
    return { name: `${layer}.${kind}`, kind, offset, size, shape };
  }
}

function windows(where: string, input: ImageShape, size: number, stride: number, padding: number) {
  const along = (length: number) => Math.floor((length + 2 * padding - size) / stride) + 1;
  const [height, width] = [along(input.height), along(input.width)];
  if (height >= 1 && width >= 1) return { height, width };
  throw new RangeError(`${where}: a window of ${size} with padding ${padding} does not fit into ${shapeName(input)}`);
}

function positive(where: string, what: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new RangeError(`${where}: ${what} must be a positive integer, found ${value}`);
}
