import type { Tensor, TensorFlow } from '../types.js';
import { type Inputs, registerKernel } from './own-kernels.js';

/** Of the kernels of pooling. */
export interface PoolingAttributes {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: number | 'same' | 'valid' | [number, number][];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

export const MAX_POOL_SELECT = 'MaxPoolSelect';

/**
 * Of each window of `t` the element at the place where `input` is largest, first: the adjoint of MaxPoolGrad. In loops of
 * JavaScript on every backend: not all have the places (MaxPoolWithArgmax), and pooled layers are few.
 */
export function registerMaxPoolSelect(tf: TensorFlow): void {
  registerKernel(tf, MAX_POOL_SELECT, ({ t, input }: Inputs, attributes: PoolingAttributes) => {
    const values = valuesOf(tf, t);
    const selected = Float32Array.from(placesOfLargest(tf, input, attributes), (place) => values[place]);
    return tf.tensor(selected, poolingOf(tf, input, attributes).outShape);
  });
}

/**
 * Max pooling on the wasm backend hands the gradient to the first of equal elements, as the cpu backend, TensorFlow and
 * PyTorch do. Stock tfjs 4.22.0 takes the last there.
 */
export function mendWasmMaxPooling(tf: TensorFlow): void {
  const stock = tf.getKernel(tf.MaxPoolGrad, 'wasm');
  tf.unregisterKernel(tf.MaxPoolGrad, 'wasm');
  tf.registerKernel({
    ...stock,
    kernelFunc: ({ inputs, attrs }) => {
      const { dy, input } = inputs as unknown as Record<'dy' | 'input', Tensor>;
      const places = placesOfLargest(tf, input, attrs as unknown as PoolingAttributes);
      const values = valuesOf(tf, dy);
      const dx = new Float32Array(tf.util.sizeFromShape(input.shape));
      for (let o = 0; o < places.length; o++) dx[places[o]] += values[o];
      return tf.tensor(dx, input.shape);
    },
  });
}

/** Kernels are given what tfjs calls a tensor info: a tensor without methods. */
function valuesOf(tf: TensorFlow, { dataId }: Tensor): Float32Array {
  return tf.backend().readSync(dataId) as Float32Array;
}

function poolingOf(tf: TensorFlow, input: Tensor, { filterSize, strides, pad, dimRoundingMode }: PoolingAttributes) {
  const shape = input.shape as [number, number, number, number];
  return tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad as never, dimRoundingMode);
}

/** Where in the whole of `input` the first largest element of each window is. */
function placesOfLargest(tf: TensorFlow, input: Tensor, attributes: PoolingAttributes): Int32Array {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, ...pooling } = poolingOf(
    tf,
    input,
    attributes,
  );
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = pooling;
  const x = valuesOf(tf, input);
  const places = new Int32Array(batchSize * outHeight * outWidth * inChannels);
  let o = 0;
  for (let n = 0; n < batchSize; n++) {
    for (let row = 0; row < outHeight; row++) {
      const top = row * strideHeight - padInfo.top;
      const [fromY, toY] = [Math.max(0, top), Math.min(inHeight, top + filterHeight)];
      for (let column = 0; column < outWidth; column++) {
        const left = column * strideWidth - padInfo.left;
        const [fromX, toX] = [Math.max(0, left), Math.min(inWidth, left + filterWidth)];
        for (let c = 0; c < inChannels; c++) {
          let best = ((n * inHeight + fromY) * inWidth + fromX) * inChannels + c;
          for (let y = fromY; y < toY; y++) {
            for (let x0 = fromX; x0 < toX; x0++) {
              const place = ((n * inHeight + y) * inWidth + x0) * inChannels + c;
              if (x[place] > x[best]) best = place;
            }
          }
          places[o++] = best;
        }
      }
    }
  }
  return places;
}
