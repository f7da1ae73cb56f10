import { describe, expect, it } from 'vitest';
import { clearMargins, fromPlanes, planeLength, planePositions, toPlanes } from '../../src/convolutional/planes.js';

describe('planes', () => {
  const shape = { height: 2, width: 2, channels: 1, margin: 1 };
  const rows = [1, 2, 3, 4, 5, 6, 7, 8];
  // biome-ignore format: as it lies
  const data = [
    0, 0, 0, 0,
    1, 2, 0,
    3, 4, 0,
    0, 0, 0,
    5, 6, 0,
    7, 8, 0,
    0, 0, 0,
  ];

  it('have zeros around every image, shared between neighbours', () => {
    const planes = new Float64Array(planeLength(shape, 2));
    toPlanes(shape, rows, 2, planes);
    expect([...planes]).toEqual(data);
    expect([...fromPlanes(shape, planes, 2)]).toEqual(rows);
  });

  it('get their zeros back', () => {
    const planes = Float64Array.from(data, (value, i) => (i < 4 ? 0 : value || Number.NaN));
    clearMargins(shape, planes, 2);
    expect([...planes]).toEqual(data);
  });

  it('without a margin are the matrix of all pixels', () => {
    const matrix = { height: 3, width: 5, channels: 4, margin: 0 };
    expect(planePositions(matrix, 6)).toBe(90);
    const planes = Float32Array.from({ length: planeLength(matrix, 6) }, (_, i) => i);
    clearMargins(matrix, planes, 6);
    const read = fromPlanes(matrix, planes, 6);
    expect([...read]).toEqual([...planes]);
  });
});
