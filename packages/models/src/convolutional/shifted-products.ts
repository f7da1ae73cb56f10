import type { LinearAlgebra, RealArray } from '@hessian-rmt/numerics';
import { from, type PlaneShape, positionOf, rowPitch } from './planes.js';

// How a convolution is read off images without copying neighbourhoods. Let input and output lie alike, position by
// position (with stride s, a position of the input is s columns of it, and each of its s residues of rows is an image of
// its own). Then a neighbour is equally far away from all positions, and the positions of a batch, margins and all, are
// the rows of one long matrix. The neighbours in row ky of the kernel are size * inputs numbers one after the other: a row
// of a matrix whose rows overlap, as they begin only s * inputs numbers apart. A BLAS wants them not to overlap: every
// ceil(size / s)-th of them do not. So ky and each residue of the positions are one product of
// (positions / ceil(size / s)) x (size inputs) x outputs.

/** Input and output as they lie. */
export interface ShiftedShape {
  /** Of the positions. Its margin is wide enough for all neighbours of its pixels; its channels are not looked at. */
  readonly frame: PlaneShape;
  /** Channels of a pixel of the input. */
  readonly inputs: number;
  readonly outputs: number;
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

/**
 * The maps of a convolution between arrays that lie so. `phases[a]` is the input's rows y with y mod stride = a: its
 * position (n, y, x) holds the channels of the pixels (n, stride y + a, stride x ..). Outputs outside the images are
 * written, too, and are then anything; those of gradients must be zero.
 */
export interface ShiftedProducts<T extends RealArray> {
  /** y := phases * kernel + beta y */
  correlate(phases: readonly T[], kernel: T, y: T, images: number, beta: number): void;
  /** phases := phases + what each number of them does to <dy, phases * kernel> */
  addInputGradient(dy: T, kernel: T, phases: readonly T[], images: number): void;
  /** dk := dk + what each number of the kernel does to <dy, phases * kernel> */
  addKernelGradient(phases: readonly T[], dy: T, dk: T, images: number): void;
}

/**
 * OpenBLAS multiplies without packing its arguments up to m n k = 100^3 (its SMALL_MATRIX_OPT): 1.3 times as fast at 16
 * channels, so products stay below it.
 */
const smallProduct = 1e6;
/** Numbers of input and output that are worked through at once: they stay in a second-level cache of 1 to 2 MiB. */
const blockNumbers = 2 ** 17;
/** With many channels products are too large for both, and with few rows the kernel is packed too often (our choice). */
const leastRows = 64;
const rowsOfLargeProducts = 1024;

/** The phases that are read: residues modulo the stride of the rows that the kernel's rows meet. */
export function phasesOf({ size, stride, padding }: Pick<ShiftedShape, 'size' | 'stride' | 'padding'>): Set<number> {
  return new Set(Array.from({ length: size }, (_, ky) => modulo(ky - padding, stride)));
}

export function shiftedProducts<T extends RealArray>(
  { frame, inputs, outputs, size, stride, padding }: ShiftedShape,
  linearAlgebra: LinearAlgebra,
): ShiftedProducts<T> {
  const columns = size * inputs;
  const apart = Math.ceil(size / stride);
  const kernelRow = columns * outputs;
  const lda = apart * stride * inputs;
  const ldc = apart * outputs;
  const block = apart * rowsAtOnce(kernelRow, apart * (stride * inputs + outputs));

  /** For each product: the row of the kernel, where its first neighbourhood begins in which phase, its first output, its rows. */
  function eachProduct(
    images: number,
    visit: (ky: number, phase: number, neighbours: number, output: number, rows: number) => void,
  ): void {
    const begin = positionOf(frame, 0, 0, 0);
    // Not a margin more: what follows the last image may be one of a larger batch.
    const end = images === 0 ? begin : positionOf(frame, images - 1, frame.height - 1, frame.width - 1) + 1;
    for (let first = begin; first < end; first += block) {
      const blockEnd = Math.min(first + block, end);
      for (let ky = 0; ky < size; ky++) {
        const phase = modulo(ky - padding, stride);
        const down = (ky - padding - phase) / stride;
        for (let position = first; position < Math.min(first + apart, blockEnd); position++) {
          const neighbours = ((position + down * rowPitch(frame)) * stride - padding) * inputs;
          visit(ky, phase, neighbours, position * outputs, Math.ceil((blockEnd - position) / apart));
        }
      }
    }
  }

  return {
    correlate(phases, kernel, y, images, beta) {
      eachProduct(images, (ky, phase, neighbours, output, m) => {
        const [a, b, c] = [from(phases[phase], neighbours), from(kernel, ky * kernelRow), from(y, output)];
        const product = { m, n: outputs, k: columns, a, lda, b, ldb: outputs, beta: ky === 0 ? beta : 1, c, ldc };
        linearAlgebra.gemm(product);
      });
    },

    addInputGradient(dy, kernel, phases, images) {
      eachProduct(images, (ky, phase, neighbours, output, m) => {
        const [a, b, c] = [from(dy, output), from(kernel, ky * kernelRow), from(phases[phase], neighbours)];
        const product = { m, n: columns, k: outputs, a, lda: ldc, b, ldb: outputs, beta: 1, c, ldc: lda };
        linearAlgebra.gemm({ transposeB: true, ...product });
      });
    },

    addKernelGradient(phases, dy, dk, images) {
      eachProduct(images, (ky, phase, neighbours, output, k) => {
        const [a, b, c] = [from(phases[phase], neighbours), from(dy, output), from(dk, ky * kernelRow)];
        const product = { m: columns, n: outputs, k, a, lda, b, ldb: ldc, beta: 1, c, ldc: outputs };
        linearAlgebra.gemm({ transposeA: true, ...product });
      });
    },
  };
}

/** @param kernelRow k n of a product; @param numbers of input and output that a row of it stands for */
function rowsAtOnce(kernelRow: number, numbers: number): number {
  const rows = Math.floor(Math.min(smallProduct / kernelRow, blockNumbers / numbers));
  return rows < leastRows ? rowsOfLargeProducts : rows;
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
