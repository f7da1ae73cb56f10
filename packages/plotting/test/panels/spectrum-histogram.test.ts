import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { checkFigure, type Mark, type Panel, spectrumHistogram } from '../../src/index.js';
import { draws, marchenkoPastur } from '../gallery/samples.js';
import { figureOf } from '../support.js';

type MarkOf<Kind extends Mark['kind']> = Extract<Mark, { kind: Kind }>;

function marksOf<Kind extends Mark['kind']>(panel: Panel, kind: Kind): MarkOf<Kind>[] {
  return panel.marks.filter((mark): mark is MarkOf<Kind> => mark.kind === kind);
}

function massOf({ edges, heights }: MarkOf<'histogram'>): number {
  return heights.reduce((sum, height, i) => sum + height * (edges[i + 1] - edges[i]), 0);
}

function integral({ x, y }: MarkOf<'line'>): number {
  return x.slice(1).reduce((sum, right, i) => sum + ((right - x[i]) * (y[i] + y[i + 1])) / 2, 0);
}

const random = randomStream(3, 'histogram');
const q = 0.5;
const [a, b] = [(1 - Math.sqrt(q)) ** 2, (1 + Math.sqrt(q)) ** 2];
const law = { label: 'law', density: marchenkoPastur(q) };

describe('the bars of a spectrum histogram', () => {
  it('count the values between the edges, the last bin with both of its edges', () => {
    const [{ heights }] = marksOf(spectrumHistogram([0, 0.5, 1, 1.5, 2, 3], { edges: [0, 1, 2, 3] }), 'histogram');
    expect(heights.map((height) => Math.round(height * 6))).toEqual([2, 2, 2]);
  });

  it('agree with a naive count for uneven edges', () => {
    const values = random.normals(500);
    const edges = [-2, -1, -0.9, 0, 0.3, 2.5];
    const [{ heights }] = marksOf(spectrumHistogram(values, { edges }), 'histogram');
    heights.forEach((height, i) => {
      const count = values.filter((value) => value >= edges[i] && value < edges[i + 1]).length;
      expect(height).toBeCloseTo(count / 500 / (edges[i + 1] - edges[i]), 12);
    });
  });

  it('have mass 1 when they cover all values', () => {
    for (const options of [{}, { bins: 17 }, { logY: true }]) {
      expect(massOf(marksOf(spectrumHistogram(random.normals(1000), options), 'histogram')[0])).toBeCloseTo(1, 12);
    }
  });

  it('are densities of all values also where a range leaves some out, and the legend counts those', () => {
    const values = [...Array.from({ length: 1997 }, (_, i) => i / 1997), -5, 7, 8];
    const [bars] = marksOf(spectrumHistogram(values, { range: [0, 1], bins: 10, label: 'Ritz values' }), 'histogram');
    expect(massOf(bars)).toBeCloseTo(1997 / 2000, 12);
    expect(bars.label).toBe('Ritz values (of 2,000, 1 below and 2 above the range)');
  });

  it('have the width of Freedman and Diaconis by default', () => {
    const values = Array.from({ length: 1001 }, (_, i) => i / 1000);
    // The interquartile range is 1/2, so the width is 1001^(-1/3): 10.003 bins, rounded up; 20 is the least.
    expect(marksOf(spectrumHistogram(values), 'histogram')[0].heights).toHaveLength(20);
    const many = Array.from({ length: 64001 }, (_, i) => i / 64000);
    expect(marksOf(spectrumHistogram(many), 'histogram')[0].heights).toHaveLength(41);
  });

  it('exist for a single value', () => {
    const panel = spectrumHistogram([3, 3, 3]);
    expect(() => checkFigure(figureOf(panel))).not.toThrow();
    expect(massOf(marksOf(panel, 'histogram')[0])).toBeCloseTo(1, 12);
  });
});

