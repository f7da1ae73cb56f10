import type { GradConfig, Tensor, TensorFlow } from '../types.js';

/** What the three kernels of a convolution have in common. */
export interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: number | 'same' | 'valid' | [number, number][];
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dilations?: number | [number, number];
}

/**
 * Convolution y = x * w and its two adjoints, dx = dy * w^T and dw = x^T * dy. They are bilinear, and the derivative of each
 * by either factor is one of the others: closed under differentiation to any order. Stock tfjs has the first two of these
 * gradients, but none of Conv2DBackpropFilter, so that it throws on the second derivative of `tf.conv2d`.
 */
export function convolutionGradients(tf: TensorFlow): GradConfig[] {
  const forward = (x: Tensor, filter: Tensor, attributes: ConvolutionAttributes) =>
    run(tf, tf.Conv2D, { x, filter }, { dilations: 1, ...attributes });
  const inputGradient = (dy: Tensor, filter: Tensor, inputShape: number[], attributes: ConvolutionAttributes) =>
    run(tf, tf.Conv2DBackpropInput, { dy, filter }, { ...attributes, inputShape });
  const filterGradient = (x: Tensor, dy: Tensor, filterShape: number[], attributes: ConvolutionAttributes) =>
    run(tf, tf.Conv2DBackpropFilter, { x, dy }, { ...attributes, filterShape });

  return [
    {
      kernelName: tf.Conv2D,
      inputsToSave: ['x', 'filter'],
      gradFunc: (dyOrDys, [x, filter], attrs) => {
        const [dy, attributes] = [dyOrDys as Tensor, withoutDilation(tf, attrs)];
        return {
          x: () => inputGradient(dy, filter, x.shape, attributes),
          filter: () => filterGradient(x, dy, filter.shape, attributes),
        };
      },
    },
    {
      kernelName: tf.Conv2DBackpropInput,
      inputsToSave: ['dy', 'filter'],
      gradFunc: (ddxOrDdxs, [dy, filter], attrs) => {
        const [ddx, attributes] = [ddxOrDdxs as Tensor, withoutDilation(tf, attrs)];
        return {
          dy: () => forward(ddx, filter, attributes),
          filter: () => filterGradient(ddx, dy, filter.shape, attributes),
        };
      },
    },
    {
      kernelName: tf.Conv2DBackpropFilter,
      inputsToSave: ['x', 'dy'],
      gradFunc: (ddwOrDdws, [x, dy], attrs) => {
        const [ddw, attributes] = [ddwOrDdws as Tensor, withoutDilation(tf, attrs)];
        return {
          x: () => inputGradient(dy, ddw, x.shape, attributes),
          dy: () => forward(x, ddw, attributes),
        };
      },
    },
  ];
}

/** @throws Error for dilated convolutions, of which tfjs has no adjoints */
function withoutDilation(tf: TensorFlow, attrs: object): ConvolutionAttributes {
  const { strides, pad, dataFormat, dimRoundingMode, dilations = 1 } = attrs as ConvolutionAttributes;
  if (!tf.backend_util.tupleValuesAreOne(dilations)) {
    throw new Error(`No derivative of a convolution with dilation: expected 1, found ${dilations}`);
  }
  return { strides, pad, dataFormat, ...(dimRoundingMode ? { dimRoundingMode } : {}) };
}

function run(tf: TensorFlow, kernel: string, inputs: Record<string, Tensor>, attributes: object): Tensor {
  return tf.engine().runKernel(kernel, inputs, attributes as never) as Tensor;
}
