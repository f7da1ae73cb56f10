import type { RandomStream } from '@hessian-rmt/numerics';

const activations = ['identity', 'relu', 'tanh'] as const;
const lossNames = ['softmax-cross-entropy', 'squared-error'] as const;
export type Activation = (typeof activations)[number];
export type LossName = (typeof lossNames)[number];

/**
 * A fully connected network, as a plain description: z_l = W_l a_{l-1} + b_l, a_l = activation(z_l), no activation on
 * the output. The loss is the mean over samples of cross-entropy, or of 1/2 |f(x) - y|^2.
 */
export interface DenseNetwork {
  readonly kind: 'dense';
  /** Input size, hidden sizes, output size: at least two numbers. */
  readonly widths: readonly number[];
  readonly activation: Activation;
  readonly loss: LossName;
  readonly bias: boolean;
}

/**
 * All parameters in one vector. Layer after layer; within a layer unit after unit; of a unit its incoming weights,
 * then its bias (if the network has biases). So layer l is the row-major matrix [W_l | b_l].
 */
export type Weights = Float64Array;

/** Where layer l (from 0) lies in the weight vector: `rows` x `columns` row-major, `columns` counts the bias. */
export interface LayerShape {
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
}

export interface NetworkOptions {
  /** Default relu. */
  readonly activation?: Activation;
  /** Default softmax-cross-entropy. */
  readonly loss?: LossName;
  /** Default true. */
  readonly bias?: boolean;
}

/** A multilayer perceptron. @throws RangeError unless widths are at least two positive integers, or for another name */
export function mlp(widths: readonly number[], options: NetworkOptions = {}): DenseNetwork {
  if (widths.length < 2 || widths.some((width) => !Number.isInteger(width) || width < 1)) {
    throw new RangeError(`mlp: widths must be at least two positive integers, found [${widths.join(', ')}]`);
  }
  const { activation = 'relu', loss = 'softmax-cross-entropy', bias = true } = options;
  if (!activations.includes(activation)) {
    throw new RangeError(`mlp: activation must be one of ${activations.join(', ')}; found ${activation}`);
  }
  if (!lossNames.includes(loss)) {
    throw new RangeError(`mlp: loss must be one of ${lossNames.join(', ')}; found ${loss}`);
  }
  return { kind: 'dense', widths: [...widths], activation, loss, bias };
}

/** Multinomial logistic regression: one layer and softmax. */
export function softmaxRegression(inputs: number, classes: number): DenseNetwork {
  return mlp([inputs, classes], { activation: 'identity' });
}

export function layerShapes(network: DenseNetwork): LayerShape[] {
  const shapes: LayerShape[] = [];
  let offset = 0;
  for (let l = 1; l < network.widths.length; l++) {
    const rows = network.widths[l];
    const columns = network.widths[l - 1] + (network.bias ? 1 : 0);
    shapes.push({ offset, rows, columns });
    offset += rows * columns;
  }
  return shapes;
}

export function parameterCount(network: DenseNetwork): number {
  return layerShapes(network).reduce((sum, { rows, columns }) => sum + rows * columns, 0);
}

/**
 * He et al. 2015 for ReLU (variance 2 / fan-in), LeCun et al. 1998 otherwise (variance 1 / fan-in); normal weights,
 * zero biases.
 */
export function initialWeights(network: DenseNetwork, random: RandomStream): Weights {
  const weights = new Float64Array(parameterCount(network));
  const gain = network.activation === 'relu' ? 2 : 1;
  layerShapes(network).forEach(({ offset, rows, columns }, l) => {
    const fanIn = network.widths[l];
    const draws = random.stream(`layer-${l}`).normals(rows * fanIn, Math.sqrt(gain / fanIn));
    for (let i = 0; i < rows; i++) weights.set(draws.subarray(i * fanIn, (i + 1) * fanIn), offset + i * columns);
  });
  return weights;
}
