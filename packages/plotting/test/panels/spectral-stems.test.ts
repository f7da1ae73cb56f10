import { describe, expect, it } from 'vitest';
import { spectralStems } from '../../src/index.js';

describe('Spectral stems', () => {
  it('stand at the nodes, as high as the weights, on a logarithmic axis that shows the smallest weight', () => {
    const panel = spectralStems([{ nodes: Float64Array.of(-1, 0, 3), weights: [0.02, 0.9795, 0.0005] }]);
    expect(panel.marks).toEqual([{ kind: 'stem', x: [-1, 0, 3], y: [0.02, 0.9795, 0.0005], color: 0 }]);
    expect(panel.y.scale).toBe('log');
    expect(panel.y.domain![0]).toBeLessThan(0.0005);
    expect(panel.y.domain![0]).toBeGreaterThanOrEqual(0.00005);
    expect(panel.y.domain![1]).toBeGreaterThan(1);
  });

  it('begin lower than a weight that is itself a power of ten', () => {
    expect(spectralStems([{ nodes: [0], weights: [0.001] }]).y.domain![0]).toBeCloseTo(0.0001, 12);
  });

  it('of several spectra have a colour and a label each', () => {
    const { marks } = spectralStems([
      { label: 'a', nodes: [0], weights: [1] },
      { label: 'b', nodes: [1], weights: [1], color: 'muted' },
    ]);
    expect(marks.map(({ label, color }) => [label, color])).toEqual([
      ['a', 0],
      ['b', 'muted'],
    ]);
  });

  it('are refused where nodes and weights do not pair, or nothing has weight', () => {
    expect(() => spectralStems([{ nodes: [0, 1], weights: [1] }])).toThrow('2 nodes, 1 weights');
    expect(() => spectralStems([{ nodes: [0], weights: [0] }])).toThrow(RangeError);
  });
});
