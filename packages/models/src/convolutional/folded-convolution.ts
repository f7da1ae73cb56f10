import type { LinearAlgebra, RealArray } from '@hessian-rmt/numerics';
import type { Convolution, ConvolutionOptions, ConvolutionShape } from './convolution-maps.js';
import { clearMargins, from, imagePitch, offsetOf, type PlaneShape, planeLength, scale, zeros } from './planes.js';
import { phasesOf, shiftedProducts } from './shifted-products.js';

// Where input and output do not lie alike, they are made to. The input is folded: its rows are copied, as they are, to
// where `stride` of its columns lie as one position of the output, and each residue of rows modulo the stride to an array
// of its own. That is one copy of the input, where neighbourhoods would be (size / stride)^2. The output is copied only
// if its margin has no room for the padding, or the input reaches further than it does.

/** Numbers that are folded before the next: they should stay in the second-level cache (our choice, bench/convolution.js). */
const foldedAtOnce = 2 ** 17;

/** The maps of any convolution. */
export function foldedConvolution<T extends RealArray>(
  { input, output, size, stride, padding }: ConvolutionShape,
  linearAlgebra: LinearAlgebra,
  { capacity, precision }: ConvolutionOptions,
): Convolution<T> {
  const [inputs, outputs] = [input.channels, output.channels];
  const kernelLength = size * size * inputs * outputs;
  const frame: PlaneShape = {
    height: Math.max(output.height, Math.ceil(input.height / stride)),
    width: Math.max(output.width, Math.ceil(input.width / stride)),
    channels: stride * inputs,
    margin: Math.max(output.margin, Math.ceil(padding / stride), Math.ceil((size - 1 - padding) / stride)),
  };
  const products = shiftedProducts<T>({ frame, inputs, outputs, size, stride, padding }, linearAlgebra);
  const used = phasesOf({ size, stride, padding });
  const numbers = used.size * imagePitch(frame) * frame.channels;
  const atOnce = Math.max(1, Math.min(capacity, Math.floor(foldedAtOnce / numbers)));
  const phaseArrays = () =>
    Array.from({ length: stride }, (_, phase) => zeros<T>(precision, used.has(phase) ? planeLength(frame, atOnce) : 0));
  const folded = phaseArrays();
  const gradients = phaseArrays();
  const framed = { ...frame, channels: outputs };
  const liesInFrame = frame.height === output.height && frame.width === output.width && frame.margin === output.margin;
  const outputInFrame = zeros<T>(precision, liesInFrame ? 0 : planeLength(framed, atOnce));

  /** Rows of the input that are read, and of the phases: where they begin, of which phase. */
  function eachRow(images: number, visit: (row: number, phase: number, foldedRow: number) => void): void {
    for (let n = 0; n < images; n++) {
      for (let y = 0; y < input.height; y++) {
        visit(offsetOf(input, n, y, 0), y % stride, offsetOf(frame, n, Math.floor(y / stride), 0));
      }
    }
  }

  function fold(x: T, images: number): void {
    const run = input.width * inputs;
    eachRow(images, (row, phase, foldedRow) => {
      if (used.has(phase)) folded[phase].set(x.subarray(row, row + run), foldedRow);
    });
  }

  /** dx := beta dx + gradients */
  function unfold(dx: T, images: number, beta: number): void {
    const run = input.width * inputs;
    eachRow(images, (row, phase, foldedRow) => {
      const gradient = gradients[phase];
      if (!used.has(phase)) scale(dx, row, row + run, beta);
      else if (beta === 0) dx.set(gradient.subarray(foldedRow, foldedRow + run), row);
      else for (let i = 0; i < run; i++) dx[row + i] = beta * dx[row + i] + gradient[foldedRow + i];
    });
  }

  /** What is given as output, where it lies as the products want it. */
  function inFrame(dy: T, images: number): T {
    if (liesInFrame) return dy;
    const run = output.width * outputs;
    outputInFrame.fill(0);
    eachOutputRow(images, (row, framedRow) => outputInFrame.set(dy.subarray(row, row + run), framedRow));
    return outputInFrame;
  }

  function eachOutputRow(images: number, visit: (row: number, framedRow: number) => void): void {
    for (let n = 0; n < images; n++) {
      for (let y = 0; y < output.height; y++) visit(offsetOf(output, n, y, 0), offsetOf(framed, n, y, 0));
    }
  }

  /** As many images as are folded at once, with the input and the output from the first of them on. */
  function eachBatch(x: T, y: T, images: number, visit: (x: T, y: T, count: number) => void): void {
    for (let first = 0; first < images; first += atOnce) {
      const [xFrom, yFrom] = [first * imagePitch(input) * inputs, first * imagePitch(output) * outputs];
      visit(from(x, xFrom), from(y, yFrom), Math.min(atOnce, images - first));
    }
  }

  return {
    forward(x, kernel, y, images, beta) {
      eachBatch(x, y, images, (x, y, count) => {
        fold(x, count);
        if (liesInFrame) {
          products.correlate(folded, kernel, y, count, beta);
          clearMargins(output, y, count);
          return;
        }
        const run = output.width * outputs;
        products.correlate(folded, kernel, outputInFrame, count, 0);
        eachOutputRow(count, (row, framedRow) => {
          scale(y, row, row + run, beta);
          for (let i = 0; i < run; i++) y[row + i] += outputInFrame[framedRow + i];
        });
      });
    },

    inputGradient(dy, kernel, dx, images, beta) {
      eachBatch(dx, dy, images, (dx, dy, count) => {
        for (const gradient of gradients) gradient.fill(0);
        products.addInputGradient(inFrame(dy, count), kernel, gradients, count);
        unfold(dx, count, beta);
      });
    },

    kernelGradient(x, dy, dk, images, beta) {
      scale(dk, 0, kernelLength, beta);
      eachBatch(x, dy, images, (x, dy, count) => {
        fold(x, count);
        products.addKernelGradient(folded, inFrame(dy, count), dk, count);
      });
    },
  };
}
