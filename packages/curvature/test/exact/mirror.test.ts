import { type LinearAlgebra, linearAlgebra, portableLinearAlgebra } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { Lanes } from '../../src/exact/lanes.js';
import { fillLowerTriangle } from '../../src/exact/mirror.js';

const la = await linearAlgebra();

/** Layers of [units, inputs]: blocks below and above what a call is worth, halves of odd size, one and several pieces. */
const cases: readonly (readonly (readonly [number, number])[])[] = [
  [[1, 1]],
  [
    [3, 201],
    [40, 5],
    [2, 131],
  ],
  [
    [1, 1300],
    [25, 3],
  ],
  [
    [150, 7],
    [1, 63],
    [1, 64],
    [1, 127],
    [1, 128],
  ],
];

describe.each([
  ['the library', la],
  ['plain TypeScript', portableLinearAlgebra()],
])('the lower triangle, filled by %s', (_, linearAlgebra: LinearAlgebra) => {
  it.each(cases.map((layers) => [layers.map((layer) => layer.join(' x ')).join(', '), layers] as const))(
    'is the image of what has been summed, and nothing of what stood there is left: layers of %s',
    async (_, layers) => {
      let n = 0;
      const shapes = layers.map(([rows, columns]) => {
        const offset = n;
        n += rows * columns;
        return { offset, rows, columns };
      });
      const layerOf = Array.from({ length: n }, (_, row) => shapes.findLastIndex(({ offset }) => offset <= row));

      /** Where the sum for this entry stands: at l <= m, and within a layer at i <= k, j <= q. */
      const summedAt = (row: number, column: number): number => {
        const [r, c] = [Math.min(row, column), Math.max(row, column)];
        const { offset, columns } = shapes[layerOf[r]];
        if (layerOf[c] !== layerOf[r]) return r * n + c;
        const [i, k] = [r, c].map((index) => Math.floor((index - offset) / columns));
        const [j, q] = [r, c].map((index) => (index - offset) % columns);
        return (offset + i * columns + Math.min(j, q)) * n + offset + k * columns + Math.max(j, q);
      };

      const matrix = new Float64Array(new SharedArrayBuffer(8 * n * n)).fill(Number.NaN);
      for (let row = 0; row < n; row++) {
        for (let column = 0; column < n; column++) matrix[summedAt(row, column)] = summedAt(row, column);
      }
      await fillLowerTriangle({ matrix, n, linearAlgebra, lanes: new Lanes(3), mirrored: new Set() }, shapes);
      let wrong = 0;
      for (let row = 0; row < n; row++) {
        for (let column = 0; column < n; column++) {
          if (matrix[row * n + column] !== summedAt(row, column)) wrong++;
        }
      }
      expect(wrong).toBe(0);
    },
  );
});
