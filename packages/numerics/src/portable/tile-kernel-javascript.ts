import { columnBlock, depthBlock, rowBlock, type TileKernel, tile } from './tile-kernel.js';

/** For engines without WebAssembly SIMD. About 4 GF. */
export function javascriptKernel(): TileKernel {
  const panelA = new Float64Array(rowBlock * depthBlock);
  const panelB = new Float64Array(columnBlock * depthBlock);
  const sums = new Float64Array(tile * tile);
  return {
    name: 'JavaScript',
    panelA,
    panelB,
    sums,
    multiplyTile: (p, q, steps) => multiplyTile(panelA, p, panelB, q, steps, sums),
  };
}

// biome-ignore format: a matrix of sums
function multiplyTile(a: Float64Array, p: number, b: Float64Array, q: number, steps: number, sums: Float64Array): void {
  let c00 = 0, c01 = 0, c02 = 0, c03 = 0;
  let c10 = 0, c11 = 0, c12 = 0, c13 = 0;
  let c20 = 0, c21 = 0, c22 = 0, c23 = 0;
  let c30 = 0, c31 = 0, c32 = 0, c33 = 0;
  for (const end = p + tile * steps; p < end; p += tile, q += tile) {
    const b0 = b[q], b1 = b[q + 1], b2 = b[q + 2], b3 = b[q + 3];
    const a0 = a[p];
    c00 += a0 * b0; c01 += a0 * b1; c02 += a0 * b2; c03 += a0 * b3;
    const a1 = a[p + 1];
    c10 += a1 * b0; c11 += a1 * b1; c12 += a1 * b2; c13 += a1 * b3;
    const a2 = a[p + 2];
    c20 += a2 * b0; c21 += a2 * b1; c22 += a2 * b2; c23 += a2 * b3;
    const a3 = a[p + 3];
    c30 += a3 * b0; c31 += a3 * b1; c32 += a3 * b2; c33 += a3 * b3;
  }
  sums[0] = c00; sums[1] = c01; sums[2] = c02; sums[3] = c03;
  sums[4] = c10; sums[5] = c11; sums[6] = c12; sums[7] = c13;
  sums[8] = c20; sums[9] = c21; sums[10] = c22; sums[11] = c23;
  sums[12] = c30; sums[13] = c31; sums[14] = c32; sums[15] = c33;
}
