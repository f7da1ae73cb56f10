import type { RealArray } from '@hessian-rmt/numerics';

// Images that convolutions can be read off without copying their neighbourhoods: a position holds its channels, a row is
// `width` positions and then `margin` positions of zeros, an image `height` rows and then `margin` rows of zeros. The
// zeros right of a row are also those left of the next, and those below an image also those above the next; the first
// image alone has zeros of its own before it. So at most `margin` rows and columns away from a pixel lies either another
// pixel of its image or a zero.
//
// Whoever writes keeps it so: outside the images there are only zeros. Behind the images that a batch fills there may be
// others, of a larger batch before it.

/** One image of a batch: what of it is stored. */
export interface PlaneShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Rows and columns of zeros around an image; 0: a batch is the row-major matrix of its pixels, images x height x width rows. */
  readonly margin: number;
}

/** What is computed in. */
export type Precision = 'float32' | 'float64';

/** Positions of a row with its margin. */
export function rowPitch({ width, margin }: PlaneShape): number {
  return width + margin;
}

/** Positions of an image with its margins. */
export function imagePitch(shape: PlaneShape): number {
  return (shape.height + shape.margin) * rowPitch(shape);
}

/** Number of the position of pixel (y, x) of image n: it is offsetOf / channels. */
export function positionOf(shape: PlaneShape, n: number, y: number, x: number): number {
  const { margin } = shape;
  return margin * (rowPitch(shape) + 1) + n * imagePitch(shape) + y * rowPitch(shape) + x;
}

/** Where the channels of pixel (y, x) of image n begin. */
export function offsetOf(shape: PlaneShape, n: number, y: number, x: number): number {
  return positionOf(shape, n, y, x) * shape.channels;
}

/** Positions that so many images take, margins included. */
export function planePositions(shape: PlaneShape, images: number): number {
  return positionOf(shape, images, 0, 0);
}

/** Numbers that so many images take, margins included. */
export function planeLength(shape: PlaneShape, images: number): number {
  return planePositions(shape, images) * shape.channels;
}

/** An array of zeros of the precision. T is the caller's name for it. */
export function zeros<T extends RealArray>(precision: Precision, length: number): T {
  return (precision === 'float64' ? new Float64Array(length) : new Float32Array(length)) as RealArray as T;
}

/** What lies in an array from an offset on, in the same memory. */
export function from<T extends RealArray>(array: T, offset: number): T {
  return array.subarray(offset) as T;
}

/** Numbers begin .. end - 1 times beta; zero, whatever they are, when it is 0. */
export function scale(data: RealArray, begin: number, end: number, beta: number): void {
  if (beta === 0) data.fill(0, begin, end);
  else if (beta !== 1) for (let i = begin; i < end; i++) data[i] *= beta;
}

/** Zeros between the pixels of the images, whatever stands there: after something was written to all positions alike. */
export function clearMargins(shape: PlaneShape, data: RealArray, images: number): void {
  const { height, channels, margin } = shape;
  if (margin === 0) return;
  const pitch = rowPitch(shape) * channels;
  const gap = margin * channels;
  for (let n = 0; n < images; n++) {
    const image = offsetOf(shape, n, 0, 0);
    for (let y = 0; y < height; y++) {
      const end = image + (y + 1) * pitch;
      for (let i = end - gap; i < end; i++) data[i] = 0;
    }
    data.fill(0, image + height * pitch, image + (height + margin) * pitch);
  }
}

/** The images of the rows of a data set, images x (height width channels) with channels innermost, from image 0 on. */
export function toPlanes(shape: PlaneShape, rows: ArrayLike<number>, images: number, data: RealArray): void {
  const run = shape.width * shape.channels;
  for (let n = 0; n < images; n++) {
    for (let y = 0; y < shape.height; y++) {
      const read = (n * shape.height + y) * run;
      const write = offsetOf(shape, n, y, 0);
      for (let i = 0; i < run; i++) data[write + i] = rows[read + i];
    }
  }
}

/** The images without margins: images x (height width channels) numbers. */
export function fromPlanes(shape: PlaneShape, data: RealArray, images: number): Float64Array {
  const run = shape.width * shape.channels;
  const rows = new Float64Array(images * shape.height * run);
  for (let n = 0; n < images; n++) {
    for (let y = 0; y < shape.height; y++) {
      const read = offsetOf(shape, n, y, 0);
      const write = (n * shape.height + y) * run;
      for (let i = 0; i < run; i++) rows[write + i] = data[read + i];
    }
  }
  return rows;
}
