import type { TensorBackend } from './backend.js';
import type { TensorFlow } from './types.js';

/*
 * The wasm backend aborts for good, and the process's tfjs with it, when its heap is full. What a computation needs grows
 * with the samples by the same amount each: two trials, with one sample and with two, tell the need of any number.
 */

/** What WebAssembly can address, and the limit in tfjs-backend-wasm 4.22. */
const HEAP_BYTES = 2 ** 32;
/**
 * Share of the heap that tensors may take. The rest is for what they do not count: packed filters, and gaps between tensors
 * of different sizes (measured for Hessian-vector products: heaps of 1.04 to 1.13 times the tensors at 3 to 4 GiB;
 * PreResNet-8 runs with tensors of 0.93 of the heap and aborts at 0.98).
 */
const USABLE_SHARE = 0.8;

/** Bytes that a computation needs on a backend's heap, as a function of the number of samples at once. */
export interface HeapNeed {
  readonly fixed: number;
  readonly perSample: number;
}

export function heapNeed(tf: TensorFlow, run: (samples: number) => void): HeapNeed {
  const [one, two] = [1, 2].map((samples) => peakBytes(tf, () => run(samples)));
  const perSample = Math.max(0, two - one);
  return { fixed: one - perSample, perSample };
}

/**
 * How many of `samples` at once fit into what is left of the heap; all of them on backends other than wasm.
 *
 * @param name  of what is computed, for the error
 * @throws RangeError when not even one fits
 */
export function samplesThatFit(
  { name: backend, tf }: TensorBackend,
  name: string,
  need: HeapNeed,
  samples: number,
): number {
  if (backend !== 'wasm') return samples;
  const room = USABLE_SHARE * HEAP_BYTES - tf.memory().numBytes;
  const fitting = Math.min(samples, Math.floor((room - need.fixed) / need.perSample));
  if (fitting < 1) throw outOfHeap(name, need, 1, room);
  return fitting;
}

/** @throws RangeError when they do not */
export function requireFit(backend: TensorBackend, name: string, need: HeapNeed, samples: number): void {
  if (samplesThatFit(backend, name, need, samples) >= samples) return;
  throw outOfHeap(name, need, samples, USABLE_SHARE * HEAP_BYTES - backend.tf.memory().numBytes);
}

function outOfHeap(name: string, { fixed, perSample }: HeapNeed, samples: number, room: number): RangeError {
  const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20).toLocaleString('en')} MiB`;
  return new RangeError(
    `${name} of ${samples} samples at once needs ${mebibytes(fixed + samples * perSample)} of the wasm heap, of which ` +
      `${mebibytes(room)} can be used: expected fewer samples at once, or convolutionalSums, which needs no such heap`,
  );
}

interface CountedBackend {
  write(values: unknown, shape: number[], dtype: string): object;
  disposeData(dataId: object, force?: boolean): boolean;
}

/** The most that tensors made while `run` runs take at a time, in bytes; memory that several share counts once. */
export function peakBytes(tf: TensorFlow, run: () => void): number {
  const backend = tf.backend() as unknown as CountedBackend;
  const [write, disposeData] = [backend.write, backend.disposeData];
  const sizes = new Map<object, number>();
  let [bytes, peak] = [0, 0];
  backend.write = (values, shape, dtype) => {
    const dataId = write.call(backend, values, shape, dtype);
    const size = tf.util.sizeFromShape(shape) * tf.util.bytesPerElement(dtype as 'float32');
    sizes.set(dataId, size);
    bytes += size;
    peak = Math.max(peak, bytes);
    return dataId;
  };
  backend.disposeData = (dataId, force) => {
    const freed = disposeData.call(backend, dataId, force);
    if (freed) {
      bytes -= sizes.get(dataId) ?? 0;
      sizes.delete(dataId);
    }
    return freed;
  };
  try {
    run();
  } finally {
    backend.write = write;
    backend.disposeData = disposeData;
  }
  return peak;
}