describe('the law over a spectrum histogram', () => {
  const values = draws(law.density, [a, b], 1.1, 4000, random.stream('values'));

  it('agrees with the bars of values drawn from it, within five standard deviations of every count', () => {
    const panel = spectrumHistogram(values, { law, bins: 40 });
    const [bars] = marksOf(panel, 'histogram');
    const [curve] = marksOf(panel, 'line');
    bars.heights.slice(1, -1).forEach((height, i) => {
      const [left, right] = [bars.edges[i + 1], bars.edges[i + 2]];
      const inside = curve.x.map((x, j) => [x, curve.y[j]]).filter(([x]) => x >= left && x <= right);
      const mean = inside.reduce((sum, [, y]) => sum + y, 0) / inside.length;
      const deviation = Math.sqrt(mean / ((right - left) * 4000));
      expect(Math.abs(height - mean)).toBeLessThan(5 * deviation);
    });
  });

  it('has mass 1, and edges where the support ends', () => {
    const [curve] = marksOf(spectrumHistogram([...values, 6], { law }), 'line');
    // Chords lie below a concave curve: below sqrt(t) on [h/2, h] they lose 1 % of the mass, and no step next to an edge
    // holds more than 0.5 %. Four such steps on each side bound the loss.
    expect(integral(curve)).toBeLessThan(1);
    expect(integral(curve)).toBeGreaterThan(1 - 8 * 0.01 * 0.005);
    expect(curve.x[0]).toBeCloseTo(a, 9);
    expect(curve.x.at(-1)).toBeCloseTo(b, 9);
    expect(curve.x).toEqual([...curve.x].sort((s, t) => s - t));
  });

  it('comes down to the floor of a log axis at the edges', () => {
    const panel = spectrumHistogram(values, { law, logY: true });
    const [curve] = marksOf(panel, 'line');
    const [floor] = panel.y.domain!;
    expect(curve.y[0]).toBe(floor);
    expect(curve.y.at(-1)).toBe(floor);
    expect(Math.min(...curve.y)).toBe(floor);
    expect(() => checkFigure(figureOf(panel))).not.toThrow();
  });

  it('is a line for each interval of its support, the first one in the legend', () => {
    const two = { label: 'two', density: (x: number) => (Math.abs(Math.abs(x) - 2) < 1 ? 0.25 : 0) };
    const curves = marksOf(spectrumHistogram([-3, 3], { law: two }), 'line');
    expect(curves.map(({ label }) => label)).toEqual(['two', undefined]);
    expect(curves.map((curve) => integral(curve))).toEqual([expect.closeTo(0.5, 6), expect.closeTo(0.5, 6)]);
    expect(new Set(curves.map(({ color }) => color))).toEqual(new Set([1]));
  });

  it('is drawn without the points where it is infinite, and does not flatten the bars', () => {
    const hard = {
      label: 'q = 1',
      density: (x: number) => (x >= 0 && x < 4 ? Math.sqrt((4 - x) / x) / (2 * Math.PI) : 0),
    };
    const panel = spectrumHistogram(draws(hard.density, [1e-3, 4], 6, 500, random.stream('hard')), {
      law: hard,
      range: [0, 4],
    });
    expect(() => checkFigure(figureOf(panel))).not.toThrow();
    const highest = Math.max(...marksOf(panel, 'histogram')[0].heights);
    expect(panel.y.domain![1]).toBeLessThan(1.7 * highest);
  });

  it('shows an atom as the height that it gives to its bin', () => {
    const atom = {
      ...law,
      atoms: [
        { at: 0, mass: 0.25 },
        { at: 9, mass: 0.1 },
      ],
    };
    const edges = [-0.1, 0.1, 1, 3];
    const [stem] = marksOf(spectrumHistogram(values, { law: atom, edges }), 'stem');
    expect(stem.x).toEqual([0]);
    expect(stem.y[0]).toBeCloseTo(0.25 / 0.2, 12);
  });

  it('is refused where its density is negative or not a number', () => {
    for (const value of [-1, Number.NaN]) {
      const bad = { label: 'bad', density: () => value };
      expect(() => spectrumHistogram(values, { law: bad })).toThrow(/density of "bad" must not be negative; found/);
    }
  });
});

describe('spectrumHistogram', () => {
  it('refuses values that are none', () => {
    expect(() => spectrumHistogram([])).toThrow('needs values');
    expect(() => spectrumHistogram([1, Number.NaN])).toThrow('value 1 of the histogram is NaN');
    expect(() => spectrumHistogram([1, 2], { range: [2, 1] })).toThrow('must ascend; found [2, 1]');
    expect(() => spectrumHistogram([1, 2], { bins: 0 })).toThrow('bins must be a positive integer; found 0');
  });
});
