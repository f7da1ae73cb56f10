import { channelGradients, registerChannelKernels } from './gradients/channels.js';
import { comparisonGradients } from './gradients/comparisons.js';
import { convolutionGradients } from './gradients/convolution.js';
import { elementwiseGradients, registerElementwiseKernels } from './gradients/elementwise.js';
import { matrixProductGradients } from './gradients/matrix-product.js';
import { normalisationGradients } from './gradients/normalisation.js';
import { poolingGradients } from './gradients/pooling.js';
import { reductionGradients } from './gradients/reductions.js';
import { registerMaxPoolSelect } from './kernels/max-pooling.js';
import { outputLossGradients, registerOutputLosses } from './kernels/output-losses.js';
import { registerConstant } from './kernels/own-kernels.js';
import { mendWasm } from './kernels/wasm.js';
import type { GradConfig, TensorFlow } from './types.js';

/**
 * Gradients of stock tfjs 4.22.0 that are right when differentiated again, given the mended ones: they save inputs and are
 * made of operations of this list or of the mended list. Each has a test of its second derivative.
 */
export const soundStockGradients: readonly string[] = [
  // Elementwise.
  'Abs Acos Acosh Asin Asinh Atan Atanh Cos Cosh Erf Expm1 LeakyRelu Log Log1p Neg Prelu Reciprocal Relu6 Rsqrt',
  'Sin Sinh Softplus Sqrt Square Tan',
  // Of two tensors and more.
  'Add AddN Atan2 Maximum Minimum Multiply RealDiv Select SquaredDifference Sub',
  // Piecewise constant.
  'Ceil Floor OnesLike Round Sign Step ZerosLike',
  // Their saved output is only compared with the input, and the gradient of a comparison is zero.
  'Max Min',
  // Sums, shapes and choices of elements.
  'Cast ClipByValue Concat ExpandDims GatherV2 Identity Mean Pack PadV2 Reshape Reverse Slice SplitV Sum Tile Transpose',
  'Unpack',
  // Of all its inputs; the statistics of a batch are the caller's.
  'FusedBatchNorm',
].flatMap((names) => names.split(' '));

interface Engine {
  /** True while an operation run now is recorded for a gradient. Private in the declarations of tfjs. */
  isTapeOn(): boolean;
  customGrad: TensorFlow['customGrad'];
}

const mended = new WeakSet<object>();

/**
 * Makes `tf.grad` of `tf.grad` right, or else an error, on every backend of this process.
 *
 * Stock tfjs 4.22.0 drops every operation whose gradient saves its output, and every `tf.customGrad`, out of second
 * derivatives, silently (https://github.com/tensorflow/tfjs/issues/3252): of a softmax network's Hessian the Gauss-Newton
 * part is lost. Here such gradients are registered anew so that they save inputs and compute the output again. What is
 * not known to be right twice (depthwise and three-dimensional convolution, cumulative sums, `tf.logSoftmax`,
 * `tf.losses.softmaxCrossEntropy`, any `tf.customGrad`) throws when it is differentiated a second time. First derivatives are those of stock tfjs.
 *
 * openBackend calls it; a second call does nothing but mend the kernels of a wasm backend that was loaded since. Gradients registered afterwards are their author's care.
 */
export function mendSecondDerivatives(tf: TensorFlow): void {
  mendWasm(tf);
  const engine = tf.engine() as unknown as Engine;
  if (mended.has(engine)) return;
  mended.add(engine);

  registerConstant(tf);
  registerElementwiseKernels(tf);
  registerMaxPoolSelect(tf);
  registerChannelKernels(tf);
  registerOutputLosses(tf);
  const replacements = mendedGradients(tf);
  const sound = new Set([...soundStockGradients, ...replacements.map(({ kernelName }) => kernelName)]);
  for (const kernelName of kernelsWithGradient(tf)) {
    if (!sound.has(kernelName)) replace(tf, onceDifferentiable(tf.getGradient(kernelName), engine));
  }
  for (const gradient of replacements) replace(tf, gradient);
  guardCustomGradients(engine);
}

/** The gradients that mendSecondDerivatives registers, one family of operations a module. */
export function mendedGradients(tf: TensorFlow): GradConfig[] {
  return [
    ...elementwiseGradients(tf),
    ...reductionGradients(tf),
    ...comparisonGradients(tf),
    ...matrixProductGradients(tf),
    ...normalisationGradients(tf),
    ...convolutionGradients(tf),
    ...poolingGradients(tf),
    ...channelGradients(tf),
    ...outputLossGradients(tf),
  ];
}

/** All kernels with a registered gradient: tfjs exports the name of each kernel as a constant. */
export function kernelsWithGradient(tf: TensorFlow): string[] {
  const exported: unknown[] = Object.values(tf);
  const names = exported.filter((value): value is string => typeof value === 'string');
  return [...new Set(names)].filter((name) => tf.getGradient(name) !== undefined).sort();
}

function replace(tf: TensorFlow, gradient: GradConfig): void {
  if (tf.getGradient(gradient.kernelName) !== undefined) tf.unregisterGradient(gradient.kernelName);
  tf.registerGradient(gradient);
}

/** While a gradient is computed the tape is on only if an outer gradient is being recorded. */
function onceDifferentiable(gradient: GradConfig, engine: Engine): GradConfig {
  return {
    ...gradient,
    gradFunc: (dy, saved, attributes) => {
      if (engine.isTapeOn()) {
        throw new Error(
          `No second derivative of ${gradient.kernelName}: its gradient in tfjs is not known to be right when it is ` +
            'differentiated again (tensorflow/tfjs issue 3252)',
        );
      }
      return gradient.gradFunc(dy, saved, attributes);
    },
  };
}

function guardCustomGradients(engine: Engine): void {
  const stock = engine.customGrad.bind(engine);
  engine.customGrad = (f) =>
    stock((...inputs) => {
      const { value, gradFunc } = f(...inputs);
      return {
        value,
        gradFunc: (dy, saved) => {
          if (engine.isTapeOn()) {
            throw new Error(
              'No second derivative of a function with a custom gradient (tf.logSoftmax, tf.logSigmoid, ' +
                'tf.losses.softmaxCrossEntropy, fused operations, tf.customGrad): write it in plain operations, or use ' +
                'crossEntropy of @hessian-rmt/models',
            );
          }
          return gradFunc(dy, saved);
        },
      };
    });
}
