/** Side of the tile of C that the innermost loop keeps in registers: 16 sums. */
export const tile = 4;

// Sizes of the blocks: the panels of A and B (rowBlock, or columnBlock, by depthBlock) stay in the second-level cache, a
// tile's strip of A (4 x depthBlock) in the first. Our choice: half or twice of each measured alike, within 5 %.
export const depthBlock = 256;
export const rowBlock = 96;
export const columnBlock = 512;

/**
 * The innermost loop of a matrix product, with the memory that it reads and writes.
 *
 * A strip is four rows of A, or four columns of B; within a strip the four elements of each step lie together.
 */
export interface TileKernel {
  readonly name: 'WebAssembly SIMD' | 'JavaScript';
  /** Strips of A: room for rowBlock x depthBlock. */
  readonly panelA: Float64Array;
  /** Strips of B: room for columnBlock x depthBlock. */
  readonly panelB: Float64Array;
  /** 4 x 4, row-major. */
  readonly sums: Float64Array;
  /** sums := A B of the strips that begin at panelA[p] and panelB[q], over `steps` > 0 steps, added up in order. */
  multiplyTile(p: number, q: number, steps: number): void;
}
